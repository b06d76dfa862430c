"""Pages of the time line, each as quick among ten million entries as among ten thousand.

Without anything to narrow it to, a page is the next rows of an index in order. Else the newest entries are looked at
one by one; where they hold too few, the index of words is asked for the last two weeks, then twelve, then two years,
then all: what is frequent stops early, what is rare the index finds. Where what was found so far tells that less than
the next of these holds the rest of the page, only that is asked. None of it sorts more than a span's hits.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from django.db import connection, transaction
from django.db.utils import OperationalError
from psycopg.errors import QueryCanceled

from sectorlog.entries.filters import SPANS, Filters, Scope, all_of, begin_of, span_of

# How many of the newest are looked at one by one, and how many more where they promise enough.
WALK, LONGER_WALK, PROMISING = 200, 1000, 5
# Kind of span, and how many of them before the present one.
WIDENING = (("w", 1), ("m", 2), ("y", 1))
# A guess is made from at least so many hits, for half as many again as are missing; once more if it was wrong.
TELLING, ROOM, GUESSES = 4, 1.5, 2
# Of more spans than these, the next wider ones are as quick.
MOST_GUESSED = {"w": 6, "m": 13, "y": 4}
# A question that takes longer is given up, in milliseconds.
PATIENCE = 8000

SETTINGS = """
SELECT set_config('statement_timeout', %s, true), set_config('jit', 'off', true),
    set_config('enable_seqscan', 'off', true)
"""
IN_ORDER = " ORDER BY happened_at DESC, id DESC LIMIT %s"
OF_SECTOR = "SELECT id, happened_at, place FROM sectorlog_logentry WHERE sector_id = %s"
NEAR = "ST_DWithin(place::geography, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, %s)"


class Place(NamedTuple):
    """Where a page ends: instant and number of its last entry."""

    at: datetime.datetime
    number: int


class TooSlow(Exception):
    """The database did not find the entries in time."""


@dataclass(frozen=True, slots=True)
class Page:
    """Numbers of entries, the newest first, and where the next page begins; None after the last one."""

    numbers: list[int]
    following: Place | None


def page(scope: Scope, filters: Filters, size: int, after: Place | None = None) -> Page:
    """Return the newest entries, or those that follow the place `after`. Raises TooSlow."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SETTINGS, [str(PATIENCE)])
            ends = [place for place in (after, filters.until and Place(filters.until, 0)) if place]
            finding = _Finding(cursor, scope, filters, size + 1, min(ends, default=None))
            rows = finding.rows() if scope.sectors else []
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow from error
        raise
    return Page([row.number for row in rows[:size]], rows[size - 1] if len(rows) > size else None)


@dataclass
class _Finding:
    """One search for the rows of a page. `upper` moves back in time as far as has been looked."""

    cursor: Any
    scope: Scope
    filters: Filters
    wanted: int
    upper: Place | None
    found: list[Place] = field(default_factory=list)
    # The newest entry that was looked at.
    newest: Place | None = None

    def rows(self) -> list[Place]:
        if not (query := self.filters.query()):
            return [row for row, _fits in self._walked(self.wanted)]
        if not self._has_walked(WALK, query):
            return self.found
        if PROMISING <= len(self.found) < self.wanted and not self._has_walked(LONGER_WALK, query):
            return self.found
        for condition, lower in self._windows():
            if len(self.found) >= self.wanted:
                break
            self._look_up(all_of(query, condition), lower)
        return self.found[: self.wanted]

    def _has_walked(self, rows: int, query: str) -> bool:
        """Look at the next rows one by one; tell whether there may be more after them."""
        walked = self._walked(rows, query)
        self.found += [row for row, fits in walked if fits]
        if walked:
            self.newest = self.newest or walked[0][0]
            self.upper = walked[-1][0]
        return len(walked) == rows

    def _walked(self, rows: int, query: str = "") -> list[tuple[Place, bool]]:
        bounds, values = self._bounds("happened_at", "id")
        # With an order and a limit of its own, each is read from its index only as far as it is needed.
        sectors = " UNION ALL ".join(f"({OF_SECTOR}{bounds}{IN_ORDER})" for _sector in self.scope.sectors)
        statement = f"SELECT id, happened_at, place FROM ({sectors}) entry{IN_ORDER}"  # noqa: S608  # own names
        parameters: list[Any] = [one for sector in self.scope.sectors for one in (sector, *values, rows)]
        parameters.append(rows)
        if query:
            near, where = self._near()
            statement = (
                f"SELECT id, entry.happened_at, document @@ %s::tsquery{near} FROM ({statement}) entry"  # noqa: S608  # own names
                " JOIN sectorlog_entrysearch ON entry_id = id ORDER BY entry.happened_at DESC, id DESC"
            )
            parameters = [query, *where, *parameters]
        self.cursor.execute(statement, parameters)
        return [(Place(at, number), fits is True) for number, at, fits in self.cursor.fetchall()]

    def _windows(self) -> Iterator[tuple[str, datetime.datetime | None]]:
        """Yield conditions for longer and longer spans, and since when each holds."""
        for kind, before in WIDENING:
            first: int | None = span_of(kind, self._latest) - before
            for _guess in range(1 + GUESSES):
                if first is None:
                    break
                lower = begin_of(kind, first)
                yield self.scope.spans(kind, lower, self._latest), lower
                if self.filters.since and lower <= self.filters.since:
                    return
                first = self._guessed(kind)
        yield self.scope.everything(), None

    @property
    def _latest(self) -> datetime.datetime:
        """The latest instant that has not been looked at."""
        # There is one: the newest entries have been walked over. Before number 0 there is none of its instant.
        at, number = cast("Place", self.upper)
        return at if number else at - datetime.datetime.resolution

    def _guessed(self, kind: str) -> int | None:
        """Return the span since which the rest of the page lies, as it looks; None if that is hard to say."""
        if len(self.found) < TELLING:
            return None
        looked_at = (cast("Place", self.newest).at - self._latest).total_seconds()
        seconds = ROOM * looked_at * (self.wanted / len(self.found) - 1)
        if seconds > MOST_GUESSED[kind] * SPANS[kind]:
            return None
        return span_of(kind, self._latest - datetime.timedelta(seconds=seconds))

    def _look_up(self, query: str, lower: datetime.datetime | None) -> None:
        """Add what the index finds since `lower`."""
        bounds, values = self._bounds("found.happened_at", "entry_id", lower)
        near, where = self._near()
        entry = " JOIN sectorlog_logentry entry ON entry.id = entry_id" if near else ""
        self.cursor.execute(
            f"SELECT entry_id, found.happened_at FROM sectorlog_entrysearch found{entry}"  # noqa: S608  # own names
            f" WHERE document @@ %s::tsquery{bounds}{near}"
            " ORDER BY found.happened_at DESC, entry_id DESC LIMIT %s",
            [query, *values, *where, self.wanted - len(self.found)],
        )
        self.found += [Place(at, number) for number, at in self.cursor.fetchall()]
        if lower:
            # Before every entry of that instant: no number is below zero.
            self.upper = Place(lower, 0)

    def _bounds(self, at: str, number: str, lower: datetime.datetime | None = None) -> tuple[str, list[Any]]:
        condition, values = "", list[Any]()
        if self.upper:
            condition += f" AND ({at}, {number}) < (%s, %s)"
            values += self.upper
        if since := max(filter(None, (self.filters.since, lower)), default=None):
            condition += f" AND {at} >= %s"
            values.append(since)
        return condition, values

    def _near(self) -> tuple[str, list[Any]]:
        around = self.filters.around
        return (f" AND {NEAR}", [around.lon, around.lat, around.metres]) if around else ("", [])
