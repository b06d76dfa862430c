"""The officers' side: where the sector log is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import shows_nothing_personal
from officers.models import Assignment


@shows_nothing_personal
@require_safe
def log_home(request: HttpRequest) -> HttpResponse:
    """Show the sectors that the officer is appointed to now, and in which role."""
    assignments = (
        Assignment.objects.active_at(timezone.now())
        .filter(officer__user=request.user)
        .select_related("sector__district")
        .order_by("sector__number")
    )
    return render(request, "sectorlog/log_home.html", {"assignments": assignments})
