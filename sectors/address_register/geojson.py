"""Address records in GeoJSON: a FeatureCollection, or one feature a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson
import numpy as np
import orjson
from django.utils.translation import gettext as _

from sectors.address_register.columns import FIELDS, WGS84, Columns, recognise
from sectors.address_register.errors import AddressFileError
from sectors.address_register.files import HEAD_BYTES, LINE_BYTES, AddressFile, Options, Read

# One feature is small. What is larger, or nested deeper, was made to exhaust memory or time.
FEATURE_BYTES = 4_000_000
NESTING = 500

_DECLARED_CRS = re.compile(rb'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]{1,100})"')
_EPSG = re.compile(r"EPSG:{1,2}(?:[\d.]*:)?(\d{4,6})$", re.IGNORECASE)


class GeoJSONFile(AddressFile):
    """A FeatureCollection, read feature by feature."""

    def __init__(self, stream: BinaryIO, size: int, options: Options) -> None:
        super().__init__(stream, size, options)
        self._srid = options.srid or _declared_srid(stream)
        self._recognised: dict[tuple[str, ...], Columns] = {}

    @property
    def columns(self) -> Columns:
        return next(iter(self._recognised.values()), Columns({}, self._srid))

    def records(self) -> Iterator[Read]:
        guarded = _Guarded(self._stream)
        try:
            for number, feature in enumerate(ijson.items(guarded, "features.item", use_float=True), start=1):
                guarded.begin_feature()
                self.position = guarded.position
                yield self._read(number, feature)
        except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
            raise _not_json(str(error)) from None
        self.position = self.size

    def _read(self, number: int, feature: Any) -> Read:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        point = _point(feature.get("geometry")) if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            return Read(number, None, "The feature has no properties.", feature)
        columns = self._columns_of(tuple(properties))
        by_columns = "longitude" in self.options.mapping and "latitude" in self.options.mapping
        if point is None and not by_columns:
            return Read(number, None, "The feature is no point with two coordinates.", feature)
        fields = [_text(properties.get(columns.names.get(field, ""))) for field in FIELDS]
        if point is not None and not by_columns:
            fields[-2:] = point
        return Read(number, tuple(fields), "", feature)

    def _columns_of(self, found: tuple[str, ...]) -> Columns:
        """Features of one file may have different properties: each set of them is looked at once."""
        columns = self._recognised.get(found)
        if columns is None:
            first = not self._recognised
            try:
                has_points = "longitude" not in self.options.mapping
                columns = recognise(list(found), self.options.mapping, srid=self._srid, has_points=has_points)
            except AddressFileError:
                if first:
                    raise
                columns = Columns({}, self._srid)
            if len(self._recognised) < 1000:
                self._recognised[found] = columns
        return columns


class GeoJSONLines(GeoJSONFile):
    """One feature a line, as OpenAddresses publishes them."""

    def records(self) -> Iterator[Read]:
        number = 0
        while raw := self._stream.readline(LINE_BYTES + 1):
            number += 1
            self.position += len(raw)
            if len(raw) > LINE_BYTES:
                yield Read(
                    number, None, "The line is longer than 64 kB.", raw[:500].decode("utf-8", "replace")
                )
                while raw and not raw.endswith(b"\n"):
                    raw = self._stream.readline(LINE_BYTES)
                    self.position += len(raw)
            elif raw.strip(b"\x1e \t\r\n"):
                yield self._read_line(number, raw.strip(b"\x1e \t\r\n"))

    def _read_line(self, number: int, raw: bytes) -> Read:
        try:
            return self._read(number, orjson.loads(raw.removeprefix(b"\xef\xbb\xbf")))
        except orjson.JSONDecodeError:
            return Read(number, None, "The line is no JSON.", raw[:500].decode("utf-8", "replace"))


class _Guarded:
    """The file as the parser reads it: stops at a feature that is too large or nested too deep."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._depth = 0
        self._feature_at = 0
        self.position = 0

    def begin_feature(self) -> None:
        self._feature_at = self.position

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        if self.position == 0:
            part = part.removeprefix(b"\xef\xbb\xbf")
        self.position += len(part)
        if self._deepest(part) > NESTING or self.position - self._feature_at > FEATURE_BYTES:
            raise AddressFileError(
                _("Near byte %(position)s stands something too large or too deeply nested for an address.")
                % {"position": self.position}
            )
        return part

    def _deepest(self, part: bytes) -> int:
        """Follow how deep the file is nested; brackets within texts count too, which no address notices."""
        codes = np.frombuffer(part, dtype=np.uint8)
        opened = (codes == ord("[")) | (codes == ord("{"))
        closed = (codes == ord("]")) | (codes == ord("}"))
        depths = self._depth + np.cumsum(opened.astype(np.int64) - closed)
        if len(depths):
            self._depth = int(depths[-1])
        return int(depths.max(initial=0))


def _declared_srid(stream: BinaryIO) -> int:
    """Return the EPSG code of a "crs" member (GeoJSON before 2016); 4326 where there is none."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    declared = _DECLARED_CRS.search(head)
    name = declared[1].decode("ascii", "replace") if declared else "EPSG:4326"
    code = _EPSG.search(name)
    if code:
        return int(code[1])
    if name.upper().endswith("CRS84"):
        return WGS84
    raise AddressFileError(
        _("The file declares a coordinate system that is not known here: %(name)s. Name it with --crs EPSG:…")
        % {"name": name}
    )


def _not_json(reason: str) -> AddressFileError:
    return AddressFileError(
        _("The file is not complete GeoJSON; perhaps it was cut off. (%(reason)s)")
        % {"reason": reason.strip().partition("\n")[0][:200]}
    )


def _point(geometry: Any) -> tuple[str, str] | None:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or len(coordinates) not in (2, 3, 4):
        return None
    x, y = coordinates[:2]
    return _text(x), _text(y)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return ""
