"""What a list of places says: a JSON array, or lines of JSON (NDJSON), read into items."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.translation import gettext as _

from contacts.api.problems import Refused

NDJSON = "application/x-ndjson"
_LINES = (NDJSON, "application/ndjson", "application/jsonl", "application/jsonlines")
_ARRAY = "application/json"
MOST_ITEMS = 10_000
# 200 bytes for each item: an address of average length takes 60.
MOST_BYTES = 2_000_000
MOST_PASSED_OVER = 20_000_000
LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One place that is asked for: a position (degrees, EPSG:4326), an address, or why it is neither."""

    id: str | int | float | None = None
    address: str | None = None
    lat: float = 0.0
    lon: float = 0.0
    refusal: Refused | None = None


def check_head(request: HttpRequest) -> None:
    """Look at what is announced before anything is read. Raises Refused."""
    if request.content_type not in (_ARRAY, *_LINES):
        raise Refused(
            415,
            _("Send a JSON array as application/json, or lines of JSON as application/x-ndjson."),
            {"Accept-Post": f"{_ARRAY}, {NDJSON}"},
        )
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        raise Refused(411, _("Say by Content-Length how long the list is."))
    if int(length) > MOST_BYTES:
        _pass_over(request, int(length))
        raise Refused(413, _too_long())


def read(request: HttpRequest) -> Iterator[Item]:
    """Return the items of a list. Raises Refused where it is none, or has too many."""
    try:
        body = request.body
    except (UnreadablePostError, RawPostDataException) as error:
        raise Refused(422, _("The list did not arrive whole.")) from error
    return _of_lines(body) if request.content_type in _LINES else _of_array(body)


def _pass_over(request: HttpRequest, length: int) -> None:
    """Read what is too long and drop it: many programs look for an answer only when they have sent everything.

    Of what is far too long nothing is read; the server closes such a connection.
    """
    if length > MOST_PASSED_OVER:
        return
    with suppress(UnreadablePostError):
        while request.read(64 * 1024):
            pass


def _of_array(body: bytes) -> Iterator[Item]:
    try:
        items = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(422, _no_json(error, error.lineno)) from error
    if not isinstance(items, list):
        raise Refused(422, _("Send a list: a JSON array of positions and addresses."))
    if len(items) > MOST_ITEMS:
        raise Refused(422, _too_many(len(items)))
    return map(_item, items)


def _of_lines(body: bytes) -> Iterator[Item]:
    count = body.count(b"\n")
    if count > MOST_ITEMS:
        raise Refused(422, _too_many(count))
    lines = enumerate(body.split(b"\n"), start=1)
    return (_of_line(line, number) for number, line in lines if line.strip())


def _of_line(line: bytes, number: int) -> Item:
    try:
        return _item(orjson.loads(line))
    except orjson.JSONDecodeError as error:
        return Item(refusal=Refused(422, _no_json(error, number)))


def _item(said: Any) -> Item:
    """Read one item; what it says besides is passed over."""
    if not isinstance(said, dict):
        return Item(refusal=Refused(422, _("This is no object with lat and lon, or address.")))
    given = said.get("id")
    if not _is_id(given):
        return Item(
            refusal=Refused(422, _("An id is a number or a text of up to %d characters.") % LONGEST_ID)
        )
    lat, lon, address = (said.get(name) for name in ("lat", "lon", "address"))
    if address is not None and lat is None and lon is None:
        if isinstance(address, str):
            return Item(given, address)
        return Item(given, refusal=Refused(422, _("An address is a text.")))
    if address is not None or lat is None or lon is None:
        return Item(given, refusal=Refused(422, _("Give either lat and lon, or address.")))
    if not (_is_number(lat) and _is_number(lon)):
        return Item(
            given,
            refusal=Refused(422, _("Latitude and longitude must be numbers, such as 55.6959 and 12.5441.")),
        )
    return Item(given, lat=float(lat), lon=float(lon))


def _is_id(given: Any) -> bool:
    return given is None or _is_number(given) or (isinstance(given, str) and len(given) <= LONGEST_ID)


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _too_many(count: int) -> str:
    return _("Send up to %(most)d at once; these are %(count)d.") % {"most": MOST_ITEMS, "count": count}


def _too_long() -> str:
    return _("Send up to %d bytes at once.") % MOST_BYTES


def _no_json(error: orjson.JSONDecodeError, line: int) -> str:
    """Say where a text stops being JSON; what stands there is the parser's English."""
    said = {"line": line, "column": error.colno, "what": error.msg}
    return _("This is no JSON: line %(line)d, column %(column)d (%(what)s).") % said
