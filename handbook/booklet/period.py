"""The period whose contributions a booklet marks: whole days of the city's calendar."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LATELY_MONTHS = 3
# Days that no handbook reaches: dates outside them are slips of the finger.
BEFORE_ALL = datetime.date(1900, 1, 1)
AFTER_ALL = datetime.date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day until and including another, None where that side is open. With both None it holds no day."""

    first: datetime.date | None = None
    last: datetime.date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    @property
    def start(self) -> datetime.datetime:
        """The instant with which it begins."""
        return begin_of(self.first or BEFORE_ALL)

    @property
    def end(self) -> datetime.datetime:
        """The first instant after it."""
        return begin_of((self.last or AFTER_ALL) + datetime.timedelta(days=1))

    def holds(self, instant: datetime.datetime) -> bool:
        return bool(self) and self.start <= instant < self.end


EVER = Period(BEFORE_ALL, AFTER_ALL)


@dataclass(frozen=True, slots=True)
class Preset:
    name: str | Promise
    period: Period


def begin_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def presets(today: datetime.date) -> list[Preset]:
    """Return the periods that are offered with one tap; the first is the one that a page begins with."""
    return [
        Preset(_("Last three months"), Period(months_before(today, LATELY_MONTHS), today)),
        Preset(_("This year"), Period(today.replace(month=1, day=1), today)),
        Preset(_("No period"), Period()),
    ]


def months_before(day: datetime.date, months: int) -> datetime.date:
    """Return the same day some months ago, or that month's last day if it was shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, longest))
