"""Which sectors a page of the overview is about: all that the account may see there, or a part that it chose.

In addresses it is `?where=`: "station:bellahoej", "district:north-east", "sector:vanloese-1"; nothing is all of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from officers.models import StaffRole, User
from overview.keeping import Kept, state
from overview.models import MonthCount
from sectors.models import District, Sector, Station

Place = Station | District | Sector
# More are offered a district at a time.
MOST_SECTORS_OFFERED = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that can be chosen; `depth` 0 is a station, 1 a district, 2 a sector."""

    key: str
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Sectors in force now, with district and station, in their order. `place` is None for all of them.

    `earlier`: sectors of the place that are not drawn any more, of which something was counted: what was done there
    belongs to the place's past. `known`: those of both, by primary key, whose numbers the account sees as they are,
    because it heads them; of the others it gets aggregates alone, as an analyst. `state` is that of
    `overview.keeping`: what is worked out about these sectors is kept under it.
    """

    where: str
    place: Place | None
    sectors: tuple[Sector, ...]
    choices: tuple[Choice, ...]
    known: frozenset[int] = frozenset()
    state: Hashable = None
    earlier: tuple[Sector, ...] = ()

    @property
    def query(self) -> str:
        """Return what leads to the same scope on another page: "?where=…" or nothing."""
        return f"?where={self.where}" if self.where else ""

    @property
    def hides_small(self) -> bool:
        return not all(map(self.knows, (*self.sectors, *self.earlier)))

    def knows(self, sector: Sector) -> bool:
        return sector.pk in self.known

    def others(self, sectors: Iterable[Sector]) -> int:
        """Return how many of the sectors the account does not know."""
        return sum(not self.knows(sector) for sector in sectors)

    @property
    def stations(self) -> tuple[Station, ...]:
        return tuple(dict.fromkeys(sector.station for sector in self.sectors))

    @property
    def districts(self) -> tuple[District, ...]:
        return tuple(dict.fromkeys(sector.district for sector in self.sectors))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose sectors: primary keys of stations and districts, and of single sectors."""

    stations: frozenset[int]
    districts: frozenset[int]
    sectors: frozenset[int] = frozenset()

    def holds(self, sector: Sector) -> bool:
        return (
            sector.station_id in self.stations
            or sector.district_id in self.districts
            or sector.pk in self.sectors
        )

    @property
    def condition(self) -> Q:
        """Return the same as the condition of a query of sectors."""
        return Q(station__in=self.stations) | Q(district__in=self.districts) | Q(pk__in=self.sectors)


def headed(user: User) -> Reach:
    """Return the sectors that the account heads."""
    return Reach(user.standing.stations, user.standing.districts)


def in_figures(user: User) -> Reach:
    """Return the sectors whose figures the account sees: heads and analysts."""
    standing = user.standing
    return Reach(standing.stations | standing.stations_as(StaffRole.Role.ANALYST), standing.districts)


def in_attention(user: User) -> Reach:
    """Return the sectors that the account heads or works in."""
    return Reach(user.standing.stations, user.standing.districts, user.standing.sectors)


def scope_of(user: User, where: str, reach: Reach) -> Scope:
    """Return the sectors of the place `where` within reach. Raises Http404 for any other place.

    One query: the sectors stay with the process while nothing about them changes.
    """
    present, heads = state(), headed(user)
    sectors, earlier, places = _within.get((present, reach), lambda: _sectors_within(present, reach))
    if where and where not in places:
        raise Http404
    place = places.get(where)
    if place is not None:
        sectors, earlier = (
            tuple(sector for sector in some if _lies_in(sector, place)) for some in (sectors, earlier)
        )
    choices = tuple(Choice(key, _name(one), _depth(one)) for key, one in _offered(places, place))
    known = frozenset(sector.pk for sector in (*sectors, *earlier) if heads.holds(sector))
    return Scope(where, place, sectors, choices, known, present, earlier)


Sectors = tuple[Sector, ...]


def _sectors_within(present: Hashable, reach: Reach) -> tuple[Sectors, Sectors, dict[str, Place]]:
    """Return the sectors in force, the earlier ones, and the places of those in force."""
    sectors, earlier = (
        tuple(sector for sector in some if reach.holds(sector)) for some in _all.get(present, _all_sectors)
    )
    return sectors, earlier, dict(_places(sectors))


_within: Kept[tuple[Sectors, Sectors, dict[str, Place]]] = Kept(most=50)
_all: Kept[tuple[Sectors, Sectors]] = Kept(most=2)


def _all_sectors() -> tuple[Sectors, Sectors]:
    """Return the sectors in force, and those no longer drawn of which something was counted. Two queries."""
    in_order = Sector.objects.select_related("station", "district__station").order_by(
        "station__name", "station", "district__name", "district", "number"
    )
    in_force = Sector.objects.in_force_at(timezone.now()).values("pk")
    counted = MonthCount.objects.filter(sector=OuterRef("pk"))
    earlier = in_order.exclude(pk__in=in_force).filter(Exists(counted))
    return tuple(in_order.filter(pk__in=in_force)), tuple(earlier)


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


def _offered(places: dict[str, Place], chosen: Place | None) -> Iterator[tuple[str, Place]]:
    """Yield what the list of choices offers: of many sectors only those of the chosen one's district."""
    are_few = sum(isinstance(place, Sector) for place in places.values()) <= MOST_SECTORS_OFFERED
    district = chosen.district if isinstance(chosen, Sector) else chosen
    for key, place in places.items():
        if are_few or not isinstance(place, Sector) or place.district == district:
            yield key, place


def _lies_in(sector: Sector, place: Place) -> bool:
    return place in (sector, sector.district, sector.station)


def _name(place: Place) -> str:
    return f"{place.number} {place.name}" if isinstance(place, Sector) else place.name


def _depth(place: Place) -> int:
    return 0 if isinstance(place, Station) else 1 if isinstance(place, District) else 2
