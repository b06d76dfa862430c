"""The documentation of the interface for programs: made of its OpenAPI document, with answers of this very site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contacts.api import bulk_items, describing, reading_aid
from contacts.api.answers import outcome_as_json, site_of, told_as_json, with_officer
from contacts.listing import reading_order
from contacts.publishing.told import told_in
from contacts.views.kept import kept
from contacts.views.public import public_page
from officers.responsibility import answerable
from sectors import division, lookup
from sectors.division import Division, PublicSector


@dataclass(frozen=True, slots=True)
class Example:
    request: str
    answer: str


@public_page
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show what programs may ask and what they are answered. No query while the copies are current."""
    current = division.current()
    sector = next(iter(reading_order(current)), None)
    facts = sector and (answerable(sector.id), told_in(sector.id))

    def write() -> HttpResponse:
        document = describing.document()
        examples = _examples(request, current, sector) if sector else {}
        context = {
            "about": document["info"]["description"],
            "operations": [
                (operation, examples.get(operation.name)) for operation in reading_aid.operations(document)
            ],
            "shapes": reading_aid.shapes(document),
            "per_second": settings.INTERFACE_READS_PER_SECOND,
            "at_once": settings.INTERFACE_READS_AT_ONCE,
            "an_hour": settings.INTERFACE_BULK_AN_HOUR,
            "most_items": bulk_items.MOST_ITEMS,
        }
        return render(request, "contacts/api_docs.html", context)

    return kept(request, (current.edition, facts), write)


def _examples(request: HttpRequest, current: Division, sector: PublicSector) -> dict[str, Example]:
    """Return by operation what this site answers about its first sector, without a query."""
    site, answer = site_of(request), answerable(sector.id)
    lon, lat = (round(degrees, 5) for degrees in current.label_point(sector))
    found = outcome_as_json(request, lookup.locate_point(lon, lat))
    both = with_officer(site, sector, answer)
    base = f"{site}/api/v1"
    items = orjson.dumps([{"id": 1, "lat": lat, "lon": lon}]).decode()
    return {
        "locate": Example(f"{base}/locate?{urlencode({'lat': lat, 'lon': lon})}", _pretty(found)),
        "locate_bulk": Example(
            f"curl {base}/locate/bulk \\\n  -H 'Content-Type: application/json' \\\n  -d '{items}'",
            (b'{"id":1,' + found[1:]).decode(),
        ),
        "sectors": Example(f"{base}/sectors", _pretty({"sectors": [both]})),
        "sector": Example(
            f"{base}/sectors/{sector.slug}",
            _pretty(both | told_as_json(site, sector, answer, told_in(sector.id))),
        ),
    }


def _pretty(answer: Any) -> str:
    data = orjson.loads(answer) if isinstance(answer, bytes) else answer
    return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()
