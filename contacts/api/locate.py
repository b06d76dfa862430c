"""`/api/v1/locate` and `/api/v1/addresses`: from a position or an address to sector and officer."""

from __future__ import annotations

from urllib.parse import parse_qsl

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from contacts.api.answers import outcome_as_json
from contacts.api.problems import Refused
from contacts.api.sharing import READING, open_to_programs
from sectors import address_search, lookup
from sectors.lookup import Outcome

# As many fields as nobody's question has: more are not even read.
MAX_PARAMETERS = 20
# Where somebody lives is in the question: no cache on the way keeps it.
_ANSWER = {"Content-Type": "application/json", "Cache-Control": "no-store"}
# Whoever deletes a letter has just been answered the same.
_SUGGESTED = {"Content-Type": "application/json", "Cache-Control": "private, max-age=60"}


@open_to_programs(*READING)
def locate(request: HttpRequest) -> HttpResponse:
    """Say which sector a position or an address belongs to, and who answers for it."""
    outcome = _outcome(**_parameters(request, "lat", "lon", "address"))
    return HttpResponse(outcome_as_json(request, outcome), headers=_ANSWER)


@open_to_programs(*READING)
def addresses(request: HttpRequest) -> HttpResponse:
    """Complete an address; asked at every key that a citizen types."""
    typed = _parameters(request, "q")["q"]
    if typed is None:
        raise Refused(422, _("Give q, the beginning of an address."))
    found = address_search.suggest(lookup.clean_address(typed))
    return HttpResponse(orjson.dumps({"suggestions": found}), headers=_SUGGESTED)


def _outcome(lat: str | None, lon: str | None, address: str | None) -> Outcome:
    if address is not None and lat is None and lon is None:
        return lookup.locate_address(address)
    if address is None and lat is not None and lon is not None:
        return lookup.locate_point(*lookup.parse_position(lat, lon))
    raise Refused(422, _("Give either lat and lon, or address."))


def _parameters(request: HttpRequest, *names: str) -> dict[str, str | None]:
    """Return the named parameters of a request. Raises Refused where one is given twice, or too many are.

    Read from the query string itself: `request.GET` costs five times as much, more than the look-up.
    """
    # A server hands over the bytes of the request as if they were Latin-1 (PEP 3333).
    query = request.META["QUERY_STRING"].encode("latin-1").decode(errors="replace")
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError as error:
        raise Refused(422, _("These are too many parameters.")) from error
    given: dict[str, str | None] = dict.fromkeys(names)
    for name, value in fields:
        if name in given:
            if given[name] is not None:
                raise Refused(422, _("Give each parameter once."))
            given[name] = value
    return given
