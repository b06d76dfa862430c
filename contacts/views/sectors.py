"""The list of sectors, and the page of one sector with its officer."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.compass import direction
from contacts.forms import FindForm
from contacts.found_place import FoundPlace
from contacts.listing import Caretaker, Row, grouped, in_reading_order, matching
from contacts.sector_map import features_of
from contacts.views.public import public_page
from sectors import division
from sectors.division import Division, PublicSector

ROWS_PER_PAGE = 200
PAGES_KEPT = 500


@public_page
def sector_list(request: HttpRequest) -> HttpResponse:
    """List the sectors in force; `?q=` filters by words, `?page=` turns pages of long lists."""
    text = request.GET.get("q", "")[:100]
    sectors = in_reading_order(division.current().sectors)
    page = Paginator(matching(sectors, text), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"text": text, "page": page, "stations": grouped(page.object_list), "total": len(sectors)}
    is_htmx = request.headers.get("HX-Request") == "true"
    template = "contacts/includes/sector_answer.html" if is_htmx else "contacts/sector_list.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


@dataclass(frozen=True)
class SectorFacts:
    """All that one sector's page says. Equal facts make equal pages."""

    division: Division
    row: Row
    neighbours: tuple[Row, ...]

    @classmethod
    def now(cls, slug: str) -> SectorFacts:
        """Raises Http404 when no sector in force has this slug."""
        current = division.current()
        sector = current.by_slug.get(slug)
        if sector is None:
            raise Http404(_("There is no such sector."))
        return cls(current, Row.of(sector), tuple(Row.of(other) for other in current.neighbours(sector)))

    @property
    def context(self) -> dict[str, Any]:
        sector = self.row.sector
        here = self.division.label_point(sector)
        return {
            "form": FindForm(),
            "row": self.row,
            "sector": sector,
            "answer": self.row.answer,
            "caretaker": Caretaker.of(sector.district),
            "neighbours": [
                (other, direction(here, self.division.label_point(other.sector))) for other in self.neighbours
            ],
            "features": features_of([sector, *(other.sector for other in self.neighbours)]),
        }


# Pages by language, host and facts, oldest first: rendering takes many times as long as all the rest.
_pages: dict[Hashable, bytes] = {}


@public_page
def sector_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a sector's officer, colleagues, neighbours and map; `?found=` says by which place it was found."""
    facts = SectorFacts.now(slug)
    if request.GET:
        place = _place(request, facts.row.sector)
        return render(request, "contacts/sector_detail.html", {**facts.context, "place": place})
    key = (get_language(), request.scheme, request.get_host(), facts)
    content = _pages.get(key)
    if content is None:
        content = render(request, "contacts/sector_detail.html", facts.context).content
        _keep(key, content)
    return HttpResponse(content)


def _place(request: HttpRequest, sector: PublicSector) -> FoundPlace | None:
    token = request.GET.get("found", "")
    return FoundPlace.from_token(token, sector) if token else None


def _keep(key: Hashable, content: bytes) -> None:
    while len(_pages) >= PAGES_KEPT:
        _pages.pop(next(iter(_pages)), None)
    _pages[key] = content
