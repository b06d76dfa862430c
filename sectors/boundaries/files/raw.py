"""What the readers of the formats hand over, before anybody judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

# A city's sectors are some ten thousand points, the 2,149 parishes of Denmark 85,000. What is above these is
# refused before it is taken apart, so that a hostile or mistaken file costs neither minutes nor gigabytes.
MAX_FILE_BYTES = 128 * 1024 * 1024
MAX_VERTICES = 2_000_000
MAX_FEATURES = 10_000


@dataclass(frozen=True)
class RawFeature:
    """One feature as the file has it. `place` counts from 1; coordinates are in the file's own system."""

    place: int
    properties: Mapping[str, object]
    shape: BaseGeometry | None


@dataclass(frozen=True)
class RawFile:
    """All features, and the EPSG code of the coordinate system that the file declares, if it does."""

    features: list[RawFeature]
    epsg: int | None
