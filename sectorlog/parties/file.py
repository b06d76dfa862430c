"""Reading a CSV file of parties: encoding, delimiter and columns are recognised, and said (design, bad input)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_LINES = 5_000
MOST_BYTES = 2_000_000

DELIMITERS = {",": gettext_lazy("comma"), ";": gettext_lazy("semicolon"), "\t": gettext_lazy("tab")}
# What a column may be called, in English and Danish; written in lower case, without spaces, dots and hyphens.
COLUMNS = {
    "name": ("name", "party", "navn", "aktør", "virksomhed", "forening"),
    "kind": ("kind", "type", "art", "slags"),
    "address": ("address", "adresse", "vej"),
    "contact": ("contact", "contactname", "contactperson", "kontakt", "kontaktperson", "kontaktnavn"),
    "role": ("role", "title", "rolle", "funktion", "titel", "stilling"),
    "phone": ("telephone", "phone", "phonenumber", "telefon", "telefonnummer", "tlf", "tlfnr", "mobil"),
    "email": ("email", "mail", "emailaddress", "emailadresse", "mailadresse"),
    "interval": ("interval", "intervaldays", "days", "intervaldage", "dage", "besøgsinterval"),
}
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")
_ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}


class PartyFileError(ValueError):
    """The file as a whole cannot be read; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class PartyLine:
    """The cells of a line by column; `number` counts from 1, the line of column names included."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PartyFile:
    """A file that was read. `ignored` are the columns that nothing is known about."""

    encoding: str
    delimiter: str
    ignored: tuple[str, ...]
    lines: tuple[PartyLine, ...]


def read_parties(data: bytes) -> PartyFile:
    """Return what the file holds. Raises PartyFileError when it is no CSV file of parties."""
    encoding, text = _decoded(data)
    first, _newline, rest = text.partition("\n")
    # A spreadsheet may say in a line of its own what parts the cells.
    said = first.lower().rstrip("\r ").removeprefix("sep=") if first.lower().startswith("sep=") else ""
    delimiter = said if said in DELIMITERS else max(DELIMITERS, key=first.count)
    # csv wants to see line ends as they are; a cell may hold one.
    lines = io.StringIO(rest if said else text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    shift = 1 if said else 0
    try:
        header = [cell.strip() for cell in next(reader, [])]
        columns = _columns(header)
        found = tuple(_lines(reader, columns, shift))
    except csv.Error as error:
        raise PartyFileError(
            _("Line %(line)d cannot be read: a quotation mark is not closed, or a cell is far too long.")
            % {"line": reader.line_num + shift}
        ) from error
    if not found:
        raise PartyFileError(_("The file has a line of column names and no party below it."))
    ignored = tuple(name for name, column in zip(header, columns, strict=True) if column is None and name)
    return PartyFile(encoding, str(DELIMITERS[delimiter]), ignored, found)


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the encoding's name, as people know it, and the text."""
    if not data.strip():
        raise PartyFileError(_("The file is empty."))
    if len(data) > MOST_BYTES:
        raise PartyFileError(_("The file is larger than 2 MB. Import the parties in several files."))
    if data.startswith(_ARCHIVES):
        raise PartyFileError(
            _("This is no CSV file but a spreadsheet, a document or an archive. Save it as CSV first.")
        )
    has_mark = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = {"utf-16": "UTF-16"} if has_mark else _ENCODINGS
    for encoding, name in encodings.items():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return name, text
    raise PartyFileError(_("The file is no text in a known encoding. Save it as CSV in UTF-8."))


def _columns(header: list[str]) -> list[str | None]:
    """Return which column each name means. Raises PartyFileError for one that is missing or there twice."""
    meant = {name: column for column, names in COLUMNS.items() for name in names}
    found = [meant.get(name.lower().translate(str.maketrans("", "", " -._"))) for name in header]
    if "name" not in found:
        raise PartyFileError(
            _("There is no column “name”. The first line must name the columns: %(all)s.")
            % {"all": ", ".join(COLUMNS)}
        )
    for column in COLUMNS:
        if found.count(column) > 1:
            raise PartyFileError(
                _("Two columns of the file mean “%(column)s”. Remove one of them.") % {"column": column}
            )
    return found


def _lines(reader: Iterator[list[str]], columns: list[str | None], shift: int) -> Iterator[PartyLine]:
    count = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_LINES:
            raise PartyFileError(
                _("The file has more than %(most)d lines. Import the parties in several files.")
                % {"most": MOST_LINES}
            )
        number = reader.line_num + shift  # type: ignore[attr-defined]  # csv's reader knows it
        yield _line(number, cells, columns)


def _line(number: int, cells: list[str], columns: list[str | None]) -> PartyLine:
    # Spreadsheets leave out empty cells at the end, or add some.
    while len(cells) > len(columns) and not cells[-1].strip():
        cells = cells[:-1]
    cells = [*cells, *[""] * (len(columns) - len(cells))]
    if len(cells) > len(columns):
        problem = _("The line has %(cells)d cells, the column names are %(columns)d.") % {
            "cells": len(cells),
            "columns": len(columns),
        }
        return PartyLine(number, {}, problem)
    by_column = {
        column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=True) if column
    }
    return PartyLine(number, by_column)
