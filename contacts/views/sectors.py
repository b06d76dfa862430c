"""The list of sectors, and the page of one sector with its officer."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from contacts.compass import direction
from contacts.forms import FindForm
from contacts.found_place import FoundPlace
from contacts.listing import Caretaker, Row, answers_of, grouped, matching, reading_order, rows_of
from contacts.sector_map import features_of
from contacts.views.kept import kept
from contacts.views.public import public_page
from sectors import division
from sectors.division import Division, PublicSector

ROWS_PER_PAGE = 200


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
    response["Vary"] = "HX-Request"
    return response


@public_page
def sector_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a sector's officer, colleagues, neighbours and map; `?found=` says by which place it was found."""
    current = division.current()
    sector = current.by_slug.get(slug)
    if sector is None:
        raise Http404(_("There is no such sector."))
    shown = (sector, *current.neighbours(sector))
    answers = answers_of(shown)

    def write() -> HttpResponse:
        context = {
            "place": _place(request, current, sector),
            **_sector_context(current, rows_of(shown, answers)),
        }
        return render(request, "contacts/sector_detail.html", context)

    return kept(request, (current.edition, answers), write)


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
