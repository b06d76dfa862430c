"""Instants as people meet them: read on the clock of the place, and never exact to the second."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.formats import date_format

# An instant at most this far back is taken as now: a form takes a while, and clocks differ.
CLOCK_SKEW = datetime.timedelta(minutes=1)
# Later than this is a slip of the year.
LONGEST_AHEAD = datetime.timedelta(days=5 * 366)


def instant_of(day: datetime.date, time: datetime.time = datetime.time.min) -> datetime.datetime:
    """Return an hour of a day on the clock of the place, midnight if none is given: days are not all as long."""
    return datetime.datetime.combine(day, time, timezone.get_default_timezone())


def instant_text(instant: datetime.datetime) -> str:
    """Return an instant as people read it, on the clock of the place."""
    return date_format(timezone.localtime(instant), "DATETIME_FORMAT")
