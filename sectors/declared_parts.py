"""What an Office Open XML file declares its parts to be (ECMA-376, part 2: [Content_Types].xml)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat


@dataclass(frozen=True, slots=True)
class Declared:
    """`parts`: content type by the part's name, without its first stroke; `kinds`: every type, in small letters."""

    parts: dict[str, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)


def declared_parts(xml: bytes) -> Declared:
    """Return what the file declares. Raises ValueError for XML that is damaged or declares a document type.

    Without a document type there are no entities, so nothing grows and nothing is fetched.
    """
    declared = Declared()

    def begin(name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").strip()
        declared.kinds.add(kind.lower())
        if name.rpartition(" ")[2] == "Override":
            declared.parts[attributes.get("PartName", "").removeprefix("/")] = kind

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError("[Content_Types].xml is damaged.") from error
    return declared


def _refuse(*_declaration: object) -> NoReturn:
    raise ValueError("[Content_Types].xml declares a document type.")
