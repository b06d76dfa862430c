"""Periods of whole months, as they stand in addresses: "3", "12", "24" months back, "2026-q3", "2026"."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from overview.figures import Period

MONTHS_BACK = (3, 12, 24)
DEFAULT = "12"
# Before this year no police kept such a log.
FIRST_YEAR = 2000
# As many quarters and years are offered; older ones can be asked for in the address.
QUARTERS_OFFERED, YEARS_OFFERED = 4, 3
_WRITTEN = re.compile(r"(?P<year>[0-9]{4})(?:-q(?P<quarter>[1-4]))?")


class UnknownPeriod(ValueError):
    """What was asked for is no period, or has not begun."""


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    key: str
    name: str


def period_of(text: str, today: datetime.date) -> Period:
    """Return the period that is written so; nothing is twelve months. A period that runs ends with this month.

    Raises UnknownPeriod.
    """
    this_month = first_of(today)
    text = text or DEFAULT
    if text in map(str, MONTHS_BACK):
        return Period(moved(this_month, 1 - int(text)), this_month)
    written = _WRITTEN.fullmatch(text)
    if written is None or int(written["year"]) < FIRST_YEAR:
        raise UnknownPeriod(text)
    year, quarter = int(written["year"]), int(written["quarter"] or 0)
    first = datetime.date(year, 3 * quarter - 2 if quarter else 1, 1)
    if first > today:
        raise UnknownPeriod(text)
    return Period(first, min(moved(first, 2 if quarter else 11), this_month))


def period_or_usual(text: str, today: datetime.date) -> tuple[str, Period, bool]:
    """Return how the period is written, the period, and whether it is one; else the usual one stands there."""
    try:
        return text or DEFAULT, period_of(text, today), True
    except UnknownPeriod:
        return DEFAULT, period_of(DEFAULT, today), False


def choices(today: datetime.date) -> list[PeriodChoice]:
    """Return the periods that are offered, the running ones first."""
    back = [
        PeriodChoice(str(months), _("The last %(months)d months") % {"months": months})
        for months in MONTHS_BACK
    ]
    running = datetime.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    begins = [moved(running, -3 * quarters) for quarters in range(QUARTERS_OFFERED)]
    quarters = [
        PeriodChoice(
            f"{day.year}-q{(day.month + 2) // 3}",
            _("Q%(quarter)d %(year)d") % {"quarter": (day.month + 2) // 3, "year": day.year},
        )
        for day in begins
    ]
    years = [PeriodChoice(str(today.year - back), str(today.year - back)) for back in range(YEARS_OFFERED)]
    return [*back, *quarters, *years]


def choices_with(key: str, period: Period, today: datetime.date) -> list[tuple[str, str]]:
    """Return keys and names to choose from, with an older period that was asked for in the address."""
    offered = {choice.key: choice.name for choice in choices(today)}
    offered.setdefault(key, period_name(period))
    return list(offered.items())


def months_of(period: Period) -> list[datetime.date]:
    """Return the first days of its months, in their order."""
    months = [period.first]
    while months[-1] < period.last:
        months.append(moved(months[-1], 1))
    return months


def month_name(month: datetime.date) -> str:
    """Return a month in few letters: "Nov 2026"."""
    return date_format(month, "M Y")


def period_name(period: Period) -> str:
    """Return the months from which to which it goes."""
    if period.first == period.last:
        return date_format(period.first, "YEAR_MONTH_FORMAT")
    return _("%(first)s to %(last)s") % {
        "first": date_format(period.first, "YEAR_MONTH_FORMAT"),
        "last": date_format(period.last, "YEAR_MONTH_FORMAT"),
    }


def first_of(day: datetime.date) -> datetime.date:
    return day.replace(day=1)


def moved(month: datetime.date, by: int) -> datetime.date:
    """Return the first day of the month so many months later, or earlier below 0."""
    years, number = divmod(month.year * 12 + month.month - 1 + by, 12)
    return datetime.date(years, number + 1, 1)
