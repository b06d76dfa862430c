"""`POST /api/v1/locate/bulk`: up to 10,000 positions and addresses at once, answered one by one while they are found.

The answer begins at once and is written in small pieces, so a list of any length takes as much memory as its
question; whoever hangs up stops the work. An item that is no place gets its own problem, the rest their answers.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice

import orjson
from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import limits, outage
from contacts.api import bulk_items
from contacts.api.answers import outcome_as_json
from contacts.api.buckets import client_of
from contacts.api.bulk_items import Item
from contacts.api.problems import Refused, described
from contacts.api.sharing import EXPOSED, away, open_to_programs, rate, too_many
from sectors import lookup

WINDOW = datetime.timedelta(hours=1)
# So many answers are written together.
LINES_AT_ONCE = 50
# A thread is busy as long as an answer is written; the site's pages need the others.
LISTS_AT_ONCE = 2
# What is not found by then is not looked for.
LONGEST_SECONDS = 300.0
BUSY_SECONDS = 10

_places = threading.BoundedSemaphore(LISTS_AT_ONCE)


@open_to_programs("POST")
def locate_bulk(request: HttpRequest) -> StreamingHttpResponse:
    """Answer each item of a list as `locate` does, in the order of the list."""
    bulk_items.check_head(request)
    allowance = _count(request)
    items = bulk_items.read(request)
    if not _places.acquire(blocking=False):
        raise Refused(
            503,
            _("Other lists are being answered at this moment. Try again in a few seconds."),
            {"Retry-After": str(BUSY_SECONDS)},
        )
    as_array = _wants_array(request.headers.get("Accept", ""))
    return StreamingHttpResponse(
        Written(_lines(request, items), _places.release, as_array=as_array),
        headers={
            "Content-Type": "application/json" if as_array else bulk_items.NDJSON,
            "Cache-Control": "no-store",
            "Access-Control-Expose-Headers": EXPOSED,
            "X-Accel-Buffering": "no",  # a proxy that gathers the answer first would keep it from its reader
            **allowance,
        },
    )


class Written:
    """The lines of an answer in pieces, made as they are asked for. Its place is free again when they have been read,
    or when the server closes the answer because nobody reads on.
    """

    def __init__(self, lines: Iterator[bytes], release: Callable[[], None], *, as_array: bool) -> None:
        self._pieces = _array(lines) if as_array else _pieces(lines, b"\n", b"\n")
        self._release: Callable[[], None] | None = release

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._pieces
        finally:
            self.close()

    def close(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()


def _array(lines: Iterator[bytes]) -> Iterator[bytes]:
    yield b"["
    first = next(lines, None)
    if first is not None:
        yield first
        for piece in _pieces(lines, b",", b""):
            yield b"," + piece
    yield b"]"


def _pieces(lines: Iterator[bytes], between: bytes, behind: bytes) -> Iterator[bytes]:
    while some := list(islice(lines, LINES_AT_ONCE)):
        yield between.join(some) + behind


def _lines(request: HttpRequest, items: Iterator[Item]) -> Iterator[bytes]:
    """Yield the answer of each item. While the database is away, addresses are not even asked for."""
    give_up_at = time.monotonic() + LONGEST_SECONDS
    is_away = False
    known: dict[str, bytes] = {}
    for item in items:
        try:
            if time.monotonic() > give_up_at:
                raise Refused(503, _("There was no time left for this one. Ask for fewer at once."))
            if is_away and item.address is not None:
                raise away()
            answer = _answer(request, item, known)
        except Refused as refusal:
            answer = _problem(refusal.status, refusal.detail)
        except (lookup.InvalidPosition, lookup.InvalidAddress) as error:
            answer = _problem(422, str(error))
        except outage.OUTAGE:
            is_away = True
            answer = _problem(503, outage.sentence())
        yield b'{"id":' + orjson.dumps(item.id) + b"," + answer[1:]


def _answer(request: HttpRequest, item: Item, known: dict[str, bytes]) -> bytes:
    """Return the answer of `locate`; an address that stands in the list twice is looked up once."""
    if item.refusal is not None:
        raise item.refusal
    if item.address is None:
        return outcome_as_json(request, lookup.locate_point(item.lon, item.lat))
    answer = known.get(item.address)
    if answer is None:
        answer = known[item.address] = outcome_as_json(request, lookup.locate_address(item.address))
    return answer


def _problem(status: int, detail: str) -> bytes:
    return orjson.dumps({"problem": described(status, detail)})


def _count(request: HttpRequest) -> dict[str, str]:
    """Count a list of this client's, for all processes. Raises Refused when they were too many this hour."""
    limit = settings.INTERFACE_BULK_AN_HOUR
    count = limits.count_one("bulk", client_of(request), window=WINDOW)
    reset = (limits.free_again_at(WINDOW) - timezone.now()).total_seconds()
    if count > limit:
        raise too_many(reset, limit=limit)
    return rate(limit, limit - count, max(1, round(reset)))


def _wants_array(accepted: str) -> bool:
    return "application/json" in accepted.lower() and "ndjson" not in accepted.lower()
