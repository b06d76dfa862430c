"""From what a citizen typed, tapped or allowed to the one officer: `/find/?q=…` and `/find/?lat=…&lon=…`."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from contacts import outage
from contacts.forms.find import FindForm
from contacts.found_place import FoundPlace
from contacts.listing import Row, stations_of
from contacts.sector_map import features_of
from contacts.views.public import public_page
from sectors import division
from sectors.division import Division
from sectors.lookup import (
    Ambiguous,
    Found,
    InvalidPosition,
    NearBorder,
    Outcome,
    Outside,
    locate_address,
    locate_point,
    parse_position,
)

logger = logging.getLogger(__name__)


@public_page
def find(request: HttpRequest) -> HttpResponse:
    """Answer an address or a position: on to the sector's page, or a page that asks or explains."""
    if request.GET.get("q"):
        return _find_address(request)
    if "lat" in request.GET or "lon" in request.GET:
        return _find_position(request)
    form = FindForm(request.GET if "q" in request.GET else None)
    return render(request, "contacts/find.html", {"form": form})


def _find_address(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET)
    if not form.is_valid():
        return render(request, "contacts/find.html", {"form": form}, status=422)
    try:
        current = division.current()
        outcome = locate_address(form.cleaned_data["q"], current)
    except outage.OUTAGE:
        logger.exception("An address could not be looked up")
        context = {"form": form, "outage": outage.sentence()}
        response = render(request, "contacts/find.html", context, status=503)
        response["Retry-After"] = outage.RETRY_AFTER_SECONDS
        return response
    return _answer(request, current, outcome, form)


def _find_position(request: HttpRequest) -> HttpResponse:
    current = division.current()
    try:
        lon, lat = parse_position(_only(request.GET, "lat"), _only(request.GET, "lon"))
        outcome = locate_point(lon, lat, current=current)
    except InvalidPosition as refusal:
        context = {"form": FindForm(), "refusal": str(refusal)}
        return render(request, "contacts/find.html", context, status=422)
    return _answer(request, current, outcome, FindForm(), position=(lon, lat))


def _only(query: QueryDict, name: str) -> str:
    """Return the one value of a parameter. Raises InvalidPosition where it is missing or given several times."""
    values = query.getlist(name)
    if len(values) != 1:
        raise InvalidPosition(_("A position needs one latitude and one longitude."))
    return values[0]


def _answer(
    request: HttpRequest,
    current: Division,
    outcome: Outcome,
    form: FindForm,
    position: tuple[float, float] = (0.0, 0.0),
) -> HttpResponse:
    """Show an outcome of the division `current`.

    `position` (longitude, latitude) is the place asked for, unless an address was.
    """
    match outcome:
        case Found(sector, address):
            lon, lat = position
            return redirect(FoundPlace.of(address, lat, lon).url(sector))
        case NearBorder():
            return render(
                request, "contacts/find_near.html", {"form": form, **_near(current, outcome, position)}
            )
        case Ambiguous():
            return render(request, "contacts/find_choices.html", {"form": form, **_choices(outcome)})
        case Outside():
            stations = stations_of(current.sectors)
            context = {"form": form, "outcome": outcome, "stations": stations}
            return render(request, "contacts/find_outside.html", context)


def _near(current: Division, outcome: NearBorder, position: tuple[float, float]) -> dict[str, Any]:
    address = outcome.address
    lon, lat = (address.lon, address.lat) if address else position
    owner = Row.of(outcome.sector) if outcome.sector else None
    neighbours = [Row.of(near.sector) for near in outcome.neighbours]
    return {
        "address": address,
        "owner": owner,
        "owner_url": FoundPlace.of(address, lat, lon).url(outcome.sector) if outcome.sector else "",
        "neighbours": [
            (row, near.distance_m) for row, near in zip(neighbours, outcome.neighbours, strict=True)
        ],
        "features": features_of(current, [owner, *neighbours] if owner else neighbours, around=(lon, lat)),
        "point": {"lat": lat, "lon": lon},
    }


def _choices(outcome: Ambiguous) -> dict[str, Any]:
    known = [choice for choice in outcome.choices if choice.sector]
    return {
        "choices": [
            (
                choice,
                Row.of(choice.sector),
                FoundPlace(choice.address, choice.lat, choice.lon).url(choice.sector),
            )
            for choice in known
            if choice.sector
        ],
        "elsewhere": [choice for choice in outcome.choices if not choice.sector],
    }
