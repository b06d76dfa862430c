"""A citizen answers a station's survey: `/sectors/<slug>/survey/`, by a sheet's code or from the sector's page.

Nothing is known of who answers, and no cookie is set. Whatever cannot be taken comes back with all that was chosen.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import limits, outage
from contacts.forms.survey import SurveyForm
from contacts.listing import Caretaker
from contacts.messages.guarding.form_token import FormToken
from contacts.models import SurveyAnswer, SurveyRound
from contacts.views.message_page import message_page
from officers.responsibility import answerable
from sectors import division
from sectors.division import PublicSector

logger = logging.getLogger(__name__)

DAY = datetime.timedelta(days=1)
# From one address about one sector: a family or a housing block shares one. A mobile network's is many sectors'.
MOST_A_DAY = 20


@message_page
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the questions while the station asks them, take the answers, and thank for them (`?sent`)."""
    if request.method == "POST":
        return _take(request, slug)
    try:
        sector = _sector(slug)
        if "sent" in request.GET:
            return _thanks(request, sector)
        found = _open_round(sector)
    except outage.OUTAGE as error:
        return outage.page(request, error)
    return (
        _show(request, Sent(slug, SurveyForm(), None, sector, found)) if found else _closed(request, sector)
    )


@dataclass
class Sent:
    """One form with what was chosen in it; without `token` it is a new one, or none that this site has signed.

    `sector` and `found`, the open round, are None as long as they are not known: the database may be away.
    """

    slug: str
    form: SurveyForm
    token: FormToken | None
    sector: PublicSector | None = None
    found: SurveyRound | None = None


def _take(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a sending; whatever fails below, an outage or a row that the database refuses, it can be sent again."""
    token = FormToken.read(request.POST.get("form_token", ""), _purpose(slug))
    sent = Sent(slug, SurveyForm(request.POST), token)
    try:
        return _answered(request, sent)
    except Error:
        logger.exception("An answer to a survey could not be received")
        response = _show(request, sent, "down", HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = str(outage.RETRY_AFTER_SECONDS)
        return response


def _answered(request: HttpRequest, sent: Sent) -> HttpResponse:
    sent.sector, now = _sector(sent.slug), timezone.now()
    if sent.token and SurveyAnswer.objects.filter(pk=sent.token.key).exists():
        return _to_thanks(sent.slug)
    sent.found = _open_round(sent.sector)
    if sent.found is None:
        return _closed(request, sent.sector, HTTPStatus.CONFLICT)
    if not sent.form.is_valid():
        return _show(request, sent, "", HTTPStatus.UNPROCESSABLE_ENTITY)
    if sent.token is None or sent.token.is_too_old(now):
        sent.token = None
        return _show(request, sent, "old", HTTPStatus.UNPROCESSABLE_ENTITY)
    who = f"{limits.address_of(request)} {sent.slug}"
    if not limits.allowed("survey", who, limit=MOST_A_DAY, window=DAY, now=now):
        return _too_many(request, sent, now)
    answer = SurveyAnswer(
        pk=sent.token.key, round=sent.found, sector_id=sent.sector.id, **sent.form.cleaned_data
    )
    # The same form at the same instant, from a second press: one answer.
    SurveyAnswer.objects.bulk_create([answer], ignore_conflicts=True)
    return _to_thanks(sent.slug)


def _sector(slug: str) -> PublicSector:
    sector = division.current().by_slug.get(slug)
    if sector is None:
        raise Http404(_("There is no such sector."))
    return sector


def _open_round(sector: PublicSector) -> SurveyRound | None:
    rounds = SurveyRound.objects.open_on(timezone.localdate())
    return rounds.filter(station__slug=sector.station.slug).first()


def _purpose(slug: str) -> str:
    return f"survey:{slug}"


def _to_thanks(slug: str) -> HttpResponseRedirect:
    address = reverse("contacts:survey", args=[slug]) + "?sent"
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


def _too_many(request: HttpRequest, sent: Sent, now: datetime.datetime) -> HttpResponse:
    free_at = limits.free_again_at(DAY, now=now)
    response = _show(request, sent, "many", HTTPStatus.TOO_MANY_REQUESTS, free_at=free_at)
    response["Retry-After"] = str(round((free_at - now).total_seconds()) + 1)
    return response


def _show(
    request: HttpRequest, sent: Sent, notice: str = "", status: HTTPStatus = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    """Show the questions with what was chosen. No query: while the database is away there is no last day, either."""
    token = sent.token or FormToken.new(timezone.now())
    context = {
        "slug": sent.slug,
        "sector": sent.sector,
        "round": sent.found,
        "form": sent.form,
        "form_token": token.signed(_purpose(sent.slug)),
        "notice": notice,
        **more,
    }
    return render(request, "contacts/survey.html", context, status=status)


def _closed(request: HttpRequest, sector: PublicSector, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """Say that nothing is asked at the moment; to a form that comes too late, that it is not counted."""
    context = {"sector": sector, "is_late": status != HTTPStatus.OK}
    return render(request, "contacts/survey_closed.html", context, status=status)


def _thanks(request: HttpRequest, sector: PublicSector) -> HttpResponse:
    """Thank, and say who the officer is: now it answers no question any more. No query."""
    context = {
        "sector": sector,
        "answer": answerable(sector.id),
        "caretaker": Caretaker.of(sector.district),
    }
    return render(request, "contacts/survey_thanks.html", context)
