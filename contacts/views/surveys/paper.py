"""Answers on paper, typed in one sheet after the other."""

from __future__ import annotations

import uuid as uuids
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.reads import shows_nothing_personal
from contacts.forms.survey_paper import PaperForm
from contacts.models import SurveyAnswer
from contacts.permissions import can_enter_paper
from contacts.surveys.rounds import paper_until, rounds_of, takes_paper_on
from contacts.surveys.typists import count_sheet
from sectors.models import Sector

if TYPE_CHECKING:
    from contacts.models import SurveyRound
    from officers.models import User

# How many sheets the account has typed in today: {"day": "2027-03-01", "<round>/<sector>": 12}. The answers
# themselves hold no day.
SESSION = "surveys_on_paper"


@require_http_methods(["GET", "HEAD", "POST"])
@shows_nothing_personal
def survey_paper(request: HttpRequest, uuid: uuids.UUID, slug: str) -> HttpResponse:
    """Take one sheet, and offer the next: from the round's first day until three weeks after its last."""
    user = cast("User", request.user)
    survey = get_object_or_404(rounds_of(user).select_related("station"), uuid=uuid)
    sector = get_object_or_404(Sector.objects.filter(station=survey.station_id), slug=slug)
    if not can_enter_paper(user, sector):
        raise Http404
    if request.method != "POST":
        return _page(request, survey, sector, PaperForm())
    form, key = PaperForm(request.POST), _key(request)
    if not takes_paper_on(survey, timezone.localdate()):
        return _page(request, survey, sector, form, key, status=HTTPStatus.CONFLICT)
    if not form.is_valid() or key is None:
        return _page(request, survey, sector, form, key, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = {"round": survey, "sector": sector, "channel": SurveyAnswer.Channel.PAPER, **form.cleaned_data}
    with transaction.atomic():
        _answer, is_new = SurveyAnswer.objects.get_or_create(pk=key, defaults=answer)
        if is_new:
            count_sheet(survey, sector, user)
    _count(request, survey, sector, more=int(is_new))
    messages.success(request, _("Saved."))
    return redirect("contacts:survey_paper", uuid, slug)


def _key(request: HttpRequest) -> uuids.UUID | None:
    """Return the number of the form: the same one sent twice is one answer."""
    try:
        return uuids.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _count(request: HttpRequest, survey: SurveyRound, sector: Sector, *, more: int = 0) -> int:
    """Return how many sheets of the sector this account has typed in today, and add `more` to them."""
    today, place = str(timezone.localdate()), f"{survey.uuid}/{sector.slug}"
    kept: dict[str, Any] = request.session.get(SESSION, {})
    counts: dict[str, Any] = kept if kept.get("day") == today else {"day": today}
    count: int = counts.get(place, 0) + more
    if more:
        request.session[SESSION] = counts | {place: count}
    return count


def _page(
    request: HttpRequest,
    survey: SurveyRound,
    sector: Sector,
    form: PaperForm,
    key: uuids.UUID | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "survey": survey,
        "sector": sector,
        "form": form,
        "key": key or uuids.uuid4(),
        "is_without_key": form.is_bound and key is None and not form.errors,
        "count": _count(request, survey, sector),
        "takes_paper": takes_paper_on(survey, today),
        "is_to_come": survey.opens_on > today,
        "paper_until": paper_until(survey),
    }
    return render(request, "contacts/survey_paper.html", context, status=status)
