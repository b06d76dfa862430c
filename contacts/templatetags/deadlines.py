"""Instants by which somebody has an answer, said as people say them."""

from __future__ import annotations

import datetime

from django import template
from django.utils import dateformat, formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def deadline(instant: datetime.datetime) -> str:
    """Return "Wednesday 25 November at 14:00"; midnight is the end of the day before.

    For pages and mails that are read later: no "today".
    """
    here = timezone.localtime(instant)
    if here.time() == datetime.time():
        return _("the end of %(day)s") % {"day": weekday_in_words(here.date() - datetime.timedelta(days=1))}
    return _("%(day)s at %(time)s") % {
        "day": weekday_in_words(here.date()),
        "time": formats.time_format(here, "TIME_FORMAT"),
    }


def weekday_in_words(day: datetime.date) -> str:
    """Return "Wednesday 25 November" as the language has it."""
    # Translators: a date without its year in Django's notation: Tuesday 1 December.
    return dateformat.format(day, pgettext("date format", "l j F"))
