"""A station's rounds: all of them in a list; made and changed by the station's head."""

from __future__ import annotations

import uuid as uuids
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import shows_nothing_personal
from contacts.forms.survey_rounds import RoundForm
from contacts.models import SurveyRound
from contacts.permissions import can_hold_survey, can_see_surveys
from contacts.surveys.results import answers_told
from contacts.surveys.rounds import DAYS_FOR_PAPER, is_told_on, rounds_of, told_from
from sectors.models import Station

if TYPE_CHECKING:
    import datetime

    from officers.models import User

ROWS_PER_PAGE = 25
OPEN, TO_COME, OVER = range(3)


@dataclass(frozen=True, slots=True)
class Row:
    """A round in the list; `answers` is None where they are too few to be told.

    `told_from` is the day from which a round that is over tells its results, None once it does.
    """

    survey: SurveyRound
    state: int
    answers: int | None
    may_change: bool
    told_from: datetime.date | None


@require_safe
@shows_nothing_personal
def survey_list(request: HttpRequest) -> HttpResponse:
    """List the rounds of one's stations: those that are open, those to come, those that are over."""
    user, today = cast("User", request.user), timezone.localdate()
    if not can_see_surveys(user):
        raise Http404
    page = Paginator(_in_order(rounds_of(user), today), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    surveys = list(page.object_list)
    answers = answers_told(surveys)
    rows = [_row(survey, answers[survey.pk], user, today) for survey in surveys]
    context = {
        "page": page,
        "rows": rows,
        "can_hold": bool(user.standing.stations),
        "is_one_station": len({row.survey.station_id for row in rows}) < 2,
    }
    return render(request, "contacts/survey_list.html", context)


def _row(survey: SurveyRound, answers: int | None, user: User, today: datetime.date) -> Row:
    state: int = survey.state  # type: ignore[attr-defined]  # annotated
    waits = state == OVER and not is_told_on(survey, today)
    may_change = can_hold_survey(user, survey.station)
    return Row(survey, state, answers, may_change, told_from(survey) if waits else None)


def _in_order(rounds: QuerySet[SurveyRound], today: datetime.date) -> QuerySet[SurveyRound]:
    """Put those first that are open; those to come and those that are over, the latest first."""
    state = Case(
        When(opens_on__gt=today, then=Value(TO_COME)),
        When(closes_on__lt=today, then=Value(OVER)),
        default=Value(OPEN),
    )
    return rounds.select_related("station").annotate(state=state).order_by("state", "-opens_on", "pk")


def _headed(user: User) -> QuerySet[Station]:
    """Return the stations that the account heads. Raises Http404 where there is none."""
    if not user.standing.stations:
        raise Http404
    return Station.objects.filter(pk__in=user.standing.stations).order_by("name")


@require_http_methods(["GET", "HEAD", "POST"])
@shows_nothing_personal
def survey_add(request: HttpRequest) -> HttpResponse:
    """Make a round: station heads."""
    user = cast("User", request.user)
    stations = _headed(user)
    if request.method == "POST":
        # Two rounds made at once come one after the other.
        list(stations.select_for_update(no_key=True))
    survey = SurveyRound(created_by=user)
    form = RoundForm(request.POST if request.method == "POST" else None, instance=survey, stations=stations)
    return _saved_or_form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_nothing_personal
def survey_change(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change a round's name and days, as far as nobody has answered; 409 where somebody else did so meanwhile."""
    stations = _headed(cast("User", request.user))
    rounds = SurveyRound.objects.filter(station__in=stations.values("pk"))
    if request.method == "POST":
        # Held against answers too: one that comes now waits, and finds the days as they are then.
        rounds = rounds.select_for_update()
    survey = get_object_or_404(rounds, uuid=uuid)
    if request.method == "POST":
        list(stations.filter(pk=survey.station_id).select_for_update(no_key=True))
    form = RoundForm(request.POST if request.method == "POST" else None, instance=survey, stations=stations)
    return _saved_or_form(request, form, survey)


def _saved_or_form(request: HttpRequest, form: RoundForm, survey: SurveyRound | None = None) -> HttpResponse:
    is_right = form.is_bound and form.is_valid()
    if is_right or form.sent_already:
        saved = form.sent_already or form.save()
        messages.success(request, _("Saved: %(name)s.") % {"name": saved})
        return redirect("contacts:survey_detail", saved.uuid)
    # The heading keeps the stored name, whatever was typed.
    name = SurveyRound.objects.values_list("name", flat=True).get(pk=survey.pk) if survey else ""
    context = {"form": form, "survey": survey, "name": name, "days_for_paper": DAYS_FOR_PAPER}
    return render(request, "contacts/survey_form.html", context, status=form.refusal_status)
