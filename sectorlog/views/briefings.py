"""Briefing sheets: the list, a sheet by hand, the sheet on screen and in print."""

from __future__ import annotations

import datetime
import uuid as uuids
from http import HTTPStatus
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.models import ReadEntry
from audit.reads import nothing_personal, shown
from officers.models import User
from sectorlog.briefings.making import make
from sectorlog.briefings.sheet import sheet_of
from sectorlog.forms.briefings import BriefingForm, headed_by
from sectorlog.models import Briefing
from sectors.printing import pdf, pdf_response

MOST_LISTED = 60


@require_safe
def briefing_list(request: HttpRequest) -> HttpResponse:
    """Show the sheets of one's districts, the latest first."""
    user = cast("User", request.user)
    standing = user.standing
    if not (standing.sectors or standing.districts or standing.stations):
        raise Http404
    # Districts and periods name nobody.
    nothing_personal(request)
    briefings = Briefing.objects.visible_to(user).select_related("district", "made_by")[:MOST_LISTED]
    context = {"briefings": briefings, "can_make": bool(standing.districts or standing.stations)}
    return render(request, "sectorlog/briefing_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_new(request: HttpRequest) -> HttpResponse:
    """Ask a head for a period (GET); make its sheet (POST)."""
    user = cast("User", request.user)
    if not headed_by(user).exists():
        raise Http404
    # Districts are everybody's to know.
    nothing_personal(request)
    is_sent = request.method == "POST"
    form = BriefingForm(request.POST if is_sent else None, user=user, initial=_last_week())
    if is_sent and form.is_valid():
        typed = form.cleaned_data
        return redirect(
            "sectorlog:briefing_detail", make(typed["district"], typed["first"], typed["last"], by=user).uuid
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    return render(request, "sectorlog/briefing_new.html", {"form": form}, status=status)


def _last_week() -> dict[str, datetime.date]:
    today = timezone.localdate()
    return {"first": today - datetime.timedelta(days=6), "last": today}


def _compiled(request: HttpRequest, uuid: uuids.UUID, verb: str) -> dict[str, Any]:
    """Return what the sheet shows to this account, and note it. Raises Http404 for other districts' sheets."""
    user = cast("User", request.user)
    seen = Briefing.objects.visible_to(user).select_related("district__station", "made_by")
    briefing = get_object_or_404(seen, uuid=uuid)
    sheet = sheet_of(briefing, user)
    shown(request, [briefing, *sheet.shown], verb=verb, sectors=[one.sector.pk for one in sheet.read])
    agreements = [cell.agreement for one in sheet.read for cell in one.neglected]
    shown(request, agreements, verb=verb, subject="sectorlog.groupinsector")
    return {"briefing": briefing, "sheet": sheet, "day": sheet.day}


@require_safe
def briefing_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the sheet, as far as the account reads the logs of its sectors."""
    context = _compiled(request, uuid, ReadEntry.Verb.SHOWN)
    return render(request, "sectorlog/briefing_detail.html", context)


@require_safe
def briefing_pdf(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Hand the sheet out to print."""
    context = _compiled(request, uuid, ReadEntry.Verb.DOWNLOADED)
    content = pdf("sectorlog/print/briefing.html", context)
    return pdf_response(content, f"{context['briefing'].district.slug}-{context['day']:%Y-%m-%d}.pdf")
