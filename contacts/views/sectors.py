"""The list of sectors, and the page of one sector with its officer."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from contacts.compass import direction
from contacts.forms.find import FindForm
from contacts.found_place import FoundPlace
from contacts.listing import Caretaker, Row, answers_of, grouped, matching, reading_order, rows_of
from contacts.publishing.places import letter_of, marks_of, places_of
from contacts.publishing.told import Told, told_in
from contacts.sector_map import features_of
from contacts.take_along.addresses import absolute
from contacts.views.kept import kept
from contacts.views.public import public_page
from sectors import division
from sectors.division import Division, PublicSector

ROWS_PER_PAGE = 200
# So many are read at once on a sector's page; the others open by a touch.
OPEN_EVENTS = 2
OPEN_NOTICES = 2
# A longer notice is folded up wherever it stands; in characters.
SHORT = 900


@public_page
def sector_list(request: HttpRequest) -> HttpResponse:
    """List the sectors in force; `?q=` filters by words, `?page=` turns pages of long lists."""
    current = division.current()
    text = request.GET.get("q", "")[:100]
    found = matching(reading_order(current), text)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    answers = answers_of(page.object_list)
    context = {"text": text, "page": page, "total": len(current.sectors)}
    is_htmx = request.headers.get("HX-Request") == "true"
    template = "contacts/includes/sector_answer.html" if is_htmx else "contacts/sector_list.html"

    def write() -> HttpResponse:
        return render(request, template, {**context, "stations": grouped(rows_of(page.object_list, answers))})

    response = kept(request, (current.edition, answers), write)
    patch_vary_headers(response, ("HX-Request",))
    return response


@public_page
def sector_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a sector's officer, how to reach them, and all that they tell; `?found=`: by which place it was found."""
    current = division.current()
    sector = current.by_slug.get(slug)
    if sector is None:
        raise Http404(_("There is no such sector."))
    shown = (sector, *current.neighbours(sector))
    answers = answers_of(shown)
    # "Today" and "tomorrow" are on the page.
    told, today = told_in(sector.id), timezone.localdate()

    def write() -> HttpResponse:
        context = {
            "place": _place(request, current, sector),
            **_sector_context(current, rows_of(shown, answers)),
            **_told_context(told),
            "today": today,
            "page_address": absolute("sector_detail", sector.slug),
        }
        return render(request, "contacts/sector_detail.html", context)

    return kept(request, (current.edition, answers, told, today), write)


def _told_context(told: Told) -> dict[str, Any]:
    """Describe what is told: what is news first, the rest folded up, so that the page is no wall."""
    places = places_of(told)
    events = [(event, letter_of(event, places)) for event in told.events]
    return {
        "told": told,
        "hours": [(hours, letter_of(hours, places)) for hours in told.hours],
        "events": events[:OPEN_EVENTS],
        "later_events": events[OPEN_EVENTS:],
        "notices": [
            (notice, place < OPEN_NOTICES and len(notice.said + notice.text) <= SHORT)
            for place, notice in enumerate(told.notices)
        ],
        "marks": marks_of(places),
    }


def _sector_context(current: Division, rows: tuple[Row, ...]) -> dict[str, Any]:
    """Describe the first row's sector; the other rows are its neighbours."""
    row, *neighbours = rows
    sector = row.sector
    here = current.label_point(sector)
    return {
        "form": FindForm(),
        "sector": sector,
        "answer": row.answer,
        "caretaker": Caretaker.of(sector.district),
        "neighbours": [(other, direction(here, current.label_point(other.sector))) for other in neighbours],
        "features": features_of(current, rows),
    }


def _place(request: HttpRequest, current: Division, sector: PublicSector) -> FoundPlace | None:
    token = request.GET.get("found", "")
    return FoundPlace.from_token(token, sector, current) if token else None
