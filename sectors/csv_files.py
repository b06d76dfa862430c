"""Reading a CSV file that people made: encoding, delimiter and columns are recognised, and said (design, bad input).

Files come out of spreadsheets of many ages and languages, so what can be told from the file is not asked for. What a
file of a kind may hold, and the sentences that refuse another, is its `Layout`.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DELIMITERS = {",": gettext_lazy("comma"), ";": gettext_lazy("semicolon"), "\t": gettext_lazy("tab")}
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")


class CsvFileError(ValueError):
    """The file as a whole cannot be read; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Why a file is refused, said of what it should hold."""

    too_large: Promise
    # With %(most)d, how many there may be.
    too_many: Promise
    nothing_below: Promise
    # With %(all)s, the columns by name; and %(missing)s, if there is more than one that must be there.
    missing: Promise
    # With %(line)d, where.
    unreadable: Promise


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file of a kind may hold.

    `columns`: what each may be called, written in lower case, without spaces, dots and hyphens. Where lines are
    `padded`, cells may be missing or empty ones too many at their ends: some spreadsheets write them so.
    """

    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    most_lines: int
    most_bytes: int
    error: type[CsvFileError]
    sentences: Sentences
    padded: bool = False


@dataclass(frozen=True, slots=True)
class CsvLine:
    """The cells of a line by column; `number` counts from 1, the line of column names included."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file that was read. `ignored` are the columns that nothing is known about."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    lines: tuple[CsvLine, ...]


def read_csv(data: bytes, layout: Layout) -> CsvFile:
    """Return what the file holds. Raises the layout's error when it is no CSV file of that kind."""
    encoding, text = _decoded(data, layout)
    text, delimiter, shift = _delimited(text)
    # csv wants to see line ends as they are; a cell may hold one.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        columns = _columns(header, layout)
        lines = tuple(_lines(reader, columns, shift, layout))
    except csv.Error as error:
        sentence = str(layout.sentences.unreadable)
        raise layout.error(sentence % {"line": reader.line_num + shift}) from error
    if not lines:
        raise layout.error(str(layout.sentences.nothing_below))
    ignored = tuple(name for name, column in zip(header, columns, strict=True) if column is None and name)
    known = tuple(column for column in columns if column is not None)
    return CsvFile(encoding, str(DELIMITERS[delimiter]), known, ignored, lines)


def _decoded(data: bytes, layout: Layout) -> tuple[str, str]:
    """Return the encoding's name, as people know it, and the text."""
    if not data.strip():
        raise layout.error(_("The file is empty."))
    if len(data) > layout.most_bytes:
        raise layout.error(str(layout.sentences.too_large))
    if data.startswith(_ARCHIVES):
        raise layout.error(
            _("This is no CSV file but a spreadsheet, a document or an archive. Save it as CSV first.")
        )
    for encoding, name in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return name, text.removeprefix("\ufeff")
    raise layout.error(_("The file is no text in a known encoding. Save it as CSV in UTF-8."))


def _encodings(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what the file may be written in, the surest first."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield "utf-16", "UTF-16"
    elif data.startswith(codecs.BOM_UTF8):
        yield "utf-8-sig", _("UTF-8 (with a byte order mark)")
    elif data[:200].count(b"\0") > len(data[:200]) // 4:
        yield ("utf-16-le" if data[1:2] == b"\0" else "utf-16-be"), "UTF-16"
    else:
        yield "utf-8", "UTF-8"
        yield "cp1252", "Windows-1252"


def _delimited(text: str) -> tuple[str, str, int]:
    """Return the text from the column names on, what parts its cells, and how many lines stood above.

    A spreadsheet may say in a line of its own what parts the cells.
    """
    first, _newline, rest = text.partition("\n")
    said = first.lower().rstrip("\r ").removeprefix("sep=") if first.lower().startswith("sep=") else ""
    if said in DELIMITERS:
        return rest, said, 1
    return text, max(DELIMITERS, key=first.count), 0


def _columns(header: list[str], layout: Layout) -> list[str | None]:
    """Return which column each name means. Raises the layout's error for one that is missing or there twice."""
    meant = {name: column for column, names in layout.columns.items() for name in names}
    found = [meant.get(name.lower().translate(str.maketrans("", "", " -._"))) for name in header]
    missing = [column for column in layout.required if column not in found]
    if missing:
        named = {"missing": ", ".join(missing), "all": ", ".join(layout.columns)}
        raise layout.error(str(layout.sentences.missing) % named)
    for column in layout.columns:
        if found.count(column) > 1:
            raise layout.error(
                _("Two columns of the file mean “%(column)s”. Remove one of them.") % {"column": column}
            )
    return found


def _lines(
    reader: Iterator[list[str]], columns: list[str | None], shift: int, layout: Layout
) -> Iterator[CsvLine]:
    count = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > layout.most_lines:
            raise layout.error(str(layout.sentences.too_many) % {"most": layout.most_lines})
        number = reader.line_num + shift  # type: ignore[attr-defined]  # csv's reader knows it
        yield _line(number, _padded(cells, len(columns)) if layout.padded else cells, columns)


def _padded(cells: list[str], wanted: int) -> list[str]:
    while len(cells) > wanted and not cells[-1].strip():
        cells = cells[:-1]
    return [*cells, *[""] * (wanted - len(cells))]


def _line(number: int, cells: list[str], columns: list[str | None]) -> CsvLine:
    if len(cells) != len(columns):
        problem = _("The line has %(cells)d cells, the column names are %(columns)d.") % {
            "cells": len(cells),
            "columns": len(columns),
        }
        return CsvLine(number, {}, problem)
    by_column = {
        column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=True) if column
    }
    return CsvLine(number, by_column)
