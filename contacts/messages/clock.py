"""The 72-hour clock: it runs on working days, day and night, and stands still on weekends and public holidays.

So whoever writes on Friday at 14 is answered by Wednesday at 14 (decision 0016).
"""

from __future__ import annotations

import datetime
from functools import lru_cache

import holidays
from django.conf import settings
from django.utils import timezone

WARN_AFTER = datetime.timedelta(hours=48)
DUE_AFTER = datetime.timedelta(hours=72)
_DAY = datetime.timedelta(days=1)


def instant_after(begin: datetime.datetime, hours: datetime.timedelta) -> datetime.datetime:
    """Return when the clock that is started at `begin` has run for `hours`, in UTC.

    A working day counts as long as it is: 23 hours when the clocks go forward, 25 when they go back.
    """
    left, here = hours, _utc(begin)
    while True:
        midnight = _midnight_after(here)
        if is_working_day(timezone.localdate(here)):
            if here + left <= midnight:
                return here + left
            left -= midnight - here
        here = midnight


def time_between(begin: datetime.datetime, end: datetime.datetime) -> datetime.timedelta:
    """Return for how long the clock ran between two instants; nothing if `end` is not later."""
    ran, here, end = datetime.timedelta(), _utc(begin), _utc(end)
    while here < end:
        stop = min(_midnight_after(here), end)
        if is_working_day(timezone.localdate(here)):
            ran += stop - here
        here = stop
    return ran


def is_working_day(day: datetime.date) -> bool:
    return day.isoweekday() <= 5 and day not in _public_holidays(settings.HOLIDAYS_OF)


def _midnight_after(instant: datetime.datetime) -> datetime.datetime:
    tomorrow = timezone.localdate(instant) + _DAY
    here = timezone.get_default_timezone()
    return _utc(datetime.datetime.combine(tomorrow, datetime.time(), tzinfo=here))


def _utc(instant: datetime.datetime) -> datetime.datetime:
    return instant.astimezone(datetime.UTC)


@lru_cache(maxsize=4)
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)
