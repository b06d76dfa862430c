"""How far it is from a point to the borders around it, in metres, without looking at those further away.

The border lines of all areas are laid into a grid of cells. A look-up reads the few cells around the point, which
are mostly empty, and measures the handful of segments that it finds in the plane that touches the earth there.
Plain numbers in plain Python: for a handful, each call into an array or geometry library costs more than all of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import shapely

# Degrees. As small as keeps the number of cells that borders cross near CELLS_CROSSED, so that each holds little.
SMALLEST_CELL, LARGEST_CELL = 0.0005, 0.004
CELLS_CROSSED = 100_000

_EARTH_RADIUS = 6_378_137.0  # metres, WGS 84 semi-major axis
_ECCENTRICITY_SQUARED = 0.006_694_379_990_14
_ROW = 1 << 20  # cells in a row around the earth, and room to spare

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Borders:
    """The border segments of areas (degrees, EPSG:4326), each with the index of its area. Immutable."""

    def __init__(self, areas: npt.NDArray[np.object_]) -> None:
        begins, ends, area = _segments(areas)
        length = float(np.abs(ends - begins).sum())
        self._cell = min(max(length / CELLS_CROSSED, SMALLEST_CELL), LARGEST_CELL)
        self._segments = list(zip(*begins.T.tolist(), *ends.T.tolist(), area.tolist(), strict=True))
        self._crossed = _crossed_cells(begins, ends, self._cell)

    def cell_of(self, lon: float, lat: float) -> int:
        """Return the number of the cell that the point (degrees) lies in."""
        return math.floor(lat / self._cell) * _ROW + math.floor(lon / self._cell)

    def cross(self, cell: int) -> bool:
        """Tell whether a border runs through the cell; if none does, all of the cell has one owner."""
        return cell in self._crossed

    def nearest_in_crack(self, lon: float, lat: float, metres: float) -> int | None:
        """Return the index of the area whose border is nearest, the first of several.

        None where not two areas begin within `metres`: such a point lies outside, not between.
        """
        found = self.distances(lon, lat, metres)
        return min(found, key=lambda area: (found[area], area)) if len(found) > 1 else None

    def distances(self, lon: float, lat: float, metres: float) -> dict[int, float]:
        """Return the distance in metres to each area whose border comes within `metres`, by the area's index."""
        east, north = metres_per_degree(lat)
        closest: dict[int, float] = {}
        for segment in self._around(lon, lat, metres / east, metres / north):
            begin_lon, begin_lat, end_lon, end_lat, area = self._segments[segment]
            x, y = (begin_lon - lon) * east, (begin_lat - lat) * north
            dx, dy = (end_lon - begin_lon) * east, (end_lat - begin_lat) * north
            squared = dx * dx + dy * dy
            along = min(max(-(x * dx + y * dy) / squared, 0.0), 1.0) if squared else 0.0
            distance = math.hypot(x + dx * along, y + dy * along)
            if distance <= min(metres, closest.get(area, math.inf)):
                closest[area] = distance
        return closest

    def _around(self, lon: float, lat: float, reach_lon: float, reach_lat: float) -> Iterator[int]:
        """Yield the segments in the cells that the box of so many degrees around the point touches."""
        cell = self._cell
        for row in range(math.floor((lat - reach_lat) / cell), math.floor((lat + reach_lat) / cell) + 1):
            first = row * _ROW
            for column in range(
                math.floor((lon - reach_lon) / cell), math.floor((lon + reach_lon) / cell) + 1
            ):
                yield from self._crossed.get(first + column, ())


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


def _segments(areas: npt.NDArray[np.object_]) -> tuple[Floats, Floats, Integers]:
    """Return the two ends of every border segment, and the index of the area that it belongs to."""
    parts, area_of_part = shapely.get_parts(areas, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring_of_corner = shapely.get_coordinates(rings, return_index=True)
    joined = ring_of_corner[:-1] == ring_of_corner[1:]
    area = area_of_part[part_of_ring[ring_of_corner[:-1][joined]]]
    return corners[:-1][joined], corners[1:][joined], area.astype(np.int64)


def _crossed_cells(begins: Floats, ends: Floats, size: float) -> dict[int, list[int]]:
    """Return the segments that run through each cell of `size` degrees that any runs through.

    A segment is followed in steps shorter than a cell; a step lies in the two by two cells around its ends.
    """
    steps = np.ceil(np.abs(ends - begins).max(axis=1, initial=0) / size).astype(np.int64).clip(1)
    segment = np.repeat(np.arange(len(steps)), steps)
    step = np.arange(len(segment)) - np.repeat(np.cumsum(steps) - steps, steps)
    along = ((ends - begins) / steps[:, None])[segment]
    here = begins[segment] + along * step[:, None]
    low, high = (
        np.floor(edge(here, here + along) / size).astype(np.int64) for edge in (np.minimum, np.maximum)
    )
    corners = [
        (low[:, 0], low[:, 1]),
        (high[:, 0], low[:, 1]),
        (low[:, 0], high[:, 1]),
        (high[:, 0], high[:, 1]),
    ]
    cells = np.concatenate([row * _ROW + column for column, row in corners])
    crossed: dict[int, list[int]] = {}
    for cell, index in np.unique(np.stack([cells, np.tile(segment, 4)], axis=1), axis=0).tolist():
        crossed.setdefault(cell, []).append(index)
    return crossed
