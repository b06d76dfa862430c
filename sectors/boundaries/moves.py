"""What a redrawn map changes: which ground, and how many addresses, would pass from one sector to another."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils import timezone

from sectors.models import BoundaryRelease, Sector

# Ground below this many square metres is drawing accuracy, not a change that anybody made.
MOVED_M2 = 1.0


@dataclass(frozen=True)
class Move:
    """Ground that changes hands: None as `from_sector` is new ground, None as `to_sector` ground given up.

    `area_m2` in square metres, `geometry` in degrees (EPSG:4326); `addresses` counts the register's in it.
    """

    from_sector: Sector | None
    to_sector: Sector | None
    area_m2: float
    addresses: int
    geometry: GEOSGeometry

    @property
    def geojson(self) -> dict[str, object]:
        return json.loads(self.geometry.geojson)


def moves(release: BoundaryRelease, *, compared_to: BoundaryRelease | None = None) -> list[Move]:
    """Return what changes hands between `compared_to` (the release in force by default) and `release`.

    Largest area first; pieces below `MOVED_M2` in all are left out. Where nothing is in force yet, everything
    is new ground.
    """
    before = (
        compared_to
        or BoundaryRelease.objects.filter(station=release.station_id).active_at(timezone.now()).first()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVES_SQL,
            {"before": before.pk if before else None, "after": release.pk, "least": MOVED_M2},
        )
        rows = cursor.fetchall()
    sectors = Sector.objects.select_related("district").in_bulk(
        {pk for row in rows for pk in row[:2] if pk is not None}
    )
    return [
        Move(sectors.get(one), sectors.get(other), area, addresses, GEOSGeometry(memoryview(shape)))
        for one, other, area, addresses, shape in rows
    ]


# A sector drawn alike in both releases can only exchange ground with one that is not; what has not changed at
# all is told by its bytes, before any geometry is computed. Addresses are counted by their spatial index.
_MOVES_SQL = """
WITH old AS MATERIALIZED (
    SELECT sector_id, area FROM sectors_boundary WHERE release_id = %(before)s
), new AS MATERIALIZED (
    SELECT sector_id, area FROM sectors_boundary WHERE release_id = %(after)s
), same AS MATERIALIZED (
    SELECT sector_id FROM old JOIN new USING (sector_id) WHERE old.area::bytea = new.area::bytea
), changed_old AS MATERIALIZED (
    SELECT * FROM old WHERE sector_id NOT IN (SELECT sector_id FROM same)
), changed_new AS MATERIALIZED (
    SELECT * FROM new WHERE sector_id NOT IN (SELECT sector_id FROM same)
), piece AS MATERIALIZED (
    SELECT o.sector_id AS one, n.sector_id AS other,
           ST_CollectionExtract(ST_Intersection(o.area, n.area), 3) AS area
    FROM changed_old o JOIN changed_new n ON o.sector_id <> n.sector_id AND o.area && n.area
    UNION ALL
    SELECT o.sector_id, NULL, ST_CollectionExtract(COALESCE(ST_Difference(o.area, (
        SELECT ST_Union(new.area) FROM new WHERE new.area && o.area)), o.area), 3)
    FROM changed_old o
    UNION ALL
    SELECT NULL, n.sector_id, ST_CollectionExtract(COALESCE(ST_Difference(n.area, (
        SELECT ST_Union(old.area) FROM old WHERE old.area && n.area)), n.area), 3)
    FROM changed_new n
), moved AS MATERIALIZED (
    SELECT one, other, area, ST_Area(area::geography) AS m2 FROM piece WHERE NOT ST_IsEmpty(area)
)
SELECT one, other, m2,
       (SELECT count(*) FROM sectors_address WHERE ST_Covers(moved.area, sectors_address.location)),
       area::bytea
FROM moved WHERE m2 >= %(least)s ORDER BY m2 DESC
"""
