"""What the pages of the inbox say in words: by when, for how long, in what language."""

from __future__ import annotations

import datetime

from django import template
from django.utils import formats, timezone
from django.utils.timesince import timesince
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from contacts.models import Message
from contacts.templatetags.deadlines import weekday_in_words

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
    """Say an instant; midnight is the end of the day before, as people say it."""
    here = timezone.localtime(instant)
    is_midnight = here.time() == datetime.time()
    day = here.date() - datetime.timedelta(days=1) if is_midnight else here.date()
    ahead = (day - timezone.localdate(now)).days
    words = _END_OF.get(ahead, _END_OF_DAY) if is_midnight else _AT.get(ahead, _AT_DAY)
    told = {"day": weekday_in_words(day), "time": formats.time_format(here, "TIME_FORMAT")}
    return str(words) % told


# By how many days lie between today and the day.
_AT = {
    -1: gettext_lazy("yesterday at %(time)s"),
    0: gettext_lazy("today at %(time)s"),
    1: gettext_lazy("tomorrow at %(time)s"),
}
_AT_DAY = gettext_lazy("%(day)s at %(time)s")
_END_OF = {
    -1: gettext_lazy("the end of yesterday"),
    0: gettext_lazy("the end of today"),
    1: gettext_lazy("the end of tomorrow"),
}
_END_OF_DAY = gettext_lazy("the end of %(day)s")


@register.filter
def age(instant: datetime.datetime, now: datetime.datetime) -> str:
    """Say for how long something has waited, in its largest unit: "5 days"."""
    return timesince(instant, now, depth=1)


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
