"""Which property of a feature is the sector's number, its name, its district: known by their usual names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from sectors.boundaries.files.errors import BoundaryFileError
from sectors.boundaries.files.raw import RawFeature

# In the order in which they are believed: a file may have a sector number and an official code beside it. The
# running numbers that programs add by themselves (fid, objectid) are not among them: they change from export to
# export, and sectors are known by their number for ever.
NUMBER_NAMES = (
    "sector", "sektor", "sector_number", "sektornummer", "sectornumber", "sector_no", "sektornr", "nr",
    "number", "nummer", "no", "num", "sector_id", "sektor_id", "code", "kode", "id",
)  # fmt: skip
NAME_NAMES = (
    "name", "navn", "sector_name", "sektornavn", "sectorname", "namn", "label", "title", "sognenavn",
    "kvarter", "neighbourhood", "quarter",
)  # fmt: skip
DISTRICT_NAMES = (
    "district", "distrikt", "local_police", "lokalpoliti", "lokalpolitidistrikt", "district_name",
    "distriktsnavn", "bydel", "borough",
)  # fmt: skip

MAX_NUMBER = 2_147_483_647
MAX_NAME = 150
MAX_DISTRICT = 100


@dataclass(frozen=True)
class FieldNames:
    """Which properties to read, where they have other names than the usual ones. Case does not matter."""

    number: str | None = None
    name: str | None = None
    district: str | None = None


@dataclass(frozen=True)
class Labels:
    """What a feature says about itself; `name` is empty where it has none."""

    number: int
    name: str
    district: str | None


def labels_of(features: list[RawFeature], wanted: FieldNames) -> list[Labels]:
    """Return number, name and district of each feature. Raises BoundaryFileError where there is no number."""
    lowered = [_lowered(feature.properties) for feature in features]
    number = _number_field(lowered, wanted.number)
    name = _text_field(lowered, wanted.name, NAME_NAMES)
    district = _text_field(lowered, wanted.district, DISTRICT_NAMES)
    return [
        Labels(
            _number(properties, number, name, feature.place),
            _text(properties, name, MAX_NAME, feature.place),
            _text(properties, district, MAX_DISTRICT, feature.place) or None,
        )
        for feature, properties in zip(features, lowered, strict=True)
    ]


def _lowered(properties: Mapping[str, object]) -> dict[str, object]:
    return {str(key).strip().lower(): value for key, value in properties.items()}


def _present(lowered: list[dict[str, object]], wanted: str) -> str:
    if any(wanted.lower() in properties for properties in lowered):
        return wanted.lower()
    known = sorted({key for properties in lowered[:100] for key in properties})[:30]
    sentence = gettext("The file has no field “%(field)s”. Its fields are: %(known)s.")
    raise BoundaryFileError(sentence % {"field": wanted, "known": ", ".join(known) or "–"})


def _number_field(lowered: list[dict[str, object]], wanted: str | None) -> str:
    """Return the field to number by: the first usual one in which at least one feature has a whole number."""
    if wanted:
        return _present(lowered, wanted)
    for field in _spellings(NUMBER_NAMES):
        if any(whole_number(properties.get(field)) is not None for properties in lowered):
            return field
    known = sorted({key for properties in lowered[:100] for key in properties})[:30]
    sentence = gettext(
        "No field of the file numbers the sectors. Add one that is called “number”. Its fields are: %(known)s."
    )
    raise BoundaryFileError(sentence % {"known": ", ".join(known) or "–"}, option="--number-field FIELD")


def _spellings(usual: tuple[str, ...]) -> Iterator[str]:
    """Return each name, and as a Shapefile has it, which cuts names after ten letters."""
    for name in usual:
        yield name
        if len(name) > 10:
            yield name[:10]


def _text_field(lowered: list[dict[str, object]], wanted: str | None, usual: tuple[str, ...]) -> str | None:
    if wanted:
        return _present(lowered, wanted)
    return next(
        (field for field in _spellings(usual) if any(properties.get(field) for properties in lowered)),
        None,
    )


def whole_number(value: object) -> int | None:
    """Return `value` as a sector number: 7, 7.0, "7" and "007" are all seven; anything else is None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and 0 <= value <= MAX_NUMBER else None
    text = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,12}(\.0+)?", text):
        return None
    number = int(text.partition(".")[0])
    return number if number <= MAX_NUMBER else None


def _number(properties: dict[str, object], field: str, name_field: str | None, place: int) -> int:
    number = whole_number(properties.get(field))
    if number is not None:
        return number
    sentence = gettext(
        "Feature %(place)s (%(name)s) has no number: its field “%(field)s” is “%(value)s”. "
        "Give it a whole number from 0 up."
    )
    values = {
        "place": place,
        "field": field,
        "name": str(properties.get(name_field or "") or gettext("unnamed"))[:60],
        "value": str(properties.get(field) if properties.get(field) is not None else "")[:60],
    }
    raise BoundaryFileError(sentence % values)


def _text(properties: dict[str, object], field: str | None, longest: int, place: int) -> str:
    """Return a text on one line, without control characters, which no page could show."""
    value = properties.get(field) if field else None
    if value is None or isinstance(value, (dict, list, bytes)):
        return ""
    text = str(value)
    if len(text) > 10 * longest:
        text = text[: 10 * longest]
    kept = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter for letter in text
    )
    tidy = " ".join(kept.split())
    if len(tidy) <= longest:
        return tidy
    sentence = gettext(
        "The field “%(field)s” of feature %(place)s is longer than %(longest)s letters: “%(start)s…”. "
        "Shorten it."
    )
    raise BoundaryFileError(
        sentence % {"field": field, "place": place, "longest": longest, "start": tidy[:40]}
    )
