"""What a program is answered: the outcome of a look-up as plain data (design, section 5)."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from django.urls import reverse

from contacts.publishing.told import Position, PublicAnswerTime, PublicEvent, PublicHours, PublicNotice, Told
from officers.responsibility import Answer, answerable
from sectors.division import PublicSector
from sectors.lookup import Ambiguous, Choice, Found, NearBorder, Outcome

# Of so many days it is told that hours take place.
NEXT_DAYS = 6


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


def told_as_json(site: str, sector: PublicSector, answer: Answer, told: Told) -> dict[str, Any]:
    """Return what is told about a sector besides its officer, and what there is to take along."""
    return {
        "hours": [_hours(row) for row in told.hours],
        "notices": [_notice(row) for row in told.notices],
        "events": [_event(row) for row in told.events],
        "answer_time": told.answer_time and _answer_time(told.answer_time),
        "links": _links(site, sector, answer),
    }


def _hours(row: PublicHours) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "weekday": row.weekday,
        "week": row.week,
        "begins": f"{row.begins:%H:%M}",
        "ends": f"{row.ends:%H:%M}",
        "until": row.until,
        "next_days": row.days[:NEXT_DAYS],
        "cancelled_days": row.cancelled,
        "place": row.place,
        "address": row.address,
        "position": _position(row.position),
        "note": _words(row, "note"),
    }


def _notice(row: PublicNotice) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "kind": row.kind,
        "title": _words(row, "title"),
        "said": _words(row, "said"),
        "text": _words(row, "text"),
        "shown_from": row.shown_from,
        "is_of_station": row.is_of_station,
    }


def _event(row: PublicEvent) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "title": _words(row, "title"),
        "text": _words(row, "text"),
        "begins_at": row.begins_at,
        "ends_at": row.ends_at,
        "place": row.place,
        "position": _position(row.position),
        "is_cancelled": row.is_cancelled,
    }


def _answer_time(time: PublicAnswerTime) -> dict[str, Any]:
    return {
        "since": time.since,
        "answered": time.answered,
        "median_hours": time.median_hours,
        "p90_hours": time.p90_hours,
    }


def _words(row: Any, name: str) -> dict[str, str]:
    return {"en": getattr(row, f"{name}_en"), "da": getattr(row, f"{name}_da")}


def _position(position: Position | None) -> dict[str, float] | None:
    return {"lat": position[1], "lon": position[0]} if position else None


def _links(site: str, sector: PublicSector, answer: Answer) -> dict[str, str | None]:
    def address(name: str) -> str:
        return site + reverse(f"contacts:{name}", args=[sector.slug])

    return {
        "page": address("sector_detail"),
        "message": address("message_leave"),
        "card_vcf": address("card_vcf") if answer.officer else None,
        "qr_svg": address("qr"),
        "leaflet_pdf": address("leaflet"),
        "events_ics": address("events_ics"),
        "notices_atom": address("notices_atom"),
    }
