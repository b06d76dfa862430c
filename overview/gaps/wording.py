"""When something is lacking, in words that end a sentence: "from 3 December to 17 December"."""

from __future__ import annotations

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from overview.gaps.window import Days, last_touched


def when(days: Days, today: datetime.date) -> str:
    """Return the words for the days; what lasts longer than was looked at has no last day."""
    words = {"first": _day(days.first), "last": _day(days.last), "weekday": date_format(days.first, "l")}
    if days.goes_on:
        return _("from today on") if days.first == today else _("from %(first)s on") % words
    if days.first == days.last:
        return _("today") if days.first == today else _("on %(weekday)s %(first)s") % words
    if days.first == today:
        return _("from today to %(last)s") % words
    return _("from %(first)s to %(last)s") % words


def up_to(ends: datetime.datetime | None) -> str:
    """Return until when something lasts that ends then: its last day is meant with it."""
    if ends is None:
        return _("until further notice")
    return _("up to and including %(last)s") % {"last": date_format(last_touched(ends), "DATE_FORMAT")}


def _day(day: datetime.date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")
