"""What analysts see of a sector's log: entries without persons, on a page and as CSV."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import cast

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import recording
from audit.models import ReadEntry
from audit.reads import nothing_personal, shown, shows_nothing_personal
from officers.models import StaffRole, User
from sectorlog.entries.facts import Fact, facts, lines
from sectorlog.entries.filters import Scope
from sectorlog.entries.pages import Page, Place, TooSlow, page
from sectorlog.forms.facts import FactsForm
from sectorlog.models import LogEntry
from sectors.models import Sector

PAGE_SIZE, ROWS_AT_ONCE = 50, 500


@never_cache
@shows_nothing_personal
@require_safe
def fact_sectors(request: HttpRequest) -> HttpResponse:
    """Show the sectors of the analyst's stations."""
    stations = cast("User", request.user).standing.stations_as(StaffRole.Role.ANALYST)
    if not stations:
        raise Http404
    sectors = Sector.objects.filter(station__in=stations).select_related("district")
    return render(request, "sectorlog/fact_sectors.html", {"sectors": sectors.order_by("station", "number")})


@never_cache
@require_safe
def fact_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sector's entries without persons, the newest first."""
    sector, form = _asked(request, slug)
    found, after = Page([], None), _after(request, sector)
    if form.is_valid():
        try:
            found = page(Scope.of([sector]), form.filters(), PAGE_SIZE, after)
        except TooSlow:
            form.add_error(None, _("This takes too long. Choose a shorter period."))
    if form.is_valid():
        _note(request, sector, found.numbers, ReadEntry.Verb.LISTED)
    else:
        nothing_personal(request)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "sector": sector,
        "form": form,
        "facts": facts(found.numbers),
        "query": query.urlencode(),
        "following": _uuid_of(found.following),
        "is_first": after is None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sectorlog/fact_list.html", context, status=status)


@never_cache
@require_safe
def fact_export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send the same as CSV, each page of it logged before it leaves."""
    sector, form = _asked(request, slug)
    if not form.is_valid():
        return fact_list(request, slug)
    _note(request, sector, [], ReadEntry.Verb.EXPORTED)
    return StreamingHttpResponse(
        lines(_pages(request, sector, form)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="facts-{sector.slug}-{timezone.localdate()}.csv"'
        },
    )


def _pages(request: HttpRequest, sector: Sector, form: FactsForm) -> Iterator[list[Fact]]:
    filters, scope, after = form.filters(), Scope.of([sector]), None
    while True:
        found = page(scope, filters, ROWS_AT_ONCE, after)
        if found.numbers:
            _note(request, sector, found.numbers, ReadEntry.Verb.EXPORTED)
            recording.of(request).write()
            yield facts(found.numbers)
        if (after := found.following) is None:
            return


def _asked(request: HttpRequest, slug: str) -> tuple[Sector, FactsForm]:
    """Return the sector and what its facts are narrowed to. Raises Http404 for others' sectors."""
    user = cast("User", request.user)
    stations = user.standing.stations_as(StaffRole.Role.ANALYST)
    own = Sector.objects.filter(station__in=stations).select_related("district", "station")
    sector = get_object_or_404(own, slug=slug)
    return sector, FactsForm(request.GET, sector=sector, user=user)


def _note(request: HttpRequest, sector: Sector, numbers: Sequence[int], verb: str) -> None:
    shown(request, numbers, verb=verb, subject="sectorlog.logentry", sectors=[sector.pk])


def _after(request: HttpRequest, sector: Sector) -> Place | None:
    """Return the place of the entry that the address names: its instant is none of the facts."""
    if not (text := request.GET.get("after")):
        return None
    try:
        uuid = uuids.UUID(text)
    except ValueError as error:
        raise SuspiciousOperation("after") from error
    row = LogEntry.objects.filter(sector=sector, uuid=uuid).values_list("happened_at", "pk").first()
    if row is None:
        raise Http404
    return Place(*row)


def _uuid_of(place: Place | None) -> uuids.UUID | None:
    return place and LogEntry.objects.values_list("uuid", flat=True).get(pk=place.number)
