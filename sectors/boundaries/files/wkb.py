"""Well-known binary, walked before a library takes it apart: the library nests as deep as the blob says."""

from __future__ import annotations

import struct

# Collections of collections, as programs write them, are two or three deep.
MAX_DEPTH = 10

_POINT, _POLYGON = 1, 3
_LINES = {2, 8}
_COLLECTIONS = {4, 5, 6, 7, 9, 10, 11, 12}
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_SMALLEST_GEOMETRY = 9


class TooManyPoints(Exception):
    """A geometry has more points, rings and parts than the caller allows."""


def counted(wkb: bytes, *, limit: int) -> int:
    """Return how many points, rings and parts a geometry has in OGC or EWKB form, with Z and M or without.

    Every count is held against the bytes that are left, so that the walk is no longer than the blob. Raises
    ValueError where the blob is none, or nested deeper than `MAX_DEPTH`, TooManyPoints above `limit`.
    """
    walk = _Walk(wkb, limit)
    waiting = [1]
    while waiting:
        if not waiting[-1]:
            waiting.pop()
            continue
        waiting[-1] -= 1
        parts = walk.geometry()
        if parts:
            waiting.append(parts)
        if len(waiting) > MAX_DEPTH:
            raise ValueError("nested too deep")
    return walk.found


class _Walk:
    """A place in the blob, and what was met before it."""

    def __init__(self, wkb: bytes, limit: int) -> None:
        self.wkb, self.limit = wkb, limit
        self.at = self.found = 0
        self.order = "<"

    def geometry(self) -> int:
        """Pass over one geometry, or over the header of a collection; return how many parts follow that."""
        kind, bytes_per_point = self._header()
        self._meet(1)
        if kind == _POINT:
            self._skip(bytes_per_point)
        elif kind in _LINES:
            self._points(bytes_per_point)
        elif kind == _POLYGON:
            for _ring in range(self._count(4)):
                self._points(bytes_per_point)
        elif kind in _COLLECTIONS:
            return self._count(_SMALLEST_GEOMETRY)
        else:
            raise ValueError("no geometry that is known")
        return 0

    def _header(self) -> tuple[int, int]:
        """Return the kind by its OGC number without Z and M, and the bytes of a point."""
        if self.wkb[self.at : self.at + 1] not in {b"\x00", b"\x01"}:
            raise ValueError("no byte order")
        self.order = "<" if self.wkb[self.at] else ">"
        self.at += 1
        code = self._number()
        if code & _EWKB_SRID:
            self._skip(4)
        iso, kind = divmod(code & 0x1FFFFFFF, 1000)
        if iso > 3:
            raise ValueError("no geometry that is known")
        has_z = bool(code & _EWKB_Z) or iso in {1, 3}
        has_m = bool(code & _EWKB_M) or iso in {2, 3}
        return kind, 8 * (2 + has_z + has_m)

    def _points(self, bytes_per_point: int) -> None:
        count = self._count(bytes_per_point)
        self._meet(count + 1)
        self._skip(count * bytes_per_point)

    def _count(self, bytes_each: int) -> int:
        count = self._number()
        if count * bytes_each > len(self.wkb) - self.at:
            raise ValueError("cut off")
        return count

    def _number(self) -> int:
        self._skip(4)
        return int(struct.unpack_from(f"{self.order}I", self.wkb, self.at - 4)[0])

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self.wkb):
            raise ValueError("cut off")

    def _meet(self, count: int) -> None:
        self.found += count
        if self.found > self.limit:
            raise TooManyPoints
