"""How many officers sectors have and had, against how many they are to have."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count
from django.utils import timezone

from officers.models import Assignment
from sectors.models import ManningBasis, Sector
from sectors.models.manning import LEAST_OFFICERS

# A day's number is that of its middle: who hands over in the morning is not counted twice.
NOON = datetime.time(12)


class Step(NamedTuple):
    """From this day on, so many officers were to be there, and so many were."""

    day: datetime.date
    required: int
    actual: int


def actual(sectors: Iterable[Sector], day: datetime.date) -> dict[int, int]:
    """Return how many officers are appointed to each sector on a day, responsible and attached. One query.

    Officers who are away are counted: they belong to the sector.
    """
    keys = [sector.pk for sector in sectors]
    present = Assignment.objects.active_at(_noon(day)).filter(sector__in=keys).order_by()
    counted = present.values_list("sector").annotate(officers=Count("officer", distinct=True))
    return dict.fromkeys(keys, 0) | dict(counted)


def history(sector: Sector, since: datetime.date, until: datetime.date | None = None) -> list[Step]:
    """Return the days from `since` to `until` (today) on which a number changed, with both. Two queries."""
    end = until or timezone.localdate()
    required, changes = _required(sector, end), _changes(sector, since, end)
    days = sorted({since, *(day for day in (*required, *changes) if since < day <= end)})
    return list(_steps(days, required, changes))


def _steps(
    days: list[datetime.date], required: dict[datetime.date, int], changes: Counter[datetime.date]
) -> Iterator[Step]:
    """Yield a step for each day on which a number differs from the day before."""
    before: Step | None = None
    for day in days:
        to_be = next(
            (number for begins, number in reversed(required.items()) if begins <= day), LEAST_OFFICERS
        )
        there = sum(change for changed, change in changes.items() if changed <= day)
        if before is None or (to_be, there) != before[1:]:
            before = Step(day, to_be, there)
            yield before


def _required(sector: Sector, end: datetime.date) -> dict[datetime.date, int]:
    decided = ManningBasis.objects.filter(sector=sector, holds_from__lte=end).exclude(required=None)
    numbers = decided.order_by("holds_from").values_list("holds_from", "required")
    return {day: number or LEAST_OFFICERS for day, number in numbers}


def _changes(sector: Sector, since: datetime.date, end: datetime.date) -> Counter[datetime.date]:
    """Return by how much the number of officers changes on a day; who was there before counts as come on `since`."""
    period = DateTimeTZRange(_noon(since), _noon(end), "[]")
    changes: Counter[datetime.date] = Counter()
    for term in Assignment.objects.overlapping(period).filter(sector=sector).values_list("period", flat=True):
        changes[max(since, _first_noon(term.lower))] += 1
        if term.upper is not None:
            changes[max(since, _first_noon(term.upper))] -= 1
    return changes


def _first_noon(instant: datetime.datetime) -> datetime.date:
    """Return the first day whose noon is at or after the instant."""
    local = timezone.localtime(instant)
    return local.date() + datetime.timedelta(days=local.time() > NOON)


def _noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, NOON, timezone.get_current_timezone())
