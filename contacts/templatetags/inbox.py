"""What the pages of the inbox say in words: by when, for how long, in what language."""

from __future__ import annotations

import datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from contacts.models import Message

register = template.Library()


@register.filter
def by_when(message: Message, now: datetime.datetime) -> str:
    """Say by when somebody must answer, as people say it: today, tomorrow, or the day with its name.

    A sender who wants no answer waits for nothing; somebody has to see to it all the same, and close it.
    """
    words = {"when": _moment(message.due_at, now)}
    if message.is_overdue_at(now):
        return _("Overdue since %(when)s") % words
    if message.answer_by == Message.AnswerBy.NONE:
        return _("To be seen to by %(when)s") % words
    return _("To be answered by %(when)s") % words


def _moment(instant: datetime.datetime, now: datetime.datetime) -> str:
    here, today = timezone.localtime(instant), timezone.localdate(now)
    time = formats.time_format(here, "TIME_FORMAT")
    near = {
        -1: _("yesterday at %(time)s"),
        0: _("today at %(time)s"),
        1: _("tomorrow at %(time)s"),
    }
    far = _("%(day)s at %(time)s")
    words = near.get((here.date() - today).days, far)
    return words % {"day": formats.date_format(here, "l j F"), "time": time}


@register.filter
def language_name(code: str) -> str:
    """Return the name of the language in which the citizen wrote to the site, in the reader's."""
    try:
        return _(get_language_info(code)["name"])
    except KeyError:
        return code


@register.filter
def rounded_hours(hours: float) -> int:
    return round(hours)
