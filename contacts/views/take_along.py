"""Files that a citizen takes along: of a sector, and of a station. Kept like pages, by what they say."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.publishing.told import Told, told_by, told_in
from contacts.take_along.addresses import absolute
from contacts.take_along.calendar import calendar, single_event
from contacts.take_along.contact_card import contact_card
from contacts.take_along.feed import feed
from contacts.take_along.qr_code import qr_svg
from contacts.views.kept import kept
from contacts.views.public import public_page
from officers.models import Portrait
from officers.responsibility import answerable
from sectors import division
from sectors.division import PublicSector, PublicStation

VCARD = "text/vcard; charset=utf-8"
SVG = "image/svg+xml"
CALENDAR = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"


@public_page
def card_vcf(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the contact card of whoever answers for the sector now."""
    sector = _sector(slug)
    answer = answerable(sector.id)

    def write() -> bytes:
        return contact_card(sector, answer, _picture(answer.officer.portrait if answer.officer else ""))

    response = _file(request, (sector, answer), VCARD, write)
    response["Content-Disposition"] = f'attachment; filename="{sector.slug}.vcf"'
    return response


def _picture(digest: str) -> bytes | None:
    """Return the portrait with this digest in its small size; address books show it no larger."""
    if not digest:
        return None
    picture = Portrait.objects.filter(digest=digest).values_list("small", flat=True).first()
    return bytes(picture) if picture else None


@public_page
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the QR code of the sector's page in the language of the address."""
    sector = _sector(slug)
    page = absolute("sector_detail", sector.slug)
    title = _("QR code of the page of %(sector)s") % {"sector": sector.name}
    return _named(_file(request, (page, title), SVG, lambda: qr_svg(page, title)), f"{sector.slug}.svg")


@public_page
def events_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the calendar of a sector: its events, its station's, and the hours to meet its officer."""
    sector = _sector(slug)
    told, today = told_in(sector.id), timezone.localdate()
    page = absolute("sector_detail", sector.slug)

    def write() -> bytes:
        return calendar(_name(sector), told, page, today)

    return _named(_file(request, (sector, told, today), CALENDAR, write), f"{sector.slug}.ics")


@public_page
def event_ics(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Answer one event of a sector for a calendar."""
    sector = _sector(slug)
    event = next((event for event in told_in(sector.id).events if event.uuid == uuid), None)
    if event is None:
        raise Http404(_("There is no such event."))
    page = absolute("sector_detail", sector.slug)

    def write() -> bytes:
        return single_event(_name(sector), event, page)

    return _named(_file(request, (sector, event), CALENDAR, write), f"{sector.slug}-{uuid}.ics")


@public_page
def station_events_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the calendar of all events of a station."""
    station = _station(slug)
    told, today = told_by(slug), timezone.localdate()
    page = absolute("sector_list")

    def write() -> bytes:
        return calendar(station.name, told, page, today)

    return _named(_file(request, (station, told, today), CALENDAR, write), f"{slug}.ics")


@public_page
def notices_atom(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the feed of a sector: its notices, and those to all of its station's sectors."""
    sector = _sector(slug)
    addresses = absolute("sector_detail", slug), absolute("notices_atom", slug)
    return _feed(request, _name(sector), told_in(sector.id), addresses, sector.station)


@public_page
def station_notices_atom(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the feed of what a station tells to all of its sectors."""
    station = _station(slug)
    addresses = absolute("sector_list"), absolute("station_notices_atom", slug)
    return _feed(request, station.name, told_by(slug), addresses, station)


def _feed(
    request: HttpRequest, title: str, told: Told, addresses: tuple[str, str], station: PublicStation
) -> HttpResponse:
    page, address = addresses
    facts = (title, told.notices, addresses, station, timezone.localdate())

    def write() -> bytes:
        return feed(title, told, page=page, address=address, author=station.name)

    return _named(_file(request, facts, ATOM, write), "notices.atom")


def _name(sector: PublicSector) -> str:
    return _("Sector %(number)s: %(name)s") % {"number": sector.number, "name": sector.name}


def _file(
    request: HttpRequest, facts: Hashable, content_type: str, write: Callable[[], bytes]
) -> HttpResponse:
    """Return the file that was made of equal facts, or make it."""
    response = kept(request, (facts, settings.SITE_URL), lambda: HttpResponse(write()))
    response["Content-Type"] = content_type
    return response


def _named(response: HttpResponse, filename: str) -> HttpResponse:
    """Give it a name to be kept by; browsers that can show it do."""
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def _sector(slug: str) -> PublicSector:
    """Return the sector in force with this short name; 404 without one."""
    sector = division.current().by_slug.get(slug)
    if sector is None:
        raise Http404(_("There is no such sector."))
    return sector


def _station(slug: str) -> PublicStation:
    """Return the station with this short name that has a sector in force; 404 without one."""
    found: Any = (sector.station for sector in division.current().sectors if sector.station.slug == slug)
    station: PublicStation | None = next(found, None)
    if station is None:
        raise Http404(_("There is no such station."))
    return station
