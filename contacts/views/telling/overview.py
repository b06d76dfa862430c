"""What the public is told about a sector: all of it on one page, each with its way to add and change."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Case, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import shown
from contacts.models import ContactHours, Event, Notice
from contacts.permissions import can_tell_public
from contacts.publishing.clashes import next_days
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

ROWS_PER_PAGE, ROWS_HERE = 50, 8


def telling_sector(user: User, slug: str) -> Sector:
    """Return the sector. Raises Http404 for one whose public the account tells nothing."""
    sector = get_object_or_404(Sector.objects.select_related("station", "district"), slug=slug)
    if not can_tell_public(user, sector):
        raise Http404
    return sector


@require_safe
def telling_overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show hours, notices and events of the sector that hold, come or wait; what is over stands in the lists."""
    sector = telling_sector(cast("User", request.user), slug)
    now = timezone.now()
    hours = list(ContactHours.objects.filter(sector=sector).from_day(timezone.localdate(now)))
    notices = list(current_notices(Notice.objects.filter(sector=sector), now)[: ROWS_HERE + 1])
    events = list(current_events(events_of(sector), now)[: ROWS_HERE + 1])
    shown(request, [sector, *hours, *notices, *events], sectors=[sector.pk])
    context = {
        "sector": sector,
        "hours": [(one, next_days(one, 1)) for one in hours],
        "notices": notices[:ROWS_HERE],
        "events": events[:ROWS_HERE],
    }
    return render(request, "contacts/telling_overview.html", context)


def events_of(sector: Sector) -> Any:
    """Return the events of the sector, those of all the station's sectors among them."""
    # Asked apart: a join with the sectors would list an event once for each of them.
    everywhere = Event.objects.filter(station=sector.station_id, sectors=None).values("pk")
    here = Event.objects.filter(sectors=sector).values("pk")
    return Event.objects.filter(Q(pk__in=here) | Q(pk__in=everywhere))


def current_notices(notices: Any, now: datetime.datetime) -> Any:
    """Leave out what was taken back or is over; what is not published yet comes first."""
    over = Q(state=Notice.State.PUBLISHED, shown_until__lte=now) | Q(state=Notice.State.WITHDRAWN)
    published_last = Case(When(state=Notice.State.PUBLISHED, then=Value(1)), default=Value(0))
    return notices.exclude(over).order_by(published_last, "-shown_from", "-pk")


def current_events(events: Any, now: datetime.datetime) -> Any:
    return events.exclude(state=Event.State.WITHDRAWN).filter(ends_at__gt=now).order_by("begins_at", "pk")


@require_safe
def notice_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List all notices of the sector, taken back ones and past ones too, the latest first."""
    return _list(request, slug, "notice")


@require_safe
def event_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List all events of the sector, the latest first."""
    return _list(request, slug, "event")


def _list(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    sector = telling_sector(cast("User", request.user), slug)
    rows = (
        Notice.objects.filter(sector=sector).order_by("-shown_from", "-pk")
        if kind == "notice"
        else events_of(sector).order_by("-begins_at", "-pk")
    )
    page: Page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    shown(request, found, verb="listed", subject="" if found else f"contacts.{kind}", sectors=[sector.pk])
    context = {"sector": sector, "page": page, "items": found, "kind": kind}
    return render(request, "contacts/telling_list.html", context)
