"""The public interface for programs, described by OpenAPI at /api/v1/openapi.json (design, section 5).

The shapes in `contacts.schemas` describe the answers; these are written as they are, without a second pass of
validation over every answer. A test holds the two together.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import parse_qsl

import orjson
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from contacts import outage
from contacts.answers import outcome_as_json, site_of, with_officer
from contacts.schemas import LocateOut, Problem, SectorAndOfficerOut, SectorsOut, SuggestionsOut
from sectors import address_search, division, lookup
from sectors.lookup import Outcome

logger = logging.getLogger(__name__)

api = NinjaAPI(
    title="Your Police Officer",
    version="1",
    description="Which sector a place belongs to, and which police officer answers for it.",
    urls_namespace="api-v1",
)


class BadRequest(ValueError):
    """A request that asks for nothing, or for two things at once."""


@login_not_required
@csrf_exempt
@require_safe
def locate(request: HttpRequest) -> HttpResponse:
    """Answer `/api/v1/locate`; routed to directly: ninja's dispatch costs as much as the look-up itself."""
    try:
        outcome = _outcome(**_parameters(request, "lat", "lon", "address"))
    except (BadRequest, lookup.InvalidPosition, lookup.InvalidAddress) as error:
        return problem(422, str(error))
    except outage.OUTAGE as error:
        return _away(request, error)
    return HttpResponse(outcome_as_json(request, outcome), content_type="application/json")


@api.get(
    "/locate",
    response={200: LocateOut, 422: Problem, 503: Problem},
    summary="Find sector and officer",
    url_name="locate",
)
def described_locate(
    request: HttpRequest,
    lat: float | None = Query(None, ge=-90, le=90, description="Latitude in degrees (EPSG:4326)."),
    lon: float | None = Query(None, ge=-180, le=180, description="Longitude in degrees (EPSG:4326)."),
    address: str | None = Query(None, description="A street and a house number, as a person types them."),
) -> HttpResponse:
    """Give either `lat` and `lon`, or `address`."""
    return locate(request)


@login_not_required
@csrf_exempt
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """Answer `/api/v1/addresses`, asked at every key that a citizen types; routed to directly, as `locate` is."""
    try:
        typed = _parameters(request, "q")["q"]
        if typed is None:
            raise BadRequest(_("Give q, the beginning of an address."))
        found = address_search.suggest(lookup.clean_address(typed))
    except (BadRequest, lookup.InvalidAddress) as error:
        return problem(422, str(error))
    except outage.OUTAGE as error:
        return _away(request, error)
    return answer_json({"suggestions": found})


@api.get(
    "/addresses",
    response={200: SuggestionsOut, 422: Problem, 503: Problem},
    summary="Complete an address",
    url_name="addresses",
)
def described_addresses(
    request: HttpRequest, q: str = Query(..., description="The beginning of an address.")
) -> HttpResponse:
    return addresses(request)


@api.get("/sectors", response=SectorsOut, summary="All sectors with their officers")
def sectors(request: HttpRequest) -> HttpResponse:
    return answer_json(
        {"sectors": [with_officer(site_of(request), sector) for sector in division.current().sectors]}
    )


@api.get("/sectors/{slug}", response={200: SectorAndOfficerOut, 404: Problem}, summary="One sector")
def sector(request: HttpRequest, slug: str) -> HttpResponse:
    found = division.current().by_slug.get(slug)
    if found is None:
        return problem(404, _("There is no sector of this name."))
    return answer_json(with_officer(site_of(request), found))


def answer_json(data: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), content_type="application/json")


def problem(status: int, detail: str) -> HttpResponse:
    title = {
        404: _("Not found"),
        422: _("The request cannot be understood"),
        503: _("Not available at the moment"),
    }[status]
    body = Problem(title=title, status=status, detail=detail)
    return HttpResponse(body.model_dump_json(), content_type="application/problem+json", status=status)


@api.exception_handler(BadRequest)
@api.exception_handler(lookup.InvalidPosition)
@api.exception_handler(lookup.InvalidAddress)
def _invalid(request: HttpRequest, error: ValueError) -> HttpResponse:
    return problem(422, str(error))


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(422, "; ".join(f"{row['loc'][-1]}: {row['msg']}" for row in error.errors))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("The database does not answer", exc_info=error)
    response = problem(503, outage.sentence())
    response["Retry-After"] = outage.RETRY_AFTER_SECONDS
    return response


@login_not_required
@csrf_exempt
def unknown(request: HttpRequest, path: str) -> HttpResponse:
    """Answer whatever else begins like the interface's addresses: a program cannot read the site's own 404."""
    return problem(404, _("There is nothing at this address."))


def public_urls() -> list[URLPattern]:
    """Return the interface's URL patterns, open to everybody."""
    patterns = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    for pattern in patterns:
        login_not_required(pattern.callback)
    return [*patterns, path("<path:path>", unknown)]


def _outcome(lat: str | None, lon: str | None, address: str | None) -> Outcome:
    if address is not None and lat is None and lon is None:
        return lookup.locate_address(address)
    if address is None and lat is not None and lon is not None:
        return lookup.locate_point(*lookup.parse_position(lat, lon))
    raise BadRequest(_("Give either lat and lon, or address."))


# As many fields as nobody's question has: more are not even read.
MAX_PARAMETERS = 20


def _parameters(request: HttpRequest, *names: str) -> dict[str, str | None]:
    """Return the named parameters of a request. Raises BadRequest where one is given twice, or too many are.

    Read from the query string itself: `request.GET` costs five times as much, more than the look-up.
    """
    # A server hands over the bytes of the request as if they were Latin-1 (PEP 3333).
    query = request.META["QUERY_STRING"].encode("latin-1").decode(errors="replace")
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError as error:
        raise BadRequest(_("These are too many parameters.")) from error
    given: dict[str, str | None] = dict.fromkeys(names)
    for name, value in fields:
        if name in given:
            if given[name] is not None:
                raise BadRequest(_("Give each parameter once."))
            given[name] = value
    return given
