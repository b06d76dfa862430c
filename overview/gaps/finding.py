"""Finding what is lacking, today and on the days to come.

All rows of the window are read at once, in a number of queries that does not grow with the sectors; then each sector
is swept over the instants at which something changes, not day by day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language

from officers.models import User
from overview.gaps import DAYS_AHEAD, Gap, GapKind, away, handing_over, presence, too_few, unreachable, vacant
from overview.gaps.lack import Lack, Look, in_days
from overview.gaps.reading import Facts, read
from overview.gaps.window import Days, Window
from overview.gaps.wording import when
from overview.keeping import Kept, quarter_of_an_hour
from overview.scope import Scope

IN_SECTORS = (vacant, away, unreachable, too_few, handing_over)
GRAVITY = {kind: place for place, kind in enumerate(GapKind)}
WEEK = 7


class Found(NamedTuple):
    """A gap, and the primary keys of the officers whom its sentence names: the read log has them."""

    gap: Gap
    officers: tuple[int, ...] = ()


def find_gaps(scope: Scope, user: User, first: datetime.date, days: int = DAYS_AHEAD + 1) -> list[Gap]:
    """Return what is lacking in the scope from the day `first` on: this week's first, of a week the gravest first.

    The acts are those that `user` may do. At most ten queries.
    """
    return [found.gap for found in find(scope, user, first, days)]


def find(scope: Scope, user: User, first: datetime.date, days: int = DAYS_AHEAD + 1) -> list[Found]:
    """Return the same with the officers who are named.

    What was found stays at hand while nothing has changed, a quarter of an hour at most: what was lacking this
    morning only is over then.
    """
    places = tuple(sector.pk for sector in scope.sectors)
    quarter = quarter_of_an_hour(timezone.now())
    key = (scope.state, places, user.pk, user.standing, quarter, first, days, get_language())
    return list(_found.get(key, lambda: _find(scope, user, first, days)))


def _find(scope: Scope, user: User, first: datetime.date, days: int) -> list[Found]:
    window = Window.of(first, days, timezone.now())
    found = [one for facts in read(scope.sectors, window) for one in in_sector(facts, window, user)]
    found += [Found(gap) for gap in presence.gaps(scope.sectors, window)]
    return sorted(found, key=lambda one: urgency(one.gap, first))


_found: Kept[list[Found]] = Kept(most=50)


def in_sector(facts: Facts, window: Window, user: User) -> Iterator[Found]:
    """Yield what is lacking in one sector."""
    look = Look.at(facts, window, user)
    lacks = [lack for module in IN_SECTORS for lack in module.lacks(look)]
    for lack, days in in_days(lacks, window):
        yield Found(_gap(facts, window, lack, days), lack.officers)


def urgency(gap: Gap, first: datetime.date) -> tuple[int, int, datetime.date, str, int]:
    """Return where the gap stands in the list: by weeks from the day `first` on, in a week the gravest first."""
    number = gap.sector.number if gap.sector else 0
    return (gap.first - first).days // WEEK, GRAVITY[GapKind(gap.kind)], gap.first, gap.station.name, number


def _gap(facts: Facts, window: Window, lack: Lack, days: Days) -> Gap:
    return Gap(
        lack.kind,
        facts.sector.station,
        facts.sector,
        days.first,
        days.last,
        lack.say(when(days, window.today)),
        lack.act.name,
        lack.act.url,
        days.goes_on,
    )
