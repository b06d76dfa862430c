"""Who was responsible at a place at an instant of the past: "who was the officer at this address on that date".

The past is never rewritten (design, section 4), so the answer is the same whenever somebody asks.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils import timezone

from officers.models import User
from officers.rota import Answer, Rotas, Row
from overview.comparing.owners import owners_at
from overview.comparing.redrawing import heads
from overview.gaps.window import day_of, last_touched
from sectors import address_search
from sectors.address_search import AddressMatch
from sectors.lookup import clean_address
from sectors.models import Boundary, BoundaryRelease, Sector

# More choices than these are not read: a house number helps.
CHOICES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the register, or a position; degrees, EPSG:4326. `is_exact`: it is written as it was typed.

    `label` names it in a list of choices, where it may stand for several doors.
    """

    text: str
    lon: float
    lat: float
    is_exact: bool = True
    street: str = ""
    house: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """What held in a sector at an instant. `responsible` is whose appointment it was, present or away.

    `sector_now` is where the place lies today, None where it lies outside all sectors. `officers` are the primary
    keys of everybody who is named.
    """

    at: datetime.datetime
    sector: Sector
    answer: Answer
    responsible: Row | None
    officers: frozenset[int]
    place: Place | None = None
    sector_now: Sector | None = None

    @property
    def last(self) -> datetime.date | None:
        """The last day of whoever was responsible then; None where no end is known."""
        row = self.responsible
        if row is None or row.ends is None:
            return None
        return max(last_touched(row.ends), day_of(row.begins))

    @property
    def has_moved(self) -> bool:
        """The place lies in another sector today, or in none."""
        return self.sector != self.sector_now


def places_of(text: str) -> list[Place]:
    """Return the doors that an address, as a person types it, may mean. Raises InvalidAddress."""
    found = address_search.resolve(clean_address(text))
    return [_place(match) for match in found.matches]


def choices_of(places: Iterable[Place], at: datetime.datetime) -> list[Place]:
    """Return one place for each street and each sector that it lay in then or lies in now, in their order.

    Two queries. A single one is the answer: all that may be meant had the same officer.
    """
    listed = list(places)
    points = [(place.lon, place.lat) for place in listed]
    then, today = owners_at(at, points), owners_at(timezone.now(), points)
    lies = [(one.pk if one else 0, other.pk if other else 0) for one, other in zip(then, today, strict=True)]
    if len(listed) > 1 and len(set(lies)) == 1:
        return [replace(listed[0], text=listed[0].street)]
    rows = sorted(zip(listed, lies, strict=True), key=lambda row: (row[0].street, row[1]))
    groups = (list(group) for _key, group in groupby(rows, key=lambda row: (row[0].street, row[1])))
    return [_together([place for place, _lies in group]) for group in groups]


def recall_place(place: Place, at: datetime.datetime, user: User) -> Recall | None:
    """Return what held at the place, None where no sector was there then, or none of the account's then or now.

    A head reads what lies in the own district or station today, and the past of ground that has come to it since;
    who has lost ground reads how it was. Rights are those of today. Three queries.
    """
    point = [(place.lon, place.lat)]
    (then,), (today,) = owners_at(at, point), owners_at(timezone.now(), point)
    if then is None or not (heads(user, then) or heads(user, today)):
        return None
    return _recall(then, at, place, today)


def recall_sector(sector: Sector, at: datetime.datetime) -> Recall:
    """Return what held in a sector that the account heads. Two queries."""
    return _recall(sector, at, None, sector)


def was_drawn(sector: Sector, at: datetime.datetime) -> bool:
    """Tell whether the division of that instant had the sector."""
    return Boundary.objects.active_at(at).filter(sector=sector).exists()


def first_release(sectors: Iterable[Sector]) -> BoundaryRelease | None:
    """Return the earliest release of the sectors' stations that ever was in force."""
    stations = {sector.station_id for sector in sectors}
    begun = BoundaryRelease.objects.filter(station__in=stations, period__startswith__lte=timezone.now())
    return begun.order_by("period").first()


def _recall(sector: Sector, at: datetime.datetime, place: Place | None, today: Sector | None) -> Recall:
    rota = Rotas.read(at, [sector.pk]).of(sector.pk)
    named = frozenset(row.officer_id for row in rota.rows if row.holds_at(at))
    return Recall(at, sector, rota.answer_at(at), rota.decide(at).responsible, named, place, today)


def _place(match: AddressMatch) -> Place:
    street = f"{match.street}, {match.postcode} {match.city}"
    return Place(match.text, match.lon, match.lat, match.exact, street, match.house)


def _together(places: list[Place]) -> Place:
    """Return the first of some doors of a street, labelled with them all: "Nørrebrogade 1–45, 2200 København N"."""
    houses = sorted((place.house for place in places), key=_order)
    if houses[0] == houses[-1]:
        return replace(places[0], label=places[0].text)
    name, _comma, district = places[0].street.partition(",")
    return replace(places[0], label=f"{name} {houses[0]}–{houses[-1]},{district}")


def _order(house: str) -> tuple[int, str]:
    digits = "".join(letter for letter in house if letter.isdecimal())
    return int(digits or 0), house
