"""Whether a JPEG can be decoded row by row, told from its markers (ITU-T T.81, annex B) before anything is decoded.

A decoder holds all coefficients of a JPEG that comes in several scans: two bytes for each sample, at full size,
however small the picture is to become.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

BASELINE, EXTENDED, START_OF_SCAN = 0xC0, 0xC1, 0xDA
# Tables for Huffman and arithmetic coding, and JPG, lie among the frames' codes.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Codes that no length follows: they have no place before the first scan.
BARE = frozenset({0x00, 0x01, 0xFF, *range(0xD0, 0xDA)})


def is_one_scan(file: IO[bytes]) -> bool:
    """Return whether one scan holds the whole picture; False for whatever is unusual. Reads the headers alone."""
    file.seek(2)
    components = 0
    for code, segment in _segments(file):
        if code == START_OF_SCAN:
            return bool(segment) and 0 < components == segment[0]
        if code in FRAMES:
            if code not in (BASELINE, EXTENDED) or len(segment) < 6:
                return False
            components = segment[5]
    return False


def scans(file: IO[bytes]) -> int:
    """Return how many scans the file can hold at most: each begins with a marker that coded data never hold."""
    file.seek(0)
    return file.read().count(bytes([0xFF, START_OF_SCAN]))


def _segments(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield code and content of each segment, until one breaks the rules."""
    while len(head := file.read(4)) == 4:
        mark, code, length = struct.unpack(">BBH", head)
        if mark != 0xFF or code in BARE or length < 2:
            return
        yield code, file.read(length - 2)
