"""What a program is answered: the outcome of a look-up as plain data (design, section 5)."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from django.urls import reverse

from officers.responsibility import Answer, answerable
from sectors.division import PublicSector
from sectors.lookup import Ambiguous, Choice, Found, NearBorder, Outcome


def outcome_as_json(request: HttpRequest, outcome: Outcome) -> bytes:
    """Return the body of the answer of `/api/v1/locate`."""
    if isinstance(outcome, Found):
        return _found(site_of(request), outcome.sector)
    return orjson.dumps(_described(site_of(request), outcome))


# Finished answers by site and sector, with the facts that they were made of: to write one takes longer than to look
# the sector up. Facts that have changed are other objects.
_finished: dict[tuple[str, int], tuple[PublicSector, Answer, bytes]] = {}
FINISHED_KEPT = 10_000


def _found(site: str, sector: PublicSector) -> bytes:
    answer = answerable(sector.id)
    known = _finished.get((site, sector.id))
    if known is not None and known[0] is sector and known[1] is answer:
        return known[2]
    body = orjson.dumps({"outcome": "found", **with_officer(site, sector, answer)})
    if len(_finished) >= FINISHED_KEPT:
        _finished.clear()
    _finished[site, sector.id] = (sector, answer, body)
    return body


def _described(site: str, outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case NearBorder(sector, neighbours):
            near = [
                {"sector": sector_as_json(site, near.sector), "distance_m": round(near.distance_m, 1)}
                for near in neighbours
            ]
            return {"outcome": "near_border", **with_officer(site, sector), "neighbours": near}
        case Ambiguous(choices):
            alternatives = [_choice(site, choice) for choice in choices]
            return {"outcome": "ambiguous", **with_officer(site, None), "choices": alternatives}
    return {"outcome": "outside", **with_officer(site, None)}


def site_of(request: HttpRequest) -> str:
    """Return the site's address as this request reached it, without a path."""
    return f"{request.scheme}://{request.get_host()}"


def sector_as_json(site: str, sector: PublicSector) -> dict[str, Any]:
    district, station = sector.district, sector.station
    return {
        "slug": sector.slug,
        "number": sector.number,
        "name": sector.name,
        "district": {"slug": district.slug, "name": district.name},
        "station": {"slug": station.slug, "name": station.name},
        "url": site + reverse("contacts:sector_detail", args=[sector.slug]),
    }


def officer_as_json(answer: Answer, url: str) -> dict[str, Any] | None:
    """Return who answers for a sector, with the address of their page; None while nobody does."""
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


def with_officer(site: str, sector: PublicSector | None, answer: Answer | None = None) -> dict[str, Any]:
    """Return a sector and who answers for it, now if `answer` does not say; both None where there is none."""
    if sector is None:
        return {"sector": None, "officer": None}
    described = sector_as_json(site, sector)
    return {
        "sector": described,
        "officer": officer_as_json(answer or answerable(sector.id), described["url"]),
    }


def _choice(site: str, choice: Choice) -> dict[str, Any]:
    return {
        "address": choice.address,
        "lat": choice.lat,
        "lon": choice.lon,
        "sector": choice.sector and sector_as_json(site, choice.sector),
    }
