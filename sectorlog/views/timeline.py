"""The time line of a sector's log, and of all sectors that one reads: narrowed, searched, the newest first."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import nothing_personal, shown
from officers.models import User
from sectorlog.entries.cards import cards, entries_of
from sectorlog.entries.filters import Filters, Scope
from sectorlog.entries.naming import with_named
from sectorlog.entries.pages import Page, Place, TooSlow, page
from sectorlog.forms.timeline import TimelineForm
from sectorlog.models import LogEntry
from sectorlog.permissions import can_export_log, can_write_entry
from sectorlog.views.home import readable_sector
from sectors.models import Sector

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """What an account asks for: the sectors to look in, one or all that it reads, and what to narrow them to."""

    user: User
    sectors: Sequence[Sector]
    form: TimelineForm

    @property
    def scope(self) -> Scope:
        return Scope.of(self.sectors, self.user.standing.stations if len(self.sectors) > 1 else ())

    @property
    def is_exportable(self) -> bool:
        return all(can_export_log(self.user, sector) for sector in self.sectors)


@never_cache
@require_safe
def entry_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the log of a sector."""
    return _list_page(request, readable_sector(cast("User", request.user), slug))


@never_cache
@require_safe
def entry_list_all(request: HttpRequest) -> HttpResponse:
    """Show the log of all sectors that one reads: present ones, and those of districts and stations one heads."""
    return _list_page(request, None)


def asked_of(request: HttpRequest, sector: Sector | None) -> Asked:
    """Return what is asked for. Raises Http404 for an account that reads no sector's log."""
    user = cast("User", request.user)
    sectors = [sector] if sector else sectors_read_by(user)
    if not sectors:
        raise Http404
    return Asked(user, sectors, TimelineForm(request.GET, sectors=sectors, user=user))


def sectors_read_by(user: User) -> list[Sector]:
    """Return the sectors whose log the account reads now."""
    standing = user.standing
    reads = Q(pk__in=standing.sectors) | Q(district__in=standing.districts) | Q(station__in=standing.stations)
    return list(
        Sector.objects.filter(reads).select_related("district", "station").order_by("station", "number")
    )


def _list_page(request: HttpRequest, sector: Sector | None) -> HttpResponse:
    asked, after = asked_of(request, sector), _place(request)
    form, found, filters = asked.form, Page([], None), Filters()
    if form.is_valid():
        filters = form.filters()
        try:
            found = page(asked.scope, filters, PAGE_SIZE, after)
        except TooSlow:
            form.add_error(None, _("This takes too long. Choose a shorter period, or write more words."))
    entries = entries_of(LogEntry.objects.visible_to(asked.user), found.numbers)
    _note(request, asked, entries)
    context = {
        "sector": sector,
        "form": form,
        "cards": cards(entries, filters.search),
        "following": _following(request, found.following),
        "newest": _first(request) if after else "",
        "is_asked": form.is_valid() and filters != Filters(),
        "can_write": sector is not None and can_write_entry(asked.user, sector),
        "export": request.GET.urlencode() if asked.is_exportable else None,
    }
    template = "sectorlog/entry_list.html" if sector else "sectorlog/entry_list_all.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, context, status=status)


def _note(request: HttpRequest, asked: Asked, entries: list[LogEntry]) -> None:
    """Say what the page shows; of a search that found nothing, that it was made."""
    if not asked.form.is_valid():
        nothing_personal(request)
        return
    summary = asked.form.summary()
    verb = ReadEntry.Verb.SEARCHED if summary else ReadEntry.Verb.LISTED
    purpose = f"[{summary}]" if summary else ""
    if entries:
        shown(request, with_named(entries), verb=verb, purpose=purpose)
        return
    sectors = {sector.pk for sector in asked.sectors}
    shown(request, [], verb=verb, subject="sectorlog.logentry", sectors=sectors, purpose=purpose)


def _following(request: HttpRequest, place: Place | None) -> str:
    """Return the address's question for the next page; empty after the last one."""
    if place is None:
        return ""
    query = request.GET.copy()
    query["after"] = f"{place.at.timestamp():.6f}-{place.number}"
    return query.urlencode()


def _first(request: HttpRequest) -> str:
    """Return the address of the first page."""
    query = request.GET.copy()
    query.pop("after", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _place(request: HttpRequest) -> Place | None:
    """Return where the page begins. Raises SuspiciousOperation (400) for what no link of ours says."""
    if not (text := request.GET.get("after")):
        return None
    try:
        at, _dash, number = text.partition("-")
        return Place(
            datetime.datetime.fromtimestamp(float(at), timezone.get_default_timezone()), _row(number)
        )
    except (ValueError, OverflowError, OSError) as error:
        raise SuspiciousOperation("after") from error


def _row(number: Any) -> int:
    """Return the number of a row. Raises ValueError for one that no row has."""
    row = int(number)
    if not 0 <= row < 2**63:
        raise ValueError(number)
    return row
