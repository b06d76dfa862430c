"""What a program is answered: the outcome of a look-up as plain data (design, section 5)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from officers.responsibility import answerable
from sectors.division import PublicSector
from sectors.lookup import Ambiguous, Choice, Found, NearBorder, Outcome


def outcome_as_json(request: HttpRequest, outcome: Outcome) -> dict[str, Any]:
    """Return the answer of `/api/v1/locate`."""
    match outcome:
        case Found(sector):
            return {"outcome": "found", **with_officer(request, sector)}
        case NearBorder(sector, neighbours):
            near = [
                {"sector": sector_as_json(request, near.sector), "distance_m": round(near.distance_m, 1)}
                for near in neighbours
            ]
            return {"outcome": "near_border", **with_officer(request, sector), "neighbours": near}
        case Ambiguous(choices):
            alternatives = [_choice(request, choice) for choice in choices]
            return {"outcome": "ambiguous", **with_officer(request, None), "choices": alternatives}
    return {"outcome": "outside", **with_officer(request, None)}


def sector_as_json(request: HttpRequest, sector: PublicSector) -> dict[str, Any]:
    district, station = sector.district, sector.station
    return {
        "slug": sector.slug,
        "number": sector.number,
        "name": sector.name,
        "district": {"slug": district.slug, "name": district.name},
        "station": {"slug": station.slug, "name": station.name},
        "url": f"{request.scheme}://{request.get_host()}{_sector_path(sector.slug, get_language())}",
    }


def officer_as_json(sector: PublicSector, url: str) -> dict[str, Any] | None:
    """Return who answers for the sector now, with the address of their page; None while it is vacant."""
    answer = answerable(sector.id)
    if answer.officer is None:
        return None
    return {
        "name": answer.officer.name,
        "title": answer.officer.title,
        "phone": answer.officer.phone,
        "email": answer.officer.email,
        "is_cover": answer.is_cover,
        "cover_until": answer.cover_until,
        "url": url,
    }


def with_officer(request: HttpRequest, sector: PublicSector | None) -> dict[str, Any]:
    """Return a sector and who answers for it now; both None where there is no sector."""
    if sector is None:
        return {"sector": None, "officer": None}
    described = sector_as_json(request, sector)
    return {"sector": described, "officer": officer_as_json(sector, described["url"])}


# Resolving the address of a page by name costs as much as the look-up itself.
@lru_cache(maxsize=16_384)
def _sector_path(slug: str, language: str) -> str:
    return reverse("contacts:sector_detail", args=[slug])


def _choice(request: HttpRequest, choice: Choice) -> dict[str, Any]:
    return {
        "address": choice.address,
        "lat": choice.lat,
        "lon": choice.lon,
        "sector": choice.sector and sector_as_json(request, choice.sector),
    }
