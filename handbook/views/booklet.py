"""The handbook on paper: what a booklet will contain, and the booklet."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import nothing_personal, shown
from handbook.booklet.contents import booklet_of, chapters_of, standing_in
from handbook.booklet.making import RETRY_AFTER_SECONDS, Busy, pdf_of
from handbook.booklet.period import EVER, presets
from handbook.forms.booklet import BookletForm
from handbook.models import readable_stations, reading_language
from officers.models import User
from sectors.models import Station
from sectors.printing import pdf_response


@require_safe
def booklet(request: HttpRequest, station: str) -> HttpResponse:
    """Say what a booklet of the handbook contains, and ask which contributions it shall mark."""
    found = _readable(request, station)
    # Titles and counts name nobody.
    nothing_personal(request)
    has_chosen = "from" in request.GET or "to" in request.GET
    form = BookletForm(request.GET if has_chosen else _first_choice())
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, found, form, status)


@require_safe
def booklet_pdf(request: HttpRequest, station: str) -> HttpResponse:
    """Hand the booklet out; 422 with the page where it cannot be made, 503 while others are."""
    found = _readable(request, station)
    form = BookletForm(request.GET)
    if not form.is_valid():
        nothing_personal(request)
        return _page(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    language = form.chosen_language or reading_language()
    made = booklet_of(found, form.period, language)
    if not made.chapters or made.is_too_long:
        nothing_personal(request)
        context = {"is_too_long": made.is_too_long}
        return _page(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY, **context)
    try:
        content = pdf_of(made)
    except Busy:
        nothing_personal(request)
        response = _page(request, found, form, HTTPStatus.SERVICE_UNAVAILABLE, is_busy=True)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    shown(request, made.contributions, verb=ReadEntry.Verb.DOWNLOADED)
    return pdf_response(content, f"{found.slug}-{language}-{timezone.localdate(made.printed):%Y-%m-%d}.pdf")


def _readable(request: HttpRequest, slug: str) -> Station:
    return get_object_or_404(readable_stations(cast("User", request.user)), slug=slug)


def _first_choice() -> dict[str, Any]:
    lately = presets(timezone.localdate())[0].period
    return {"from": lately.first, "to": lately.last}


def _page(
    request: HttpRequest, station: Station, form: BookletForm, status: HTTPStatus, **why: bool
) -> HttpResponse:
    """Answer the page with what was chosen; days that are none are said and kept."""
    period = form.period if form.is_valid() else None
    chapters = chapters_of(station)
    printed = [chapter for chapter in chapters if chapter.text]
    context = {
        "station": station,
        "form": form,
        "language": form["language"].value() or reading_language(),
        "chapters": [(number, one) for number, one in enumerate(chapters, 1) if one.text],
        "missing": len(chapters) - len(printed),
        "inserted": standing_in(printed, EVER).count(),
        "period": period,
        "marked": standing_in(printed, period).count() if period else 0,
        "presets": presets(timezone.localdate()),
        **why,
    }
    return render(request, "handbook/booklet.html", context, status=status)
