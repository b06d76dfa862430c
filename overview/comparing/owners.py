"""Which sector each of some points belonged to at an instant, without reading the whole country's boundaries.

The rule is that of `sectors.division` and `sectors.ownership`: the sector that covers a point, on a shared border the
first by station and number, in a hairline crack the nearest.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon

from sectors.borders import Borders
from sectors.division import CRACK_METRES
from sectors.models import Boundary, Sector
from sectors.ownership import CRACK_DEGREES


def owners_at(instant: datetime.datetime, points: Sequence[tuple[float, float]]) -> list[Sector | None]:
    """Return the sector of each point (longitude, latitude, EPSG:4326), None outside all. One query.

    Only boundaries around the points are read, by their spatial index.
    """
    if not points:
        return []
    drawn = list(
        Boundary.objects.active_at(instant)
        .filter(area__bboverlaps=_around(points))
        .select_related("sector__station", "sector__district")
        .order_by("sector__station__slug", "sector__number")
    )
    areas = np.array([shapely.from_wkb(bytes(one.area.wkb)) for one in drawn], dtype=object)
    shapely.prepare(areas)
    borders = Borders(areas) if drawn else None
    owners: list[Sector | None] = []
    for lon, lat in points:
        covering = np.flatnonzero(shapely.covers(areas, shapely.Point(lon, lat))).tolist() if drawn else []
        place = covering[0] if covering else None
        if place is None and borders is not None:
            place = borders.nearest_in_crack(lon, lat, CRACK_METRES)
        owners.append(None if place is None else drawn[place].sector)
    return owners


def _around(points: Sequence[tuple[float, float]]) -> Polygon:
    lons, lats = zip(*points, strict=True)
    return Polygon.from_bbox(
        (
            min(lons) - CRACK_DEGREES,
            min(lats) - CRACK_DEGREES,
            max(lons) + CRACK_DEGREES,
            max(lats) + CRACK_DEGREES,
        )
    )
