"""How far it is from a point to the borders around it, in metres, without looking at those further away.

The border lines of all areas are cut into a grid of cells. A look-up reads the one to four cells around the point,
which are mostly empty, and measures the few segments that it finds in the plane that touches the earth there.
Plain arithmetic on arrays: at this size a call into a geometry library costs more than the measuring.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import numpy.typing as npt
import shapely

CELL = 0.004  # degrees: some hundred metres, many times the distances that are asked for

_EARTH_RADIUS = 6_378_137.0  # metres, WGS 84 semi-major axis
_ECCENTRICITY_SQUARED = 0.006_694_379_990_14
_ROW = 1 << 20  # cells in a row around the earth, and room to spare

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Borders:
    """The border segments of areas (degrees, EPSG:4326), each with the index of its area. Immutable."""

    def __init__(self, areas: npt.NDArray[np.object_]) -> None:
        self._begins, self._ends, self._area = _segments(areas)
        cells, segments = _crossed_cells(self._begins, self._ends)
        crossed, first = np.unique(cells, return_index=True)
        # Without any border, the split of nothing is still one piece.
        self._crossed = dict(zip(crossed.tolist(), np.split(segments, first[1:]), strict=False))

    def cross(self, cell: int) -> bool:
        """Tell whether a border runs through the cell; if none does, all of the cell has one owner."""
        return cell in self._crossed

    def nearest(self, lon: float, lat: float, metres: float) -> int | None:
        """Return the index of the area whose border is nearest, the first of several; None beyond `metres`."""
        found = self.distances(lon, lat, metres)
        return min(found, key=lambda area: (found[area], area), default=None)

    def distances(self, lon: float, lat: float, metres: float) -> dict[int, float]:
        """Return the distance in metres to each area whose border comes within `metres`, by the area's index."""
        east, north = metres_per_degree(lat)
        found = self._segments_around(lon, lat, metres / east, metres / north)
        if not len(found):
            return {}
        scale = np.array([east, north])
        begins = (self._begins[found] - (lon, lat)) * scale
        along = (self._ends[found] - self._begins[found]) * scale
        lengths = np.maximum((along**2).sum(axis=1), 1e-12)
        nearest = np.clip(-(begins * along).sum(axis=1) / lengths, 0, 1)
        distances = np.hypot(*(begins + along * nearest[:, None]).T)
        within = distances <= metres
        closest: dict[int, float] = {}
        for area, distance in zip(
            self._area[found[within]].tolist(), distances[within].tolist(), strict=True
        ):
            closest[area] = min(distance, closest.get(area, math.inf))
        return closest

    def _segments_around(self, lon: float, lat: float, reach_lon: float, reach_lat: float) -> Integers:
        """Return the segments in the cells that the box of so many degrees around the point touches."""
        columns = range(math.floor((lon - reach_lon) / CELL), math.floor((lon + reach_lon) / CELL) + 1)
        rows = range(math.floor((lat - reach_lat) / CELL), math.floor((lat + reach_lat) / CELL) + 1)
        found = []
        for column, row in product(columns, rows):
            segments = self._crossed.get(row * _ROW + column)
            if segments is not None:
                found.append(segments)
        return np.concatenate(found) if found else _NONE


def cell_of(lon: float, lat: float) -> int:
    """Return the number of the cell that the point (degrees) lies in."""
    return math.floor(lat / CELL) * _ROW + math.floor(lon / CELL)


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Return the length of a degree of longitude and of latitude at `lat` on the WGS 84 ellipsoid, in metres."""
    curvature = 1 - _ECCENTRICITY_SQUARED * math.sin(math.radians(lat)) ** 2
    prime_vertical = _EARTH_RADIUS / math.sqrt(curvature)
    meridional = prime_vertical * (1 - _ECCENTRICITY_SQUARED) / curvature
    return (
        # Near the poles a metre is many degrees. No station lies there, and a look-up must not go around the earth.
        math.radians(prime_vertical) * max(math.cos(math.radians(lat)), 0.01),
        math.radians(meridional),
    )


_NONE: Integers = np.array([], dtype=np.int64)


def _segments(areas: npt.NDArray[np.object_]) -> tuple[Floats, Floats, Integers]:
    """Return the two ends of every border segment, and the index of the area that it belongs to."""
    parts, area_of_part = shapely.get_parts(areas, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring_of_corner = shapely.get_coordinates(rings, return_index=True)
    joined = ring_of_corner[:-1] == ring_of_corner[1:]
    area = area_of_part[part_of_ring[ring_of_corner[:-1][joined]]]
    return corners[:-1][joined], corners[1:][joined], area.astype(np.int64)


def _crossed_cells(begins: Floats, ends: Floats) -> tuple[Integers, Integers]:
    """Return the pairs of a cell and a segment that runs through it, ordered by cell.

    A segment is followed in steps shorter than a cell; a step lies in the two by two cells around its ends.
    """
    steps = np.ceil(np.abs(ends - begins).max(axis=1, initial=0) / CELL).astype(np.int64).clip(1)
    segment = np.repeat(np.arange(len(steps)), steps)
    step = np.arange(len(segment)) - np.repeat(np.cumsum(steps) - steps, steps)
    along = ((ends - begins) / steps[:, None])[segment]
    here = begins[segment] + along * step[:, None]
    low, high = (
        np.floor(edge(here, here + along) / CELL).astype(np.int64) for edge in (np.minimum, np.maximum)
    )
    corners = [
        (low[:, 0], low[:, 1]),
        (high[:, 0], low[:, 1]),
        (low[:, 0], high[:, 1]),
        (high[:, 0], high[:, 1]),
    ]
    cells = np.concatenate([row * _ROW + column for column, row in corners])
    pairs = np.unique(np.stack([cells, np.tile(segment, 4)], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]
