"""What is wrong, or worth knowing, about the boundaries of a release before it is published."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from sectors.models import BoundaryRelease, Sector

# Two sectors of a release may share this much ground, in square metres: the owner of a point in it is still
# exactly one (the lowest number), and coordinates rounded to a centimetre cannot do better.
OVERLAP_TOLERANCE_M2 = 1.0


class Code(StrEnum):
    EMPTY = "empty"
    FOREIGN = "foreign"
    OVERLAP = "overlap"
    GAP = "gap"
    SMALL_GAPS = "small_gaps"
    MISSING = "missing"
    SHARED = "shared"


@dataclass(frozen=True)
class Finding:
    """One thing found: a sentence for people, and what a map or a list needs to show where it is.

    `area_m2` is in square metres on the ellipsoid; `lon` and `lat` are degrees (EPSG:4326) of a point inside.
    """

    code: Code
    sentence: str
    refuses: bool = False
    sectors: tuple[Sector, ...] = ()
    area_m2: float | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Report:
    """Everything found in one release. `gap_count` and `gap_area_m2` are of all gaps, however small."""

    faults: tuple[Finding, ...] = ()
    overlaps: tuple[Finding, ...] = ()
    gaps: tuple[Finding, ...] = ()
    missing: tuple[Finding, ...] = ()
    shared: tuple[Finding, ...] = ()
    gap_count: int = 0
    gap_area_m2: float = 0.0
    small_gaps: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all findings, the ones that refuse publication first."""
        return (*self.faults, *self.overlaps, *self.missing, *self.shared, *self.gaps, *self.small_gaps)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.refuses)

    @property
    def refuses_publication(self) -> bool:
        return bool(self.refusals)


def check_release(release: BoundaryRelease, *, at: datetime.datetime | None = None) -> Report:
    """Check the boundaries of `release` as if it came into force at `at` (now by default).

    Overlaps above `OVERLAP_TOLERANCE_M2` refuse publication (design, section 4), as do an empty draft and a
    sector of another station. Ground that another station has in force at that time too is told, and refuses
    nothing: only the two of them can say whose it is. Gaps are inner holes of the union; those above
    `settings.GAP_REPORT_M2` are listed one by one, largest first.
    """
    drawn = {
        sector.pk: sector
        for sector in Sector.objects.filter(boundaries__release=release).select_related("station")
    }
    if not drawn:
        return Report(faults=(_empty(),), missing=_missing(release, drawn, at))
    gaps = _gap_areas(release)
    large = tuple(_gap(*gap) for gap in gaps if gap[0] > settings.GAP_REPORT_M2)
    return Report(
        faults=_foreign(release, drawn),
        overlaps=_overlaps(release, drawn),
        gaps=large,
        missing=_missing(release, drawn, at),
        shared=_shared(release, drawn, at or timezone.now()),
        gap_count=len(gaps),
        gap_area_m2=sum(area for area, _lon, _lat in gaps),
        small_gaps=_small_gaps([area for area, _lon, _lat in gaps[len(large) :]]),
    )


def area_text(area_m2: float) -> str:
    """Write an area for people: square metres up to a hectare or so, square kilometres above."""
    if area_m2 >= 100_000:
        return gettext("%(area)s km²") % {"area": number_format(area_m2 / 1e6, 2)}
    if area_m2 < 0.001:
        return gettext("less than 0.001 m²")
    decimals = 0 if area_m2 >= 100 else 1 if area_m2 >= 1 else 3
    return gettext("%(area)s m²") % {"area": number_format(area_m2, decimals, force_grouping=True)}


def place_text(lon: float, lat: float) -> str:
    """Write a position for people: latitude, longitude in degrees with six decimals (about 0.1 m)."""
    return gettext("latitude %(lat)s, longitude %(lon)s") % {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}


def _empty() -> Finding:
    sentence = gettext("This draft draws no sector. Draw at least one, or import a boundary file.")
    return Finding(Code.EMPTY, sentence, refuses=True)


def _foreign(release: BoundaryRelease, drawn: dict[int, Sector]) -> tuple[Finding, ...]:
    foreign = [sector for sector in drawn.values() if sector.station_id != release.station_id]
    sentence = gettext(
        "Sector %(sector)s belongs to another station, %(station)s. Take it out of this draft."
    )
    return tuple(
        Finding(
            Code.FOREIGN,
            sentence % {"sector": sector, "station": sector.station},
            refuses=True,
            sectors=(sector,),
        )
        for sector in foreign
    )


# The bounding boxes are compared by the spatial index. Real sectors mostly touch, and the intersection of two
# that touch is a line, without area. Not by ST_Intersects: of two parishes of Denmark, each of them valid, it
# fails with a TopologyException (GEOS 3.11), which ST_Intersection does not.
_OVERLAP_SQL = """
WITH shared AS MATERIALIZED (
    SELECT a.sector_id AS one, b.sector_id AS other,
           ST_CollectionExtract(ST_Intersection(a.area, b.area), 3) AS part
    FROM sectors_boundary a
    JOIN sectors_boundary b
      ON b.release_id = a.release_id AND b.sector_id > a.sector_id AND a.area && b.area
    WHERE a.release_id = %(release)s
), measured AS MATERIALIZED (
    SELECT one, other, part, ST_Area(part::geography) AS area FROM shared WHERE NOT ST_IsEmpty(part)
)
SELECT one, other, area, ST_X(ST_PointOnSurface(part)), ST_Y(ST_PointOnSurface(part))
FROM measured WHERE area > %(tolerance)s ORDER BY area DESC
"""


def _overlaps(release: BoundaryRelease, drawn: dict[int, Sector]) -> tuple[Finding, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAP_SQL, {"release": release.pk, "tolerance": OVERLAP_TOLERANCE_M2})
        rows = cursor.fetchall()
    return tuple(_overlap(drawn[one], drawn[other], *measures) for one, other, *measures in rows)


def _overlap(one: Sector, other: Sector, area_m2: float, lon: float, lat: float) -> Finding:
    one, other = sorted((one, other), key=lambda sector: sector.number)
    sentence = gettext(
        "Sectors %(one)s and %(other)s overlap by %(area)s at %(place)s. "
        "Move the border so that every place belongs to one of them."
    ) % {"one": one, "other": other, "area": area_text(area_m2), "place": place_text(lon, lat)}
    return Finding(
        Code.OVERLAP, sentence, refuses=True, sectors=(one, other), area_m2=area_m2, lon=lon, lat=lat
    )


# As above, against other releases. Their numbers are cheap to compare, so that no area of an old release is.
_SHARED_SQL = """
WITH shared AS MATERIALIZED (
    SELECT a.sector_id AS one, b.sector_id AS other,
           ST_CollectionExtract(ST_Intersection(a.area, b.area), 3) AS part
    FROM sectors_boundary a
    JOIN sectors_boundary b
      ON b.release_id = ANY(%(others)s) AND b.sector_id <> a.sector_id AND a.area && b.area
    WHERE a.release_id = %(release)s
), measured AS MATERIALIZED (
    SELECT one, other, part, ST_Area(part::geography) AS area FROM shared WHERE NOT ST_IsEmpty(part)
)
SELECT one, other, area, ST_X(ST_PointOnSurface(part)), ST_Y(ST_PointOnSurface(part))
FROM measured WHERE area > %(tolerance)s ORDER BY area DESC
"""


def _shared(release: BoundaryRelease, drawn: dict[int, Sector], at: datetime.datetime) -> tuple[Finding, ...]:
    abroad = BoundaryRelease.objects.exclude(station=release.station_id).active_at(at)
    with connection.cursor() as cursor:
        cursor.execute(
            _SHARED_SQL,
            {
                "release": release.pk,
                "others": list(abroad.values_list("pk", flat=True)),
                "tolerance": OVERLAP_TOLERANCE_M2,
            },
        )
        rows = cursor.fetchall()
    others = Sector.objects.select_related("station").in_bulk({other for _one, other, *_measures in rows})
    return tuple(_shared_ground(drawn[one], others[other], *measures) for one, other, *measures in rows)


def _shared_ground(one: Sector, other: Sector, area_m2: float, lon: float, lat: float) -> Finding:
    sentence = gettext(
        "Sector %(sector)s shares %(area)s at %(place)s with sector %(other)s of %(station)s, whose boundaries "
        "are in force. Agree with that station whose ground it is, and move the border."
    ) % {
        "sector": one,
        "area": area_text(area_m2),
        "place": place_text(lon, lat),
        "other": other,
        "station": other.station,
    }
    return Finding(Code.SHARED, sentence, sectors=(one, other), area_m2=area_m2, lon=lon, lat=lat)


# A hole may have an island of another sector in it, which is no part of the gap.
_GAP_SQL = """
WITH whole AS MATERIALIZED (
    SELECT ST_Union(area) AS area FROM sectors_boundary WHERE release_id = %(release)s
), part AS MATERIALIZED (
    SELECT (ST_Dump(area)).geom AS area FROM whole
), hole AS MATERIALIZED (
    SELECT ring.geom AS area FROM part, ST_DumpRings(part.area) AS ring WHERE ring.path[1] > 0
), gap AS MATERIALIZED (
    SELECT COALESCE(
        (SELECT ST_Difference(hole.area, ST_Union(island.area)) FROM part island
         WHERE island.area && hole.area AND ST_CoveredBy(island.area, hole.area)),
        hole.area
    ) AS area FROM hole
)
SELECT ST_Area(area::geography) AS m2, ST_X(ST_PointOnSurface(area)), ST_Y(ST_PointOnSurface(area))
FROM gap ORDER BY m2 DESC
"""


def _gap_areas(release: BoundaryRelease) -> list[tuple[float, float, float]]:
    """Return area (m²), longitude and latitude of every hole that the release's sectors enclose."""
    with connection.cursor() as cursor:
        cursor.execute(_GAP_SQL, {"release": release.pk})
        return cursor.fetchall()


def _gap(area_m2: float, lon: float, lat: float) -> Finding:
    sentence = gettext("A gap of %(area)s between the sectors, at %(place)s, belongs to no sector.")
    return Finding(
        Code.GAP,
        sentence % {"area": area_text(area_m2), "place": place_text(lon, lat)},
        area_m2=area_m2,
        lon=lon,
        lat=lat,
    )


def _small_gaps(areas: list[float]) -> tuple[Finding, ...]:
    if not areas:
        return ()
    sentence = ngettext(
        "%(count)s smaller gap between the sectors, %(area)s.",
        "%(count)s smaller gaps between the sectors, together %(area)s, the largest %(largest)s.",
        len(areas),
    ) % {"count": len(areas), "area": area_text(sum(areas)), "largest": area_text(max(areas))}
    return (Finding(Code.SMALL_GAPS, sentence, area_m2=sum(areas)),)


def _missing(
    release: BoundaryRelease, drawn: dict[int, Sector], at: datetime.datetime | None
) -> tuple[Finding, ...]:
    in_force = Sector.objects.filter(station_id=release.station_id).in_force_at(at or timezone.now())
    sentence = gettext(
        "Sector %(sector)s would disappear: it is in force and this draft does not draw it. "
        "Its appointments stay, but nobody finds its officer any more."
    )
    return tuple(
        Finding(Code.MISSING, sentence % {"sector": sector}, sectors=(sector,))
        for sector in in_force
        if sector.pk not in drawn
    )
