"""The counts of a scope and a period, summed by sector and by month: two queries, whatever there is.

One more for who heads some of the sectors and gets aggregates alone of the others: the months of both apart.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _

from overview.figures import Period
from overview.figures.places import Part
from overview.figures.small_cells import Amount
from overview.models import CountedMonth, Measure, MonthCount
from overview.scope import Scope
from sectors.models import Sector


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of what (`MonthCount.key`), of the sectors that the account knows and of the others, if any."""

    known: Counter[str] = field(default_factory=Counter)
    others: Counter[str] | None = None

    @classmethod
    def none_of(cls, sectors: Iterable[Sector], scope: Scope) -> Counts:
        """Return the counts of sectors before anything is added."""
        return cls(others=None if all(map(scope.knows, sectors)) else Counter())

    def of(self, *keys: str) -> Amount:
        """Return the sum of some of what was counted."""
        others = None if self.others is None else sum(self.others[key] for key in keys)
        return Amount(sum(self.known[key] for key in keys), others)

    @property
    def all(self) -> Amount:
        return Amount(self.known.total(), None if self.others is None else self.others.total())

    def add(self, counter: Mapping[str, int], *, is_known: bool) -> None:
        if is_known or self.others is None:
            self.known.update(counter)
        else:
            self.others.update(counter)


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of what (`MonthCount.key`), by the sector's primary key and by month; which months were counted."""

    scope: Scope
    by_sector: dict[int, Counter[str]]
    by_month: dict[datetime.date, Counts]
    counted: frozenset[datetime.date]

    def of(self, part: Part) -> Counts:
        """Return the sum of a place's sectors."""
        return self._together(part.sectors)

    def of_month(self, month: datetime.date) -> Counts:
        return self.by_month.get(month) or Counts.none_of(_all_of(self.scope), self.scope)

    def of_all(self) -> Counts:
        return self._together(_all_of(self.scope))

    @property
    def further(self) -> list[Part]:
        """Return what stands beside the places of now: sectors that are no longer drawn, if anything was counted."""
        earlier = tuple(sector for sector in self.scope.earlier if sector.pk in self.by_sector)
        return [Part(_("Sectors no longer drawn"), "", earlier, is_present=False)] if earlier else []

    def _together(self, sectors: Sequence[Sector]) -> Counts:
        counts = Counts.none_of(sectors, self.scope)
        for sector in sectors:
            if sector.pk in self.by_sector:
                counts.add(self.by_sector[sector.pk], is_known=self.scope.knows(sector))
        return counts


def _all_of(scope: Scope) -> Sequence[Sector]:
    return (*scope.sectors, *scope.earlier)


# Both sums from one way through the index `monthcount_once`, which holds all of it.
_SUMS = """
SELECT sector_id, month, key, sum(value)::bigint
FROM overview_monthcount
WHERE measure = %s AND sector_id = ANY (%s) AND month BETWEEN %s AND %s
GROUP BY GROUPING SETS ((sector_id, key), (month, key))
"""


def tally(scope: Scope, period: Period, measure: Measure) -> Tally:
    """Return the counts of a measure. Two queries, three where some of the sectors are known and others are not."""
    by_sector: dict[int, Counter[str]] = defaultdict(Counter)
    by_month: dict[datetime.date, Counts] = defaultdict(lambda: Counts.none_of(_all_of(scope), scope))
    for is_known in (True, False):
        sectors = [sector.pk for sector in _all_of(scope) if scope.knows(sector) is is_known]
        for sector, month, key, number in _sums(sectors, period, measure):
            if sector is not None:
                by_sector[sector][key] = number
            elif month is not None:
                by_month[month].add({key: number}, is_known=is_known)
    return Tally(scope, dict(by_sector), dict(by_month), counted_in(period))


def _sums(
    sectors: list[int], period: Period, measure: Measure
) -> list[tuple[int | None, datetime.date | None, str, int]]:
    """Return sector or month, what and how much. One query; none of no sectors."""
    if not sectors:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [measure.value, sectors, period.first, period.last])
        return cursor.fetchall()


def counts_of_sectors(scope: Scope, period: Period, measure: Measure) -> dict[int, Counts]:
    """Return the sums of each of the scope's sectors, by primary key. One query."""
    found = {sector.pk: Counts.none_of([sector], scope) for sector in scope.sectors}
    rows = _rows(found, period, measure)
    for sector, key, number in rows.values_list("sector", "key").annotate(Sum("value")):
        found[sector].add({key: int(number)}, is_known=sector in scope.known)
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
