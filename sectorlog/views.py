"""The officers' side: where the sector log is kept."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import shows_nothing_personal
from officers.models import Absence, Assignment, Cover, User
from officers.responsibility import Answer, answerable


@shows_nothing_personal
@require_safe
def log_home(request: HttpRequest) -> HttpResponse:
    """Show the officer's sectors, those that they cover now or soon, and when they are away themselves."""
    now, user = timezone.now(), cast("User", request.user)
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
    context = {
        "own": [(assignment, _instead(assignment)) for assignment in assignments],
        "covers": [(cover, cover.period.lower <= now) for cover in covers],
        "absences": [(absence, absence.period.lower <= now) for absence in absences],
    }
    return render(request, "sectorlog/log_home.html", context)


def _instead(assignment: Assignment) -> Answer | None:
    """Return who answers now for a sector whose responsible officer is away; None where they answer themselves."""
    answer = answerable(assignment.sector_id)
    return answer if answer.absent and assignment.role == Assignment.Role.RESPONSIBLE else None
