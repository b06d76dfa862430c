"""Calendars (iCalendar, RFC 5545): the events of a sector or a station, and the hours to meet an officer."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

import icalendar
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.publishing.told import Position, PublicEvent, PublicHours, Told
from contacts.take_along.addresses import one_line, plain, site_host

# How often a program that subscribes should ask.
REFRESH = datetime.timedelta(hours=6)
# The rules of settings.TIME_ZONE, as the European Union has had them since 1996, for programs that know no names of
# zones. What icalendar makes of a zone ends with some year, and begins each summer an hour late.
_ZONE = f"""BEGIN:VTIMEZONE
TZID:{settings.TIME_ZONE}
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def calendar(name: str, told: Told, page: str, today: datetime.date) -> bytes:
    """Return the calendar of all that is told: events, and hours in person on the days that are known.

    `page` is the full address of the page that tells the same. What is cancelled stays in it and says so: a
    program that subscribes would keep what only disappears.
    """
    entries = [_of_event(event, page) for event in told.events]
    entries += [entry for hours in told.hours for entry in _of_hours(hours, name, page, today)]
    return _written(name, page, entries)


def single_event(name: str, event: PublicEvent, page: str) -> bytes:
    """Return a calendar of one event; the same identifier as in the whole one."""
    return _written(name, page, [_of_event(event, page)])


def _written(name: str, page: str, entries: Iterable[icalendar.Event]) -> bytes:
    written = icalendar.Calendar()
    written.add("prodid", f"-//{site_host()}//Your Police Officer//EN")
    written.add("version", "2.0")
    written.add("calscale", "GREGORIAN")
    written.add("method", "PUBLISH")
    for field in ("name", "x-wr-calname"):
        written.add(field, one_line(name))
    written.add("x-wr-timezone", settings.TIME_ZONE)
    written.add("url", page)
    written.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    written.add("x-published-ttl", icalendar.vDuration(REFRESH))
    written.add_component(icalendar.Timezone.from_ical(_ZONE))
    for entry in entries:
        written.add_component(entry)
    return bytes(written.to_ical())


def _of_event(event: PublicEvent, page: str) -> icalendar.Event:
    begins, ends = timezone.localtime(event.begins_at), timezone.localtime(event.ends_at)
    entry = _entry(f"{event.uuid}@{site_host()}", event.title, begins, ends, is_cancelled=event.is_cancelled)
    entry.add("dtstamp", event.published_at)
    entry.add("url", f"{page}#event-{event.uuid}")
    _add_place(entry, event.place, event.position)
    if event.text:
        entry.add("description", plain(event.text))
    return entry


def _of_hours(hours: PublicHours, name: str, page: str, today: datetime.date) -> Iterator[icalendar.Event]:
    zone = timezone.get_default_timezone()
    for day in sorted({*hours.days, *hours.cancelled}):
        begins, ends = (datetime.datetime.combine(day, at, zone) for at in (hours.begins, hours.ends))
        entry = _entry(
            f"{hours.uuid}-{day:%Y%m%d}@{site_host()}",
            _("Meet your police officer: %(place)s") % {"place": hours.place},
            begins,
            ends,
            is_cancelled=day in hours.cancelled,
        )
        # When hours were written is not told; each day's copy is newer than that of the day before.
        entry.add("dtstamp", datetime.datetime.combine(today, datetime.time(), datetime.UTC))
        entry.add("url", page)
        _add_place(entry, ", ".join(filter(None, (hours.place, hours.address))), hours.position)
        entry.add("description", plain("\n".join(filter(None, (name, hours.note)))))
        yield entry


def _entry(
    uid: str, title: str, begins: datetime.datetime, ends: datetime.datetime, *, is_cancelled: bool
) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", uid)
    # Many programs show no status: the title says it too.
    shown = _("Cancelled: %(title)s") % {"title": title} if is_cancelled else title
    entry.add("summary", one_line(shown), parameters={"LANGUAGE": get_language() or settings.LANGUAGE_CODE})
    entry.add("dtstart", begins)
    entry.add("dtend", ends)
    entry.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    # What was published changes once at most: it is cancelled.
    entry.add("sequence", 1 if is_cancelled else 0)
    entry.add("transp", "TRANSPARENT")
    return entry


def _add_place(entry: icalendar.Event, place: str, position: Position | None) -> None:
    entry.add("location", one_line(place))
    if position:
        lon, lat = position
        entry.add("geo", (round(lat, 6), round(lon, 6)))
