"""The hours in person that a print names: those that come again and again. One day's would be over too soon."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contacts.models import ContactHours
from contacts.publishing.told import PublicHours
from officers.models import DutyHours


@dataclass(frozen=True, slots=True)
class RegularHours:
    """Hours of each week or month; `until` is their last day, if there is one."""

    weekday: int
    week: int | None
    begins: datetime.time
    ends: datetime.time
    until: datetime.date | None
    place: str
    address: str

    @property
    def day(self) -> str:
        """Which days, in the language in force: "Every Tuesday", "The last Tuesday of the month"."""
        weekday = str(DutyHours.Weekday(self.weekday).label)
        return _days(self.week) % {"weekday": weekday}

    @property
    def where(self) -> str:
        return f"{self.place}, {self.address}" if self.address else self.place


def _days(week: int | None) -> str:
    match week:
        case ContactHours.Week.FIRST:
            return _("The first %(weekday)s of the month")
        case ContactHours.Week.SECOND:
            return _("The second %(weekday)s of the month")
        case ContactHours.Week.THIRD:
            return _("The third %(weekday)s of the month")
        case ContactHours.Week.FOURTH:
            return _("The fourth %(weekday)s of the month")
        case ContactHours.Week.LAST:
            return _("The last %(weekday)s of the month")
    return _("Every %(weekday)s")


def regular(told: Iterable[PublicHours]) -> tuple[RegularHours, ...]:
    """Return those that are held each week or month, by weekday, each once."""
    rows = {
        RegularHours(
            hours.weekday, hours.week, hours.begins, hours.ends, hours.until, hours.place, hours.address
        )
        for hours in told
        if hours.weekday is not None
    }
    return tuple(sorted(rows, key=lambda row: (row.weekday, row.week or 0, row.begins, row.ends, row.place)))
