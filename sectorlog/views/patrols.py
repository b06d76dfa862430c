"""Patrols: begin in one tap, stop in one tap, say when one really ended, and the share on foot or bicycle."""

from __future__ import annotations

import uuid as uuids
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.reads import nothing_personal, shown
from officers.models import PatrolForm, User
from sectorlog.forms.patrols import MendForm, StartForm
from sectorlog.models import Patrol
from sectorlog.patrols import patrolling
from sectorlog.patrols.chart import drawn
from sectorlog.patrols.share import LATELY, together, weeks_of
from sectorlog.views.home import readable_sector


@require_http_methods(["GET", "HEAD", "POST"])
def patrol_start(request: HttpRequest) -> HttpResponse:
    """Begin a patrol (POST). Who is out already is told so, with the patrol that runs: 409."""
    user = cast("User", request.user)
    if not user.standing.sectors:
        raise Http404
    # One's own sectors and one's own patrol.
    nothing_personal(request)
    form = StartForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return _start_page(request, form, status=422 if form.is_bound else 200)
    try:
        patrolling.start(user, form.cleaned_data["sector"], form.cleaned_data["form"])
    except patrolling.OnPatrolAlready as already:
        return _start_page(request, form, status=409, running=already.patrol)
    messages.success(request, _("Your patrol has begun."))
    return redirect("sectorlog:log_home")


def _start_page(
    request: HttpRequest, form: StartForm, *, status: int, running: Patrol | None = None
) -> HttpResponse:
    user = cast("User", request.user)
    context = {
        "form": form,
        "running": running,
        "sectors": list(form.fields["sector"].queryset),  # type: ignore[attr-defined]  # a ModelChoiceField
        "chosen": form["sector"].value(),
        "forms": PatrolForm,
        "usual": patrolling.usual_form(user),
    }
    return render(request, "sectorlog/patrol_start.html", context, status=status)


def _own_patrol(request: HttpRequest, uuid: uuids.UUID) -> Patrol:
    """Return a patrol of the account's own, also in a sector where it works no more. Raises Http404 for others'."""
    own = Patrol.objects.filter(user=cast("User", request.user)).select_related("sector")
    return get_object_or_404(own, uuid=uuid)


@require_POST
def patrol_stop(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """End one's own patrol. One that was ended already stays as it is."""
    nothing_personal(request)
    patrol = patrolling.stop(_own_patrol(request, uuid))
    if patrolling.was_forgotten(patrol):
        messages.warning(
            request, _("The patrol was ended after 12 hours, the longest one. Say when it really ended.")
        )
        return redirect("sectorlog:patrol_mend", patrol.uuid)
    messages.success(request, _("Your patrol has ended."))
    return redirect("sectorlog:log_home")


@require_http_methods(["GET", "HEAD", "POST"])
def patrol_mend(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Say when one's own patrol really ended, within 24 hours of its end."""
    patrol = _own_patrol(request, uuid)
    nothing_personal(request)
    if not patrolling.may_mend(cast("User", request.user), patrol):
        context = {"patrol": patrol}
        return render(request, "sectorlog/patrol_settled.html", context, status=_settled_status(request))
    form = MendForm(request.POST if request.method == "POST" else None, patrol=patrol)
    if form.is_bound and form.mended():
        messages.success(request, _("Saved. Thank you."))
        return redirect("sectorlog:log_home")
    mending = {
        "patrol": patrol,
        "form": form,
        "mend_until": patrol.period.upper + patrolling.MENDABLE_FOR,
        "was_forgotten": patrolling.was_forgotten(patrol),
    }
    return render(request, "sectorlog/patrol_mend.html", mending, status=422 if form.is_bound else 200)


def _settled_status(request: HttpRequest) -> int:
    return 409 if request.method == "POST" else 200


@require_safe
def patrol_share(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the hours of patrol in the sector by form and week: sums of everybody, and one's own to be mended."""
    user = cast("User", request.user)
    sector = readable_sector(user, slug)
    shown(request, sector)
    now = timezone.now()
    weeks = weeks_of(sector, now)
    context = {
        "sector": sector,
        "weeks": weeks[::-1],
        "lately": together(weeks[-LATELY:]),
        "year": together(weeks),
        "chart": drawn(weeks),
        "own": _mendable(user, sector.pk),
    }
    return render(request, "sectorlog/patrol_share.html", context)


def _mendable(user: User, sector_id: int) -> list[Patrol]:
    since = timezone.now() - patrolling.MENDABLE_FOR
    own = Patrol.objects.filter(user=user, sector=sector_id, period__upper_inf=False)
    return list(own.filter(period__endswith__gt=since).order_by("-period"))
