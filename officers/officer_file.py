"""Reading a CSV file of officers: encoding, delimiter and columns are recognised, and said (design, bad input).

Files come out of spreadsheets of many ages and languages, so what can be told from the file is not asked for.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# A station's officers are some hundreds.
MOST_LINES = 2_000
MOST_BYTES = 500_000

DELIMITERS = {",": gettext_lazy("comma"), ";": gettext_lazy("semicolon"), "\t": gettext_lazy("tab")}
# What a column may be called, in English and Danish; written in lower case, without spaces, dots and hyphens.
COLUMNS = {
    "name": ("name", "fullname", "navn", "fuldenavn"),
    "title": ("title", "rank", "titel", "stilling", "stillingsbetegnelse"),
    "phone": ("phone", "telephone", "phonenumber", "telefon", "telefonnummer", "tlf", "tlfnr", "mobil"),
    "email": ("email", "mail", "emailaddress", "emailadresse", "mailadresse"),
    "sector": ("sector", "sectornumber", "sectorno", "sektor", "sektornummer", "sektornr"),
    "role": ("role", "rolle", "funktion"),
    "begins": ("from", "begins", "start", "fra", "begynder", "startdato", "fradato"),
}
REQUIRED = ("name", "phone", "email")
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")


class OfficerFileError(ValueError):
    """The file as a whole cannot be read; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """The cells of a line by column; `number` counts from 1, the line of column names included."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OfficerFile:
    """A file that was read. `ignored` are the columns that nothing is known about."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    lines: tuple[FileLine, ...]


def read_officers(data: bytes) -> OfficerFile:
    """Return what the file holds. Raises OfficerFileError when it is no CSV file of officers."""
    encoding, text = _decoded(data)
    text, delimiter = _delimiter(text)
    # csv wants to see line ends as they are; a cell may hold one.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        columns = _columns(header)
        lines = tuple(_lines(reader, columns))
    except csv.Error as error:
        raise OfficerFileError(
            _("Line %(line)d cannot be read: a quotation mark is not closed, or stands inside a cell.")
            % {"line": reader.line_num}
        ) from error
    if not lines:
        raise OfficerFileError(_("The file has a line of column names and nobody below it."))
    ignored = tuple(name for name, column in zip(header, columns, strict=True) if column is None and name)
    known = tuple(column for column in columns if column is not None)
    return OfficerFile(encoding, str(DELIMITERS[delimiter]), known, ignored, lines)


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the encoding's name, as people know it, and the text."""
    if not data.strip():
        raise OfficerFileError(_("The file is empty."))
    if len(data) > MOST_BYTES:
        raise OfficerFileError(_("The file is larger than 500 kB. Import the officers in several files."))
    if data.startswith(_ARCHIVES):
        raise OfficerFileError(
            _("This is no CSV file but a spreadsheet, a document or an archive. Save it as CSV first.")
        )
    for encoding, name in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return name, text.removeprefix("\ufeff")
    raise OfficerFileError(_("The file is no text in a known encoding. Save it as CSV in UTF-8."))


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


def _delimiter(text: str) -> tuple[str, str]:
    """Return the text from the column names on, and what parts them. Excel may say it in a line of its own."""
    first, _newline, rest = text.partition("\n")
    if first.lower().startswith("sep=") and first.strip()[4:] in DELIMITERS:
        return rest, first.strip()[4:]
    if first.lower().rstrip("\r") == "sep=\t":
        return rest, "\t"
    return text, max(DELIMITERS, key=first.count)


def _columns(header: list[str]) -> list[str | None]:
    """Return which column each name means. Raises OfficerFileError for one that is missing or there twice."""
    meant = {name: column for column, names in COLUMNS.items() for name in names}
    found = [meant.get(name.lower().translate(str.maketrans("", "", " -._"))) for name in header]
    missing = [column for column in REQUIRED if column not in found]
    if missing:
        raise OfficerFileError(
            _("These columns are missing: %(missing)s. The first line must name the columns: %(all)s.")
            % {"missing": ", ".join(missing), "all": ", ".join(COLUMNS)}
        )
    for column in COLUMNS:
        if found.count(column) > 1:
            raise OfficerFileError(
                _("Two columns of the file mean “%(column)s”. Remove one of them.") % {"column": column}
            )
    return found


def _lines(reader: Iterator[list[str]], columns: list[str | None]) -> Iterator[FileLine]:
    number = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        if number > MOST_LINES:
            raise OfficerFileError(
                _("The file has more than %(most)d officers. Import them in several files.")
                % {"most": MOST_LINES}
            )
        yield _line(reader.line_num, cells, columns)  # type: ignore[attr-defined]  # csv's reader knows it


def _line(number: int, cells: list[str], columns: list[str | None]) -> FileLine:
    if len(cells) != len(columns):
        problem = _("The line has %(cells)d cells, the column names are %(columns)d.") % {
            "cells": len(cells),
            "columns": len(columns),
        }
        return FileLine(number, {}, problem)
    by_column = {
        column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=True) if column
    }
    return FileLine(number, by_column)
