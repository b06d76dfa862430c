"""Which days a stretch of time falls on, and which stretch of days is looked at.

The rule, for every kind of gap but events: a day has a gap if something is lacking at any time within the agreed
hours of that day, 07 to 23 (handbook, How to perform the task, 5). What is lacking at night alone is none; what is
over today is none either. Days are those of the place's calendar, so that days on which the clocks change are no
special case.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from officers.models import DutyHours
from sectors.instants import instant_of

OPENS, CLOSES = DutyHours.BEGINS, DutyHours.ENDS
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included; `goes_on`: longer than was looked ahead."""

    first: datetime.date
    last: datetime.date
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are looked at, both included, from the instant `begins` on: what is over is left out."""

    first: datetime.date
    last: datetime.date
    begins: datetime.datetime
    today: datetime.date

    @classmethod
    def of(cls, first: datetime.date, days: int, now: datetime.datetime) -> Window:
        begins = max(now, instant_of(first))
        return cls(first, first + (days - 1) * DAY, begins, day_of(now))

    def days(self, begins: datetime.datetime, ends: datetime.datetime | None) -> Days | None:
        """Return the days on which the stretch touches the agreed hours; None if there is none in the window.

        The stretch ends before `ends`; without it, it never does.
        """
        return self.within(
            _first_touched(max(begins, self.begins)), None if ends is None else last_touched(ends)
        )

    def within(self, first: datetime.date, last: datetime.date | None) -> Days | None:
        """Return the part of a stretch of days that lies in the window."""
        shown_first = max(first, self.first)
        shown_last = self.last if last is None else min(last, self.last)
        if shown_first > shown_last:
            return None
        return Days(shown_first, shown_last, last is None or last > self.last)


def day_of(instant: datetime.datetime) -> datetime.date:
    return timezone.localdate(instant, timezone.get_default_timezone())


def _first_touched(begins: datetime.datetime) -> datetime.date:
    local = timezone.localtime(begins, timezone.get_default_timezone())
    return local.date() + (DAY if local.time() >= CLOSES else 0 * DAY)


def last_touched(ends: datetime.datetime) -> datetime.date:
    """Return the last day within whose agreed hours something holds that ends then."""
    local = timezone.localtime(ends, timezone.get_default_timezone())
    return local.date() - (DAY if local.time() <= OPENS else 0 * DAY)
