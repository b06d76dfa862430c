"""Where a day begins: the officer's sectors with what is due in them, and the overview of each sector's log."""

from __future__ import annotations

import datetime
from typing import cast

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import nothing_personal, shown
from officers.models import Absence, Assignment, Cover, User
from officers.responsibility import Answer, answerable
from sectorlog.permissions import can_read_log, can_write_entry
from sectorlog.today import overviews, parts
from sectors.models import Sector


@require_safe
def log_home(request: HttpRequest) -> HttpResponse:
    """Show the officer's sectors, those that they cover now or soon, what is due there, and their own absences.

    Heads see what is neglected where they head.
    """
    now, user = timezone.now(), cast("User", request.user)
    # Sectors and absences are the account's own; each part says itself whom else it shows.
    nothing_personal(request)
    assignments = (
        Assignment.objects.active_at(now)
        .filter(officer__user=user)
        .select_related("sector__district")
        .order_by("sector__number")
    )
    covers = (
        Cover.objects.from_instant(now)
        .filter(officer__user=user)
        .select_related("sector__district", "absence__officer")
        .order_by("period")
    )
    absences = Absence.objects.from_instant(now).filter(officer__user=user).order_by("period")
    own = Sector.objects.filter(pk__in=user.standing.sectors).select_related("district").order_by("number")
    context = {
        "own": [(assignment, _instead(assignment)) for assignment in assignments],
        "covers": [(cover, cover.period.lower <= now) for cover in covers],
        "absences": [(absence, absence.period.lower <= now) for absence in absences],
        "logs": (logs := list(own)),
        "headed": (headed := list(headed_sectors(user, now))),
        "reads_facts": bool(user.standing.stations_as("analyst")),
        "parts": [*parts(request, logs), *overviews(request, headed)],
    }
    return render(request, "sectorlog/log_home.html", context)


def headed_sectors(user: User, at: datetime.datetime) -> QuerySet[Sector]:
    """Return the sectors in force at `at` that `user` heads, as head of their station or district, in their order."""
    standing = user.standing
    headed = Q(station__in=standing.stations) | Q(district__in=standing.districts)
    found: QuerySet[Sector] = Sector.objects.in_force_at(at).filter(headed).select_related("district")
    return found.order_by("station", "district__name", "number")


def _instead(assignment: Assignment) -> Answer | None:
    """Return who answers now for a sector whose responsible officer is away; None where they answer themselves."""
    answer = answerable(assignment.sector_id)
    return answer if answer.absent and assignment.role == Assignment.Role.RESPONSIBLE else None


@require_safe
def sector_overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show where a sector stands: what is due, who is neglected, what troubles it, what was written last."""
    sector = readable_sector(cast("User", request.user), slug)
    shown(request, sector)
    context = {
        "sector": sector,
        "parts": parts(request, [sector]),
        "can_write": can_write_entry(cast("User", request.user), sector),
    }
    return render(request, "sectorlog/sector_overview.html", context)


def readable_sector(user: User, slug: str) -> Sector:
    """Return the sector of this name whose log `user` may read. Raises Http404 for any other."""
    sector = get_object_or_404(Sector.objects.select_related("district", "station"), slug=slug)
    if not can_read_log(user, sector):
        raise Http404
    return sector
