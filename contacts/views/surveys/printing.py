"""A survey's sheet for staff to print and to hand out: `station/surveys/<uuid>/sectors/<slug>/print.pdf`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from audit.reads import shows_nothing_personal
from contacts.models import SurveyRound
from contacts.permissions import can_tell_public
from contacts.printing.survey import survey_sheet
from sectors import division
from sectors.models import Sector
from sectors.printing import pdf_response

if TYPE_CHECKING:
    from officers.models import User


@require_safe
@shows_nothing_personal
def survey_print(request: HttpRequest, uuid: UUID, slug: str) -> HttpResponse:
    """Hand out the sheet of a sector in force; it names nobody."""
    user = cast("User", request.user)
    rounds = SurveyRound.objects.visible_to(user).select_related("station")
    survey: SurveyRound = get_object_or_404(rounds, uuid=uuid)
    sector = get_object_or_404(Sector, station=survey.station, slug=slug)
    public = division.current().by_slug.get(sector.slug)
    if public is None or not can_tell_public(user, sector):
        raise Http404
    return pdf_response(survey_sheet(survey, public), f"survey-{sector.slug}.pdf")
