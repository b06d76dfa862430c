"""Days, hours and spans of time as people say them, for the sector's page."""

from __future__ import annotations

import datetime
import math

from django import template
from django.template.defaultfilters import capfirst
from django.utils import dateformat, timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from contacts.publishing.told import PublicEvent, PublicHours

register = template.Library()

# A day further away than this is said with its year.
YEAR_GOES_WITHOUT_SAYING = datetime.timedelta(days=200)


@register.filter
def weekday_and_date(day: datetime.date, today: datetime.date) -> str:
    """Return "Tuesday 1 December", with its year if that is not plain from today."""
    if day - today > YEAR_GOES_WITHOUT_SAYING:
        # Translators: a date with its year in Django's notation: Tuesday 1 December 2026.
        return dateformat.format(day, pgettext("date format", "l j F Y"))
    # Translators: a date without its year in Django's notation: Tuesday 1 December.
    return dateformat.format(day, pgettext("date format", "l j F"))


@register.filter
def in_words(day: datetime.date, today: datetime.date) -> str:
    """Return "Tuesday 1 December" as a sentence begins; today and tomorrow are called so too."""
    written = weekday_and_date(day, today)
    if day == today:
        return _("Today, %(day)s") % {"day": written}
    if day == today + datetime.timedelta(days=1):
        return _("Tomorrow, %(day)s") % {"day": written}
    return capfirst(written)


@register.simple_tag
def from_to(begins: datetime.time, ends: datetime.time) -> SafeString:
    """Return "16:00–18:00", which stays on one line."""
    return format_html('<span class="one-line">{}–{}</span>', f"{begins:%H:%M}", f"{ends:%H:%M}")


@register.simple_tag
def event_time(event: PublicEvent, today: datetime.date) -> SafeString:
    """Return when an event is: "Tuesday 1 December, 16:00–18:00", or with both days if it lasts longer."""
    begins, ends = timezone.localtime(event.begins_at), timezone.localtime(event.ends_at)
    first, last = in_words(begins.date(), today), weekday_and_date(ends.date(), today)
    if begins.date() == ends.date():
        return format_html("{}, {}", first, from_to(begins.time(), ends.time()))
    return format_html("{}, {} – {}, {}", first, f"{begins:%H:%M}", last, f"{ends:%H:%M}")


@register.filter
def breakable_path(address: str) -> SafeString:
    """Let an address break after its slashes where the line is too short for it."""
    return format_html_join(SafeString("/<wbr>"), "{}", ((part,) for part in address.split("/")))


@register.filter
def rhythm(hours: PublicHours) -> str:
    """Return how often hours in person are held; nothing for those of one day."""
    if hours.weekday is None:
        return ""
    sentences = {
        None: _("Every %(weekday)s"),
        1: _("The first %(weekday)s of the month"),
        2: _("The second %(weekday)s of the month"),
        3: _("The third %(weekday)s of the month"),
        4: _("The fourth %(weekday)s of the month"),
        5: _("The last %(weekday)s of the month"),
    }
    return sentences[hours.week] % {"weekday": WEEKDAYS[hours.weekday - 1]}


@register.filter
def working_time(hours: float) -> str:
    """Return so many hours of the 72-hour clock as people say them: hours of one working day, else working days."""
    if hours <= 24:
        whole = max(1, math.ceil(hours))
        return ngettext("%(count)d hour", "%(count)d hours", whole) % {"count": whole}
    days = math.ceil(hours / 24)
    return ngettext("%(count)d working day", "%(count)d working days", days) % {"count": days}
