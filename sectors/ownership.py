"""Which sector many points at once belong to, at one instant: for the address register.

The rule is that of `sectors.division`: the sector that covers a point, on a shared border the first by station
and number, in a hairline crack the nearest. Asked of the database point by point, the same costs ten times as much.
"""

from __future__ import annotations

import datetime

import numpy as np
import numpy.typing as npt
import shapely

from sectors.borders import Borders
from sectors.division import CRACK_METRES
from sectors.models import Boundary

# Wider than a crack in every latitude where people live.
CRACK_DEGREES = 1e-5


class Ownership:
    """The boundaries in force at an instant, read once."""

    def __init__(self, at: datetime.datetime) -> None:
        drawn = Boundary.objects.active_at(at).order_by("sector__station__slug", "sector__number")
        rows = list(drawn.values_list("sector_id", "area"))
        self._sectors = [sector for sector, _ in rows]
        self._areas = np.array([shapely.from_wkb(bytes(area.wkb)) for _, area in rows], dtype=object)
        shapely.prepare(self._areas)
        self._tree = shapely.STRtree(self._areas)
        self._borders = Borders(self._areas)

    def sectors_of(self, positions: list[tuple[float, float]]) -> list[int | None]:
        """Return for each position (longitude, latitude, EPSG:4326) the primary key of its sector, or None."""
        points = np.asarray(shapely.points(np.array(positions, dtype=np.float64).reshape(-1, 2)))
        which, area = self._tree.query(points)
        covered = shapely.covers(self._areas[area], points[which])
        first = np.full(len(points), len(self._sectors))
        np.minimum.at(first, which[covered], area[covered])
        self._fill_cracks(first, points, positions)
        return [self._sectors[place] if place < len(self._sectors) else None for place in first.tolist()]

    def _fill_cracks(
        self,
        first: npt.NDArray[np.int64],
        points: npt.NDArray[np.object_],
        positions: list[tuple[float, float]],
    ) -> None:
        """Give the points that no sector covers, but one begins a hand's breadth away, to the nearest sector."""
        uncovered = np.flatnonzero(first == len(self._sectors))
        close, _area = self._tree.query(points[uncovered], predicate="dwithin", distance=CRACK_DEGREES)
        for place in uncovered[np.unique(close)].tolist():
            lon, lat = positions[place]
            nearest = self._borders.nearest_in_crack(lon, lat, CRACK_METRES)
            if nearest is not None:
                first[place] = nearest
