"""How much of a sector's patrols is on foot or bicycle, week by week.

Rule: handbook, How to perform the task, 5 (all weekdays from 07:00 to 23:00) and 6 (on foot or bicycle first, in a
vehicle second). Hours of all officers together: this compares weeks, never people.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from officers.models import PatrolForm
from sectorlog.models import Patrol
from sectors.models import Sector

# A year, and the week that runs.
WEEKS = 53
LATELY = 4
PRESENT_FROM, PRESENT_UNTIL = datetime.time(7), datetime.time(23)
LAST_WEEKDAY = 4
HOUR, DAY, WEEK = datetime.timedelta(hours=1), datetime.timedelta(days=1), datetime.timedelta(weeks=1)


@dataclass(slots=True)
class Hours:
    """Hours of patrol by form, and how many of them lie on weekdays from 07:00 to 23:00."""

    foot: float = 0.0
    bicycle: float = 0.0
    vehicle: float = 0.0
    at_agreed_times: float = 0.0

    @property
    def total(self) -> float:
        return self.foot + self.bicycle + self.vehicle

    @property
    def share(self) -> int | None:
        """The share on foot or bicycle in per cent; None without patrols."""
        return round(100 * (self.foot + self.bicycle) / self.total) if self.total else None

    def add(self, form: str, hours: float) -> None:
        match form:
            case PatrolForm.FOOT:
                self.foot += hours
            case PatrolForm.BICYCLE:
                self.bicycle += hours
            case _:
                self.vehicle += hours


@dataclass(frozen=True, slots=True)
class Week:
    monday: datetime.date
    hours: Hours = field(default_factory=Hours)


def weeks_of(sector: Sector, at: datetime.datetime | None = None) -> list[Week]:
    """Return the last 53 weeks of the sector, the oldest first. A patrol that runs counts until now.

    A patrol over midnight counts in each week for the part that lies there, on the clock of the place.
    """
    now = at or timezone.now()
    today = timezone.localdate(now)
    first = today - DAY * today.weekday() - WEEK * (WEEKS - 1)
    weeks = [Week(first + WEEK * number) for number in range(WEEKS)]
    patrols = Patrol.objects.filter(sector=sector, period__overlap=(_instant(first), now))
    for form, period in patrols.values_list("form", "period").order_by():
        for day, begins, ends in _days(max(period.lower, _instant(first)), min(period.upper or now, now)):
            hours = weeks[(day - first).days // 7].hours
            hours.add(form, (ends - begins) / HOUR)
            hours.at_agreed_times += _agreed(day, begins, ends)
    return weeks


def together(weeks: list[Week]) -> Hours:
    """Return the sum of the weeks."""
    names = ("foot", "bicycle", "vehicle", "at_agreed_times")
    return Hours(*(sum(getattr(week.hours, name) for week in weeks) for name in names))


def _instant(day: datetime.date, time: datetime.time = datetime.time()) -> datetime.datetime:
    """Return the instant in UTC: differences of local times would pass over the nights when clocks change."""
    return timezone.make_aware(datetime.datetime.combine(day, time)).astimezone(datetime.UTC)


def _days(
    begins: datetime.datetime, ends: datetime.datetime
) -> Iterator[tuple[datetime.date, datetime.datetime, datetime.datetime]]:
    """Yield each day of the place that the patrol touches, with the part of the patrol that lies in it."""
    day = timezone.localdate(begins)
    while (midnight := _instant(day)) < ends:
        yield day, max(begins, midnight), min(ends, _instant(day + DAY))
        day += DAY


def _agreed(day: datetime.date, begins: datetime.datetime, ends: datetime.datetime) -> float:
    """Return the hours from `begins` to `ends` that lie within the agreed times of the day."""
    if day.weekday() > LAST_WEEKDAY:
        return 0.0
    within = min(ends, _instant(day, PRESENT_UNTIL)) - max(begins, _instant(day, PRESENT_FROM))
    return max(0.0, within / HOUR)
