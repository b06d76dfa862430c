"""What came of a round, on a page and as CSV: counts and shares, of five answers at least."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import shown, shows_nothing_personal
from audit.spreadsheets import csv_response
from contacts.models.evaluations import FEWEST_ANSWERS
from contacts.permissions import can_enter_paper, can_export_survey, can_hold_survey
from contacts.surveys.results import PlaceResult, Question, Results, results_of
from contacts.surveys.rounds import paper_until, rounds_of, sectors_of, takes_paper_on, told_from
from contacts.surveys.typists import sheets_by_account

if TYPE_CHECKING:
    from contacts.models import SurveyRound
    from officers.models import User
    from sectors.models import Sector

ROWS_PER_PAGE = 25


@require_safe
@shows_nothing_personal
def survey_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the results of the sectors that one sees beside the station's; before that, how many came.

    From here the sectors' sheets are printed, and typed in when they come back. Heads see who typed in how many.
    """
    user, today = cast("User", request.user), timezone.localdate()
    survey = _survey(user, uuid)
    page = Paginator(sectors_of(survey, user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    results = results_of(survey, list(page.object_list))
    if typists := sheets_by_account(survey, page.object_list, user):
        shown(request, typists, verb=ReadEntry.Verb.LISTED)
    context = {
        "survey": survey,
        "results": results,
        "rows": [(row, can_enter_paper(user, cast("Sector", row.sector))) for row in results.rows],
        "typists": typists,
        "page": page,
        "is_open": survey.is_open_on(today),
        "is_to_come": survey.opens_on > today,
        "takes_paper": takes_paper_on(survey, today),
        "paper_until": paper_until(survey),
        "told_from": told_from(survey),
        "can_hold": can_hold_survey(user, survey.station),
        "can_export": can_export_survey(user, survey.station),
        "fewest": FEWEST_ANSWERS,
    }
    return render(request, "contacts/survey_detail.html", context)


def _survey(user: User, uuid: uuids.UUID) -> SurveyRound:
    return get_object_or_404(rounds_of(user).select_related("station"), uuid=uuid)


@require_safe
def survey_csv(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Hand the same out for a spreadsheet: heads and analysts. An empty cell: fewer than five, or nothing yet."""
    user = cast("User", request.user)
    survey = _survey(user, uuid)
    if not can_export_survey(user, survey.station):
        raise Http404
    results = results_of(survey, list(sectors_of(survey, user)))
    shown(request, survey, verb=ReadEntry.Verb.EXPORTED)
    rows = (_cells(results, row) for row in (results.total, *results.rows))
    return csv_response(f"survey-{survey.station.slug}-{survey.opens_on:%Y-%m}", _head(), rows)


def _head() -> list[str]:
    questions = {
        Question.KNOWS: _("Know their officer"),
        Question.MET: _("Have met the officer"),
        Question.SAFE: _("Feel safe"),
    }
    columns = [_("Number"), _("Sector"), _("Answers"), _("Online"), _("On paper")]
    for question in Question:
        words = {"question": questions[question]}
        columns += [
            _("%(question)s, percent") % words,
            _("%(question)s, percent in the round before") % words,
            _("%(question)s, percentage points more") % words,
        ]
    return columns


def _cells(results: Results, row: PlaceResult) -> list[Any]:
    place = [row.sector.number, row.sector.name] if row.sector else ["", results.survey.station.name]
    numbers: list[Any] = [row.answers, row.online, row.paper]
    for share in row.shares:
        numbers += [share.percent, share.before, share.difference]
    return [*place, *numbers]
