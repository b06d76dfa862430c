"""Which entries somebody wants to see: of which sectors, and what they are narrowed to.

Everything but the period is a mark in the index of words (migration 0005), "form 3" or "sector 5 w2953": any of them
together are one question to one index.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sectorlog.entries.places import METRES_IN_DEGREE
from sectorlog.entries.search import Search
from sectors.models import Sector

# Meshes of the grids in degrees, east and north; migration 0005 counts in the same ones.
CELL, AREA = (0.004, 0.0025), (0.02, 0.0125)
# Up to so many metres the fine grid is asked, beyond the coarse one: a few cells either way.
FINE_UP_TO = 300
# Spans of time that the index knows, in seconds since 1970.
SPANS = {"w": 7 * 86_400, "m": 28 * 86_400, "y": 364 * 86_400}
# More sectors of a station than these are looked for in the station's spans.
MOST_BY_THEMSELVES = 12


@dataclass(frozen=True, slots=True)
class Scope:
    """Sectors to look in: `areas` have spans of time in the index, `within` narrows them to sectors where needed."""

    sectors: tuple[int, ...]
    areas: tuple[str, ...]
    within: tuple[str, ...] = ()

    @classmethod
    def of(cls, sectors: Sequence[Sector], stations: Iterable[int] = ()) -> Scope:
        """Return the scope of the sectors. Of `stations` they are all there are."""
        whole = set(stations)
        of_station: dict[int, list[int]] = {}
        for sector in sectors:
            of_station.setdefault(sector.station_id, []).append(sector.pk)
        areas, within = [], []
        for station, keys in of_station.items():
            own = [f"sector {key}" for key in keys]
            areas += [f"station {station}"] if len(keys) > MOST_BY_THEMSELVES else own
            within += [f"station {station}"] if station in whole else own
        every = tuple(sector.pk for sector in sectors)
        return cls(every, tuple(areas), () if set(within) == set(areas) else tuple(within))

    def spans(self, kind: str, first: datetime.datetime, last: datetime.datetime) -> str:
        """Return the condition to lie in the areas' spans from that of `first` to that of `last`."""
        numbers = range(span_of(kind, first), span_of(kind, last) + 1)
        marks = [f"{area} {kind}{number}" for area in self.areas for number in numbers]
        return all_of(any_of(marks), any_of(self.within))

    def everything(self) -> str:
        return any_of(self.within or self.areas)


@dataclass(frozen=True, slots=True)
class Around:
    """So many metres around a point; degrees of EPSG:4326."""

    lon: float
    lat: float
    metres: int

    def cells(self) -> list[str]:
        """Return the marks of the cells of the grid that it touches."""
        name, (wide, high) = ("cell", CELL) if self.metres <= FINE_UP_TO else ("area", AREA)
        north = self.metres / METRES_IN_DEGREE
        east = north / max(math.cos(math.radians(self.lat)), 0.01)
        columns = range(math.floor((self.lon - east) / wide), math.floor((self.lon + east) / wide) + 1)
        rows = range(math.floor((self.lat - north) / high), math.floor((self.lat + north) / high) + 1)
        return [f"{name} {column} {row}" for column in columns for row in rows]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the entries are narrowed to: a period, marks, of each tuple at least one, a place, words."""

    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    marks: tuple[tuple[str, ...], ...] = ()
    around: Around | None = None
    search: Search = field(default_factory=Search)

    def query(self) -> str:
        """Return the condition as PostgreSQL's tsquery; empty where only the period counts."""
        cells = any_of(self.around.cells()) if self.around else ""
        return all_of(f"({self.search.query})" if self.search else "", *map(any_of, self.marks), cells)


def span_of(kind: str, instant: datetime.datetime) -> int:
    return math.floor(instant.timestamp() / SPANS[kind])


def begin_of(kind: str, number: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(0, datetime.UTC) + datetime.timedelta(seconds=number * SPANS[kind])


def quoted(mark: str) -> str:
    return f"'{mark}'"


def any_of(marks: Iterable[str]) -> str:
    condition = " | ".join(map(quoted, marks))
    return f"({condition})" if condition else ""


def all_of(*conditions: str) -> str:
    return " & ".join(condition for condition in conditions if condition)
