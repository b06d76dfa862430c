"""Read address files as a stream: CSV in its many forms, and GeoJSON, in memory that does not grow with the file.

Every record is yielded with its position, also one that cannot be read: it carries the reason instead.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from sectors.address_register.columns import FIELDS, Columns, recognise
from sectors.address_register.errors import AddressFileError

DELIMITERS = ",;\t|"
# No address needs a longer line: what is longer is skipped without being kept in memory.
LINE_BYTES = 65_536
# A quoted field may hold line breaks, but a quote that is never closed must not swallow the file.
RECORD_LINES = 10
HEAD_BYTES = 65_536


class Read(NamedTuple):
    """One record as it stands in the file: its fields in the order of `FIELDS`, or why it cannot be read.

    `line` counts from 1, as an editor does; in GeoJSON it is the number of the feature. `content` is what the
    report shows.
    """

    line: int
    fields: tuple[str, ...] | None
    reason: str
    content: object


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says about the file: field → column, EPSG code of the coordinates, encoding."""

    mapping: Mapping[str, str]
    srid: int | None = None
    encoding: str = "utf-8"


class AddressFile:
    """An address file of a known kind. `position` is how many bytes of `size` have been read."""

    def __init__(self, stream: BinaryIO, size: int, options: Options) -> None:
        self._stream = stream
        self.size = size
        self.position = 0
        self.options = options

    @property
    def columns(self) -> Columns:
        raise NotImplementedError

    def records(self) -> Iterator[Read]:
        """Yield the records. Raises AddressFileError where the file as a whole cannot be read any further."""
        raise NotImplementedError

    def close(self) -> None:
        self._stream.close()


def open_addresses(path: Path, options: Options) -> AddressFile:
    """Open a CSV or GeoJSON file, told apart by its content. Raises AddressFileError. The caller closes it."""
    from sectors.address_register.geojson import GeoJSONFile, GeoJSONLines

    try:
        stream = path.open("rb")
    except OSError as error:
        raise AddressFileError(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror}
        ) from None
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    size = path.stat().st_size
    try:
        _refuse_unsuitable(head)
        if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
            kind = GeoJSONLines if _is_one_a_line(head) else GeoJSONFile
            return kind(stream, size, options)
        return CSVFile(stream, size, options)
    except BaseException:
        stream.close()
        raise


def _refuse_unsuitable(head: bytes) -> None:
    if not head.strip():
        raise AddressFileError(_("The file is empty."))
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise AddressFileError(_("The file is compressed or a spreadsheet. Unpack it, or save it as CSV."))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise AddressFileError(_("The file is in UTF-16. Save it as UTF-8."))
    if b"\0" in head.partition(b"\n")[0]:
        raise AddressFileError(_("The file is not text: it holds NUL characters. Save it as CSV or GeoJSON."))


def _is_one_a_line(head: bytes) -> bool:
    first, newline, rest = head.strip().partition(b"\n")
    return bool(newline) and first.rstrip().endswith(b"}") and rest.lstrip()[:1] == b"{"


class CSVFile(AddressFile):
    """Fields parted by comma, semicolon, tab or bar, with a line of column names first."""

    def __init__(self, stream: BinaryIO, size: int, options: Options) -> None:
        super().__init__(stream, size, options)
        _refuse_encoding(options.encoding)
        self._line = 0
        self._pushed_back: list[tuple[int, bytes]] = []
        _number, header = self._next_line()
        if len(header) > LINE_BYTES:
            raise AddressFileError(
                _("The first line is not a line of column names: it is longer than 64 kB.")
            )
        text = self._decoded(1, header.removeprefix(b"\xef\xbb\xbf")).rstrip("\r\n")
        self._delimiter = max(DELIMITERS, key=text.count)
        found = [column.strip() for column in self._split(text)]
        self._width = len(found)
        self._columns = recognise(found, options.mapping, srid=options.srid)
        places = [
            found.index(self._columns.names[field]) if field in self._columns.names else -1
            for field in FIELDS
        ]
        # A field that the file has no column for is taken from an empty one behind the last.
        self._places = [place if place >= 0 else self._width for place in places]

    @property
    def columns(self) -> Columns:
        return self._columns

    def records(self) -> Iterator[Read]:
        while True:
            line, raw = self._next_line()
            if not raw:
                return
            if len(raw) > LINE_BYTES:
                self._skip_line(raw)
                yield Read(line, None, "The line is longer than 64 kB.", self._shown(raw))
            elif raw.strip():
                yield self._read(line, raw)

    def _next_line(self) -> tuple[int, bytes]:
        if self._pushed_back:
            return self._pushed_back.pop()
        raw = self._stream.readline(LINE_BYTES + 1)
        self.position += len(raw)
        self._line += 1
        return self._line, raw

    def _skip_line(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._stream.readline(LINE_BYTES)
            self.position += len(raw)

    def _read(self, line: int, raw: bytes) -> Read:
        text = self._decoded(line, raw)
        if text.count('"') % 2:
            closed = self._closed(text)
            if closed is None:
                return Read(line, None, "A quotation mark is not closed.", text.rstrip("\r\n"))
            text = closed
        values = self._split(text.rstrip("\r\n"))
        if len(values) != self._width:
            reason = f"The line has {len(values)} fields, the column names are {self._width}."
            return Read(line, None, reason, text.rstrip("\r\n"))
        values.append("")
        return Read(line, tuple(values[place] for place in self._places), "", text)

    def _closed(self, text: str) -> str | None:
        """Return the text with the lines up to its closing quote; None, and no line taken, where there is none."""
        taken: list[tuple[int, bytes]] = []
        while len(taken) < RECORD_LINES:
            line, raw = self._next_line()
            taken.append((line, raw))
            if not raw or len(raw) > LINE_BYTES:
                break
            text += self._decoded(line, raw)
            if text.count('"') % 2 == 0:
                return text
        self._pushed_back.extend(reversed(taken))
        return None

    def _split(self, text: str) -> list[str]:
        if '"' not in text:
            return text.split(self._delimiter)
        try:
            return next(csv.reader([text], delimiter=self._delimiter))
        except (csv.Error, StopIteration):
            return []

    def _decoded(self, line: int, raw: bytes) -> str:
        try:
            return raw.decode(self.options.encoding)
        except UnicodeDecodeError:
            raise AddressFileError(
                _(
                    "Line %(line)s is not in %(encoding)s. Save the file as UTF-8, or name its encoding, "
                    "for example --encoding iso-8859-1."
                )
                % {"line": line, "encoding": self.options.encoding.upper()}
            ) from None

    def _shown(self, raw: bytes) -> str:
        return raw[:500].decode(self.options.encoding, "replace")


def _refuse_encoding(name: str) -> None:
    """Lines are told apart before they are decoded, so ASCII characters must stand for themselves."""
    try:
        is_suitable = ('\r\n"' + DELIMITERS).encode(name).decode("ascii") == '\r\n"' + DELIMITERS
        is_suitable = is_suitable and not re.match(r"utf.?(7|16|32)", name, re.IGNORECASE)
    except (LookupError, UnicodeError):
        is_suitable = False
    if not is_suitable:
        raise AddressFileError(
            _("The encoding “%(name)s” is not known here. Save the file as UTF-8.") % {"name": name[:40]}
        )
