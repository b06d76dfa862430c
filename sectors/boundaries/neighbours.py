"""Which sectors are neighbours: worked out from the map, across district borders too."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy
import shapely
from django.contrib.gis.geos import MultiPolygon

# Sectors this close, in metres, touch: borders digitised apart leave slivers of some centimetres.
TOUCH_METRES = 0.5

# One degree of latitude, in metres, on the sphere that has the Earth's surface.
METRES_PER_DEGREE = 111_195.0


def touching_pairs(areas: Mapping[int, MultiPolygon]) -> list[tuple[int, int]]:
    """Return the pairs of keys, in both directions, whose areas (EPSG:4326) come within `TOUCH_METRES`."""
    keys = numpy.array(list(areas))
    if not len(keys):
        return []
    shapes = in_metres(shapely.from_wkb([bytes(area.wkb) for area in areas.values()]))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCH_METRES)
    apart = one != other
    return list(zip(keys[one[apart]].tolist(), keys[other[apart]].tolist(), strict=True))


def in_metres(shapes: numpy.ndarray) -> numpy.ndarray:
    """Return `shapes` (degrees) in a flat plane whose unit is about a metre.

    All of them share one scale, so that what touched still touches. It is exact in the middle latitude of the
    whole and off by some per cent at the ends of a country: enough to tell half a metre from a street.
    """
    _west, south, _east, north = shapely.total_bounds(shapes)
    scale = numpy.array([METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2)), METRES_PER_DEGREE])
    return shapely.transform(shapes, lambda coordinates: coordinates * scale)
