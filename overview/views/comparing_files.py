"""What if as files: all rows of the pages of `overview.views.comparing`, asked for with the same words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import shown
from audit.spreadsheets import csv_response
from overview.comparing.planned import all_planned, then
from overview.comparing.redrawing import redrawing
from overview.comparing.tables import (
    appointments_table,
    compared_table,
    moves_table,
    parties_table,
    planned_table,
    sectors_table,
)
from overview.forms.comparing import AppointmentForm, PlannedForm
from overview.scope import headed, scope_of
from overview.views.attention import MOST_IN_FILE
from overview.views.comparing import (
    MOVES,
    OVER,
    PARTIES,
    PARTS,
    SECTORS,
    answer_to,
    appointment_answered,
    appointment_asked,
    heading_user,
    note_appointing,
    planned_refused,
    release_of,
    rows_of,
)

APPOINTMENTS = "appointments"


@require_safe
def what_if_csv(request: HttpRequest) -> HttpResponse:
    """Hand out what is planned already, all of it."""
    user = heading_user(request)
    scope = scope_of(user, request.GET.get("where", ""), headed(user))
    planned = all_planned(scope.sectors)
    shown(
        request,
        dict.fromkeys(one.row.officer_id for one in planned),
        verb=ReadEntry.Verb.EXPORTED,
        subject="officers.officer",
        sectors={one.row.sector_id for one in planned},
    )
    return csv_response("planned", *planned_table(planned, {one.pk: one for one in scope.sectors}))


@require_safe
def release_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out what moves, or `?of=` the sectors or the parties.

    Raises Http404 for any other part, and for a release in force or over.
    """
    user = heading_user(request)
    compared = release_of(user, pk)
    part = _part(request, *PARTS)
    if compared.state in OVER:
        raise Http404
    found = redrawing(compared, user)
    rows, name = rows_of(found, part, user), f"release-{pk}-{part}"
    if part == PARTIES:
        return _parties_csv(request, name, rows)
    sectors = [sector.pk for sector in found.sectors]
    shown(request, compared, verb=ReadEntry.Verb.EXPORTED, sectors=sectors)
    return csv_response(name, *(moves_table(rows) if part == MOVES else sectors_table(rows)))


def _parties_csv(request: HttpRequest, name: str, found: Any) -> HttpResponse:
    """Hand out the parties, as many as a list to work from may have; who gets fewer is told."""
    listed = list(found[: MOST_IN_FILE + 1])
    parties = listed[:MOST_IN_FILE]
    shown(request, parties, verb=ReadEntry.Verb.EXPORTED, subject="" if parties else "sectorlog.party")
    head, rows = parties_table(parties)
    lines = list(rows)
    if len(listed) > len(parties):
        lines.append([_("Only the first %(number)d stand in this file.") % {"number": MOST_IN_FILE}])
    return csv_response(name, head, lines)


@require_safe
def appointment_csv(request: HttpRequest) -> HttpResponse:
    """Hand out the sectors compared, or `?of=` the appointments that would end or stay.

    Where the question has errors or would be refused, the page says so. Raises Http404 for any other part.
    """
    user = heading_user(request)
    part = _part(request, SECTORS, APPOINTMENTS)
    form = AppointmentForm(request.GET, user=user)
    if not form.is_valid():
        return appointment_asked(request, form)
    found = answer_to(form, user)
    if found.refusals:
        return appointment_answered(request, form, found, status=422)
    note_appointing(request, found, ReadEntry.Verb.EXPORTED)
    name = f"what-if-{found.wanted.sector.slug}-{part}"
    if part == APPOINTMENTS:
        return csv_response(name, *appointments_table(found))
    return csv_response(name, *compared_table(found.sectors, found.wanted.begins, is_question=True))


@require_safe
def planned_csv(request: HttpRequest) -> HttpResponse:
    """Hand out a sector today and at an instant to come, as everything is stored."""
    form = PlannedForm(request.GET, user=heading_user(request))
    if not form.is_valid():
        return planned_refused(request, form)
    sector, at = form.cleaned_data["sector"], form.cleaned_data["at"]
    found = then(sector, at)
    shown(
        request, found.officers, verb=ReadEntry.Verb.EXPORTED, subject="officers.officer", sectors=[sector.pk]
    )
    name = f"{sector.slug}-today-and-{timezone.localdate(at)}"
    return csv_response(name, *compared_table([found], at, is_question=False))


def _part(request: HttpRequest, *parts: str) -> str:
    """Return which table is asked for, the first one by default. Raises Http404 for what is none."""
    part = request.GET.get("of", parts[0])
    if part not in parts:
        raise Http404
    return part
