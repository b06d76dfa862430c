"""How long something has waited, in words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one thing that waits: its name, a sentence, and where it is mended."""

    title: str
    story: str
    url: str


def day_of(due: datetime.datetime) -> datetime.date:
    """Return the last day on which something was in time; midnight is the end of the day before."""
    return timezone.localdate(due - datetime.timedelta(microseconds=1))


def lateness(due: datetime.datetime, now: datetime.datetime) -> str:
    """Return by how much something is past its time, or how long there is left: in hours on the day itself."""
    days = (timezone.localdate(now) - day_of(due)).days
    if due <= now:
        return _late_by_days(days) if days > 0 else _late_by_hours((now - due) // HOUR)
    if days < 0:
        return ngettext("Due in %(days)d day.", "Due in %(days)d days.", -days) % {"days": -days}
    return _("Due today.")


def day_text(day: datetime.date | datetime.datetime) -> str:
    """Return "19 November 2026"."""
    return date_format(timezone.localtime(day) if isinstance(day, datetime.datetime) else day, "DATE_FORMAT")


def _late_by_days(days: int) -> str:
    return ngettext("%(days)d day past its time.", "%(days)d days past its time.", days) % {"days": days}


def _late_by_hours(hours: int) -> str:
    if not hours:
        return _("Its time is over.")
    return ngettext("%(hours)d hour past its time.", "%(hours)d hours past its time.", hours) % {
        "hours": hours
    }
