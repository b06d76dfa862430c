"""The map of all sectors, and the data that it draws."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from contacts.listing import answers_of, grouped, reading_order, rows_of
from contacts.sector_map import document
from contacts.views.kept import kept, takes_gzip
from contacts.views.public import open_to_everybody, public_page
from contacts.views.sectors import ROWS_PER_PAGE
from sectors import division


@public_page
def sector_map(request: HttpRequest) -> HttpResponse:
    """Show the whole map, and beside it the list that says the same."""
    current = division.current()
    page = Paginator(reading_order(current), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    answers = answers_of(page.object_list)

    def write() -> HttpResponse:
        context = {"page": page, "stations": grouped(rows_of(page.object_list, answers))}
        return render(request, "contacts/map.html", context)

    return kept(request, (current.edition, answers), write)


@open_to_everybody
@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
@conditional_page
def sectors_geojson(request: HttpRequest) -> HttpResponse:
    """Answer the sectors in force, simplified, as GeoJSON (degrees, EPSG:4326)."""
    latest = document()
    is_compressed = takes_gzip(request.headers.get("Accept-Encoding", ""))
    body = latest.compressed if is_compressed else latest.body
    response = HttpResponse(body, content_type="application/geo+json")
    response["ETag"] = latest.etag
    if is_compressed:
        response["Content-Encoding"] = "gzip"
    # Public as it is, and of use on other sites' maps.
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
