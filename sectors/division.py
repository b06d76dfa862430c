"""The division in force: which sector a point belongs to, and how far away the next one is.

Answered in the process, without a query. The owner of a point is the sector that covers it. A point on a shared
border is covered by several; it belongs to the one that comes first by station and number, always. A point that
falls into a crack of less than `CRACK_METRES` between the borders of two sectors belongs to the nearest.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from shapely import STRtree

from sectors.borders import Borders
from sectors.models import Boundary, BoundaryRelease, Neighbour, RegisterVersion
from sectors.snapshot import Loaded, Snapshot, Subject

CRACK_METRES = 0.1
# So many cells that no border crosses are remembered with their owner: more than any city has.
CELLS_KEPT = 100_000

_CONTACT = ("slug", "name", "phone", "email")


@dataclass(frozen=True, slots=True)
class PublicStation:
    slug: str
    name: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True, slots=True)
class PublicDistrict:
    slug: str
    name: str
    phone: str
    email: str
    station: PublicStation


@dataclass(frozen=True, slots=True)
class PublicSector:
    """The public facts of a sector in force."""

    id: int
    number: int
    name: str
    slug: str
    district: PublicDistrict

    @property
    def station(self) -> PublicStation:
        return self.district.station


@dataclass(frozen=True, slots=True)
class Near:
    """A sector and how far away it begins, in metres."""

    sector: PublicSector
    distance_m: float


class Division:
    """The sectors of all releases in force at one instant, as a spatial index. Immutable."""

    def __init__(self, drawn: list[tuple[PublicSector, shapely.Geometry, list[int]]]) -> None:
        drawn = sorted(drawn, key=lambda row: (row[0].station.slug, row[0].number))
        # Stands for this division in the keys of caches, which must not keep its geometry alive.
        self.edition = object()
        self.sectors = tuple(sector for sector, _, _ in drawn)
        self.by_slug = {sector.slug: sector for sector in self.sectors}
        self._by_id = {sector.id: sector for sector in self.sectors}
        self._neighbours = {sector.id: others for sector, _, others in drawn}
        self._areas = np.array([area for _, area, _ in drawn], dtype=object)
        shapely.prepare(self._areas)
        self._area_tree = STRtree(self._areas)
        self._borders = Borders(self._areas)
        self._owner_of_cell: dict[int, PublicSector] = {}

    def owner(self, lon: float, lat: float) -> PublicSector | None:
        """Return the one sector that the point (degrees, EPSG:4326) belongs to, or None outside all."""
        cell = self._borders.cell_of(lon, lat)
        owner = self._owner_of_cell.get(cell)
        if owner is None:
            owner = self._owner(lon, lat)
            if owner and not self._borders.cross(cell) and len(self._owner_of_cell) < CELLS_KEPT:
                self._owner_of_cell[cell] = owner
        return owner

    def _owner(self, lon: float, lat: float) -> PublicSector | None:
        point = shapely.points([(lon, lat)])
        covering = [
            index for index in self._area_tree.query(point)[1].tolist() if self._areas[index].covers(point[0])
        ]
        if covering:
            return self.sectors[min(covering)]
        nearest = self._borders.nearest_in_crack(lon, lat, CRACK_METRES)
        return None if nearest is None else self.sectors[nearest]

    def near(self, lon: float, lat: float, metres: float) -> list[Near]:
        """Return the sectors that begin within `metres` of the point, nearest first, its owner left out."""
        distances = self._borders.distances(lon, lat, metres)
        if not distances:
            return []
        owner = self.owner(lon, lat)
        found = [
            Near(self.sectors[index], distance)
            for index, distance in sorted(distances.items(), key=lambda item: (item[1], item[0]))
        ]
        return [near for near in found if near.sector is not owner]

    def neighbours(self, sector: PublicSector) -> tuple[PublicSector, ...]:
        """Return the sectors that touch `sector`, by number."""
        others = (self._by_id[other] for other in self._neighbours[sector.id] if other in self._by_id)
        return tuple(sorted(others, key=lambda other: other.number))

    def outline(self, sector: PublicSector) -> dict[str, Any]:
        """Return the sector's simplified area as a GeoJSON geometry (degrees, EPSG:4326)."""
        return self._outlines[sector.id]

    def label_point(self, sector: PublicSector) -> tuple[float, float]:
        """Return a point (longitude, latitude) inside the sector, for its label."""
        point = self._areas[self.sectors.index(sector)].point_on_surface()
        return point.x, point.y

    @cached_property
    def _outlines(self) -> dict[int, dict[str, Any]]:
        """Simplify all areas together, so that neighbours keep their common border."""
        if not self.sectors:
            return {}
        west, south, east, north = shapely.total_bounds(self._areas)
        tolerance = max(2e-5, max(east - west, north - south) / 5000)
        simplified = shapely.coverage_simplify(self._areas, tolerance)
        # Five decimals are one metre; rounding after simplifying keeps common corners common.
        rounded = shapely.transform(simplified, lambda xy: np.round(xy, 5))
        return {
            sector.id: shapely.geometry.mapping(area)
            for sector, area in zip(self.sectors, rounded, strict=True)
        }


def current() -> Division:
    """Return the division in force now; from this process's copy, without a query, while that is current."""
    return _current.get()


def _load(now: datetime.datetime) -> Loaded[Division]:
    drawn = []
    changes: set[datetime.datetime] = set()
    for row in _boundaries_from(now):
        begins, ends = row["release__period"].lower, row["release__period"].upper
        changes.update(instant for instant in (begins, ends) if instant is not None and instant > now)
        if begins <= now:
            drawn.append((_public_sector(row), shapely.from_wkb(row["area"].wkb.tobytes()), row["touching"]))
    return Loaded(Division(drawn), until=min(changes, default=None))


def _boundaries_from(now: datetime.datetime) -> Any:
    touching = Neighbour.objects.filter(release=OuterRef("release"), sector=OuterRef("sector"))
    return (
        Boundary.objects.filter(release__in=BoundaryRelease.objects.in_force_from(now))
        .annotate(touching=ArraySubquery(touching.values("other")))
        .values(
            "area",
            "touching",
            "release__period",
            "sector_id",
            "sector__number",
            "sector__name",
            "sector__slug",
            *(f"sector__district__{field}" for field in _CONTACT),
            *(f"sector__station__{field}" for field in (*_CONTACT, "address")),
        )
    )


def _public_sector(row: dict[str, Any]) -> PublicSector:
    station = PublicStation(*(row[f"sector__station__{field}"] for field in (*_CONTACT, "address")))
    district = PublicDistrict(
        **{field: row[f"sector__district__{field}"] for field in _CONTACT}, station=station
    )
    return PublicSector(
        row["sector_id"], row["sector__number"], row["sector__name"], row["sector__slug"], district
    )


_current = Snapshot(_load, Subject(RegisterVersion.Subject.DIVISION))
