"""A round of visits: who is due, in the order to walk to them from where one is."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from sectorlog.visits.due import SOON_DAYS, Visit, due_visits
from sectorlog.visits.marking import tried_in_vain
from sectorlog.visits.walking_order import MOST_PLACES, Position, metres_between, walking_order
from sectors.models import Sector


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of the round. `metres` from the one before it, in a straight line."""

    number: int
    visit: Visit
    metres: float
    tried_at: datetime.datetime | None

    @property
    def street(self) -> str:
        """Return the address without the town, where one is already."""
        return self.visit.party.address.partition(",")[0]

    @property
    def kilometres(self) -> float:
        return self.metres / 1000


@dataclass(frozen=True, slots=True)
class Round:
    """`nowhere`: due, but without a place on the map. `further`: as many lie beyond the nearest forty."""

    stops: tuple[Stop, ...]
    nowhere: tuple[Stop, ...]
    further: int

    @property
    def metres(self) -> float:
        return sum(stop.metres for stop in self.stops)

    @property
    def kilometres(self) -> float:
        return self.metres / 1000

    @property
    def visits(self) -> list[Visit]:
        return [stop.visit for stop in (*self.stops, *self.nowhere)]


def visit_round(sectors: Sequence[Sector], start: Position | None, *, with_soon: bool = True) -> Round:
    """Return the round through the sectors from `start` (longitude, latitude in degrees), else from the longest due.

    Who was looked for today stays in it, said so. Two queries.
    """
    due = due_visits(sectors, within_days=SOON_DAYS if with_soon else 0)
    tried = tried_in_vain((visit.party for visit in due), sectors, days=1)
    placed = [visit for visit in due if visit.party.place is not None]
    begin = start or (_position(placed[0]) if placed else (0.0, 0.0))
    nearest = sorted(placed, key=lambda visit: metres_between(begin, _position(visit)))[:MOST_PLACES]
    order = walking_order(begin, [_position(visit) for visit in nearest])
    stops, here = [], begin
    for number, index in enumerate(order, start=1):
        visit = nearest[index]
        metres = metres_between(here, _position(visit))
        stops.append(Stop(number, visit, metres, tried.get(visit.party.uuid)))
        here = _position(visit)
    nowhere = [Stop(0, visit, 0.0, tried.get(visit.party.uuid)) for visit in due if visit.party.place is None]
    return Round(tuple(stops), tuple(nowhere), len(placed) - len(nearest))


def _position(visit: Visit) -> Position:
    place = visit.party.place
    if place is None:
        raise ValueError("The party has no place.")
    return place.x, place.y
