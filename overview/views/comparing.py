"""What if, and back then: today compared with a release, an appointment or a day of the past. Nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import nothing_personal, offered, shown
from audit.spreadsheets import csv_response
from officers.permissions import can_appoint_officer
from overview.comparing.appointing import Appointing, appointing
from overview.comparing.estimating import sectors_then
from overview.comparing.moved_ground import features_of
from overview.comparing.planned import planned_page, then
from overview.comparing.redrawing import Redrawing, heads, redrawing
from overview.comparing.releases import releases_of, to_come
from overview.forms.comparing import AppointmentForm, PlannedForm
from overview.permissions import can_see_overview
from overview.scope import headed, scope_of
from sectorlog.models import Party
from sectors.admin.release_state import state_text
from sectors.models import BoundaryRelease
from sectors.permissions import can_publish_release

if TYPE_CHECKING:
    from officers.models import User

ROWS_PER_PAGE = 25
# More drafts than these are looked up among the releases.
RELEASES_SHOWN = 10
MOVES, SECTORS, PARTIES = "moves", "sectors", "parties"


def heading_user(request: HttpRequest) -> User:
    """Return the account. Raises Http404 for one that heads nothing."""
    user = cast("User", request.user)
    if not can_see_overview(user):
        raise Http404
    return user


@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """Show what can be compared: releases to come, what is planned, and the question of an appointment."""
    user = heading_user(request)
    scope = scope_of(user, request.GET.get("where", ""), headed(user))
    form = AppointmentForm(user=user)
    page, planned = planned_page(scope.sectors, request.GET.get("page"))
    shown(
        request,
        dict.fromkeys(one.row.officer_id for one in planned),
        verb=ReadEntry.Verb.LISTED,
        subject="officers.officer",
        sectors={one.row.sector_id for one in planned},
    )
    offered(request, form)
    releases = [(one, state_text(one)) for one in to_come(user)[:RELEASES_SHOWN]]
    context = {"scope": scope, "form": form, "page": page, "planned": planned, "releases": releases}
    return render(request, "overview/what_if.html", context)


def _release(user: User, pk: int) -> BoundaryRelease:
    return get_object_or_404(releases_of(user).select_related("station__manning_norm"), pk=pk)


@require_safe
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare a release to come with the division in force: what moves, the sectors, the parties."""
    user = heading_user(request)
    compared = _release(user, pk)
    context: dict[str, Any] = {"release": compared, "state_text": state_text(compared)}
    if compared.state in ("active", "past"):
        nothing_personal(request)
        return render(request, "overview/what_if_release_over.html", context)
    found = redrawing(compared, user)
    part = request.GET.get("of", MOVES)
    if part not in (SECTORS, PARTIES):
        part = MOVES
    page = _rows_of(request, part, found)
    if part == PARTIES:
        parties = list(page.object_list)
        shown(request, parties, verb=ReadEntry.Verb.LISTED, subject="" if parties else "sectorlog.party")
    else:
        nothing_personal(request)
    context |= {
        "found": found,
        "part": part,
        "page": page,
        "features": features_of(page.object_list, found.sectors) if part == MOVES else None,
        "can_publish": can_publish_release(user, compared),
    }
    return render(request, "overview/what_if_release.html", context)


def _rows_of(request: HttpRequest, part: str, found: Redrawing) -> Any:
    rows: Any = found.passings
    if part == SECTORS:
        rows = sectors_then(found)
    elif part == PARTIES:
        seen = Party.objects.visible_to(cast("User", request.user)).filter(pk__in=found.parties)
        rows = seen.select_related("sector").order_by("sector__number", "name", "pk")
    return Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))


@require_safe
def release_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out everything that moves, one row for each pair of sectors."""
    user = heading_user(request)
    compared = _release(user, pk)
    if compared.state in ("active", "past"):
        raise Http404
    found = redrawing(compared, user)
    shown(
        request,
        compared,
        verb=ReadEntry.Verb.EXPORTED,
        sectors=[sector.pk for sector in found.sectors],
    )
    head = (
        _("From"),
        _("To"),
        _("Square metres"),
        _("Addresses"),
        _("Parties"),
        _("Open challenges"),
        _("Promises not told back"),
    )
    rows = (
        (
            str(one.move.from_sector or _("no sector")),
            str(one.move.to_sector or _("no sector")),
            round(one.move.area_m2),
            one.move.addresses,
            *("" if keys is None else len(keys) for keys in (one.parties, one.challenges, one.promises)),
        )
        for one in found.passings
    )
    return csv_response("moves", head, rows)


@require_safe
def appointment(request: HttpRequest) -> HttpResponse:
    """Show what an appointment would change, or ask for it."""
    user = heading_user(request)
    asked = request.GET if {"sector", "officer", "sector_name", "officer_name"} & set(request.GET) else None
    form = AppointmentForm(asked, user=user)
    offered(request, form)
    if asked is None or not form.is_valid():
        if "officer" not in form.fields:
            # Nobody is offered before a name is typed.
            nothing_personal(request)
        status = 200 if asked is None else 422
        return render(request, "overview/what_if_appointment.html", {"form": form}, status=status)
    found = appointing(form.wanted, lambda sector: heads(user, sector))
    shown(
        request,
        found.officers,
        subject="officers.officer",
        sectors=[found.wanted.sector.pk, *(one.sector.pk for one in found.sectors)],
    )
    may_appoint = can_appoint_officer(user, found.wanted.sector)
    context = {
        "form": form,
        "found": found,
        "may_appoint": may_appoint,
        "appoint_url": _appoint_url(found, asked.get("from", "")) if may_appoint else "",
    }
    return render(request, "overview/what_if_appointment.html", context)


def _appoint_url(found: Appointing, begins: str) -> str:
    """Return the admin's page with these values; an appointment from now on is left to begin when it is saved."""
    wanted = found.wanted
    values: dict[str, Any] = {
        "sector": wanted.sector.pk,
        "officer": wanted.officer.pk,
        "role": wanted.role,
        "begins": f"{timezone.localtime(wanted.begins):%Y-%m-%dT%H:%M}" if begins.strip() else "",
        "ends": f"{timezone.localtime(wanted.ends):%Y-%m-%dT%H:%M}" if wanted.ends else "",
        "takes_over": "on" if wanted.is_responsible and found.makes_room else "",
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{reverse('admin:officers_assignment_add')}?{query}"


@require_safe
def planned(request: HttpRequest) -> HttpResponse:
    """Compare a sector today with an instant to come, as everything is stored."""
    user = heading_user(request)
    if not request.GET:
        nothing_personal(request)
        return redirect("overview:what_if")
    form = PlannedForm(request.GET, user=user)
    if not form.is_valid():
        nothing_personal(request)
        return render(request, "overview/what_if_planned.html", {"form": form}, status=422)
    sector, at = form.cleaned_data["sector"], form.cleaned_data["at"]
    found = then(sector, at)
    shown(request, found.officers, subject="officers.officer", sectors=[sector.pk])
    return render(request, "overview/what_if_planned.html", {"one": found, "at": at})
