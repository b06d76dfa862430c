"""What if, and back then: today compared with a release, an appointment or a day of the past. Nothing is stored."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import nothing_personal, offered, shown
from officers.permissions import can_appoint_officer
from overview.comparing.appointing import Appointing, appointing
from overview.comparing.estimating import sectors_then
from overview.comparing.moved_ground import features_of
from overview.comparing.planned import planned_page, then
from overview.comparing.redrawing import Redrawing, heads, parties_on, redrawing
from overview.comparing.releases import releases_of, to_come
from overview.forms.comparing import AppointmentForm, PlannedForm
from overview.permissions import can_see_overview
from overview.scope import headed, scope_of
from sectors.admin.release_state import state_text
from sectors.models import BoundaryRelease
from sectors.permissions import can_publish_release

if TYPE_CHECKING:
    from officers.models import User

ROWS_PER_PAGE = 25
# More drafts than these are looked up among the releases.
RELEASES_SHOWN = 10
PARTS = MOVES, SECTORS, PARTIES = "moves", "sectors", "parties"
# In these states there is nothing to compare any more.
OVER = ("active", "past")


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


def release_of(user: User, pk: int) -> BoundaryRelease:
    """Return a release that the account may compare. Raises Http404 for any other."""
    return get_object_or_404(releases_of(user).select_related("station__manning_norm"), pk=pk)


@require_safe
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare a release to come with the division in force: what moves, the sectors, the parties."""
    user = heading_user(request)
    compared = release_of(user, pk)
    context: dict[str, Any] = {"release": compared, "state_text": state_text(compared)}
    if compared.state in OVER:
        nothing_personal(request)
        return render(request, "overview/what_if_release_over.html", context)
    found = redrawing(compared, user)
    part = request.GET.get("of", MOVES)
    if part not in PARTS:
        part = MOVES
    page = Paginator(rows_of(found, part, user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
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


def rows_of(found: Redrawing, part: str, user: User) -> Any:
    """Return what a part of the comparison lists."""
    if part == SECTORS:
        return sectors_then(found)
    return parties_on(found, user) if part == PARTIES else found.passings


@require_safe
def appointment(request: HttpRequest) -> HttpResponse:
    """Show what an appointment would change, or ask for it."""
    user = heading_user(request)
    asked = request.GET if {"sector", "officer", "sector_name", "officer_name"} & set(request.GET) else None
    form = AppointmentForm(asked, user=user)
    if asked is None or not form.is_valid():
        return appointment_asked(request, form)
    return appointment_answered(request, form, answer_to(form, user))


def answer_to(form: AppointmentForm, user: User) -> Appointing:
    """Return what comes of a form without errors, in the sectors that the account heads."""
    return appointing(form.wanted, lambda sector: heads(user, sector))


def appointment_asked(request: HttpRequest, form: AppointmentForm) -> HttpResponse:
    """Show the question alone, with what is wrong about it."""
    offered(request, form)
    if "officer" not in form.fields:
        # Nobody is offered before a name is typed.
        nothing_personal(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "overview/what_if_appointment.html", {"form": form}, status=status)


def appointment_answered(
    request: HttpRequest, form: AppointmentForm, found: Appointing, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Show what would come of the appointment, or why it would be refused."""
    offered(request, form)
    note_appointing(request, found)
    user = cast("User", request.user)
    may_appoint = can_appoint_officer(user, found.wanted.sector)
    context = {
        "form": form,
        "found": found,
        "may_appoint": may_appoint,
        "appoint_url": _appoint_url(found, request.GET.get("from", "")) if may_appoint else "",
    }
    return render(request, "overview/what_if_appointment.html", context, status=status)


def note_appointing(request: HttpRequest, found: Appointing, verb: str = ReadEntry.Verb.SHOWN) -> None:
    """Note everybody who is named, and the sectors."""
    sectors = [found.wanted.sector.pk, *(one.sector.pk for one in found.sectors)]
    shown(request, found.officers, verb=verb, subject="officers.officer", sectors=sectors)


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
        return planned_refused(request, form)
    sector, at = form.cleaned_data["sector"], form.cleaned_data["at"]
    found = then(sector, at)
    shown(request, found.officers, subject="officers.officer", sectors=[sector.pk])
    return render(request, "overview/what_if_planned.html", {"one": found, "at": at})


def planned_refused(request: HttpRequest, form: PlannedForm) -> HttpResponse:
    """Show the question again, with what is wrong about it."""
    nothing_personal(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "overview/what_if_planned.html", {"form": form}, status=status)
