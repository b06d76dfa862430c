"""Which sectors a page of the overview is about: all that the account may see there, or a part that it chose.

In addresses it is `?where=`: "station:bellahoej", "district:north-east", "sector:vanloese-1"; nothing is all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from officers.models import StaffRole, User
from sectors.models import District, Sector, Station

Place = Station | District | Sector


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that can be chosen; `depth` 0 is a station, 1 a district, 2 a sector."""

    key: str
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Sectors in force now, with district and station, in their order. `place` is None for all of them.

    `hides_small`: some of them are seen by right of an analyst, who gets aggregates alone.
    """

    where: str
    place: Place | None
    sectors: tuple[Sector, ...]
    choices: tuple[Choice, ...]
    hides_small: bool = False

    @property
    def query(self) -> str:
        """Return what leads to the same scope on another page: "?where=…" or nothing."""
        return f"?where={self.where}" if self.where else ""

    @property
    def stations(self) -> tuple[Station, ...]:
        return tuple(dict.fromkeys(sector.station for sector in self.sectors))

    @property
    def districts(self) -> tuple[District, ...]:
        return tuple(dict.fromkeys(sector.district for sector in self.sectors))


def headed(user: User) -> Q:
    """Return the condition of the sectors that the account heads."""
    standing = user.standing
    return Q(station__in=standing.stations) | Q(district__in=standing.districts)


def in_figures(user: User) -> Q:
    """Return the condition of the sectors whose figures the account sees: heads and analysts."""
    return headed(user) | Q(station__in=user.standing.stations_as(StaffRole.Role.ANALYST))


def in_attention(user: User) -> Q:
    """Return the condition of the sectors that the account heads or works in."""
    return headed(user) | Q(pk__in=user.standing.sectors)


def scope_of(user: User, where: str, condition: Q) -> Scope:
    """Return the sectors of the place `where` that meet the condition. Raises Http404 for any other place.

    One query.
    """
    seen = (
        Sector.objects.in_force_at(timezone.now())
        .filter(condition)
        .select_related("station", "district__station")
    )
    sectors = tuple(seen.order_by("station__name", "station", "district__name", "district", "number"))
    places = dict(_places(sectors))
    if where and where not in places:
        raise Http404
    place = places.get(where)
    chosen = tuple(sector for sector in sectors if place is None or _lies_in(sector, place))
    choices = tuple(Choice(key, _name(one), _depth(one)) for key, one in places.items())
    return Scope(where, place, chosen, choices, _hides_small(user, chosen))


def key_of(place: Place) -> str:
    """Return how a place is written in addresses."""
    if isinstance(place, District):
        return f"district:{place.station.slug}:{place.slug}"
    return f"{'station' if isinstance(place, Station) else 'sector'}:{place.slug}"


def _places(sectors: tuple[Sector, ...]) -> Iterator[tuple[str, Place]]:
    """Yield stations, their districts, their sectors, as a list of choices has them."""
    station: Station | None = None
    district: District | None = None
    for sector in sectors:
        if sector.station != station:
            station, district = sector.station, None
            yield key_of(station), station
        if sector.district != district:
            district = sector.district
            yield key_of(district), district
        yield key_of(sector), sector


def _lies_in(sector: Sector, place: Place) -> bool:
    return place in (sector, sector.district, sector.station)


def _name(place: Place) -> str:
    return f"{place.number} {place.name}" if isinstance(place, Sector) else place.name


def _depth(place: Place) -> int:
    return 0 if isinstance(place, Station) else 1 if isinstance(place, District) else 2


def _hides_small(user: User, sectors: tuple[Sector, ...]) -> bool:
    standing = user.standing
    return not all(
        one.station_id in standing.stations or one.district_id in standing.districts for one in sectors
    )
