"""The counts of a scope and a period, summed by sector and by month: two queries, whatever there is."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, QuerySet, Sum

from overview.figures import Period
from overview.figures.places import Part
from overview.models import CountedMonth, Measure, MonthCount
from overview.scope import Scope


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of what (`MonthCount.key`), by the sector's primary key and by month; which months were counted."""

    by_sector: dict[int, Counter[str]]
    by_month: dict[datetime.date, Counter[str]]
    counted: frozenset[datetime.date]

    def of(self, part: Part) -> Counter[str]:
        """Return the sum of a place's sectors."""
        return together(self.by_sector[sector.pk] for sector in part.sectors if sector.pk in self.by_sector)

    def of_month(self, month: datetime.date) -> Counter[str]:
        return self.by_month.get(month, Counter())


# Both sums from one way through the index `monthcount_once`, which holds all of it.
_SUMS = """
SELECT sector_id, month, key, sum(value)::bigint
FROM overview_monthcount
WHERE measure = %s AND sector_id = ANY (%s) AND month BETWEEN %s AND %s
GROUP BY GROUPING SETS ((sector_id, key), (month, key))
"""


def tally(scope: Scope, period: Period, measure: Measure) -> Tally:
    """Return the counts of a measure. Two queries."""
    by_sector: dict[int, Counter[str]] = defaultdict(Counter)
    by_month: dict[datetime.date, Counter[str]] = defaultdict(Counter)
    keys = [sector.pk for sector in scope.sectors]
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [measure.value, keys, period.first, period.last])
        for sector, month, key, number in cursor.fetchall():
            of = by_sector[sector] if month is None else by_month[month]
            of[key] = number
    return Tally(dict(by_sector), dict(by_month), counted_in(period))


def sums_of_sectors(scope: Scope, period: Period, measure: Measure) -> dict[int, Counter[str]]:
    """Return the sums by the sectors' primary keys alone. One query."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    rows = _rows((sector.pk for sector in scope.sectors), period, measure)
    for sector, key, number in rows.values_list("sector", "key").annotate(Sum("value")):
        found[sector][key] = int(number)
    return dict(found)


def together(counters: Iterable[Counter[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for counter in counters:
        found.update(counter)
    return found


def counted_in(period: Period) -> frozenset[datetime.date]:
    """Return the months of the period that were ever counted. One query."""
    months = CountedMonth.objects.filter(month__gte=period.first, month__lte=period.last)
    return frozenset(months.values_list("month", flat=True))


def counted_at(period: Period) -> datetime.datetime | None:
    """Return when a month of the period was counted last; None if none ever was."""
    months = CountedMonth.objects.filter(month__gte=period.first, month__lte=period.last)
    newest: datetime.datetime | None = months.aggregate(newest=Max("counted_at"))["newest"]
    return newest


def _rows(sectors: Iterable[int], period: Period, measure: Measure) -> QuerySet[MonthCount]:
    return MonthCount.objects.filter(
        measure=measure, sector__in=list(sectors), month__gte=period.first, month__lte=period.last
    ).order_by()


def is_ever_counted() -> bool:
    """Return whether anything was ever counted. One query."""
    return CountedMonth.objects.exists()
