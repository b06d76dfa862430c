"""Finished pages, kept in the process: to write one takes many times as long as all the rest of a request."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

PAGES_KEPT = 500
# A page names its own address, so it is kept for each host that the site goes by. Whoever asks can invent hosts (any
# port will do): they push out no other page than the one that was asked for.
HOSTS_KEPT = 2

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Page = tuple[bytes, str]

# By language, path and facts, the oldest first, then by host. Facts that have changed make another key, so nothing
# is ever told from a page of yesterday; what is no longer asked for is pushed out.
_pages: dict[Hashable, dict[str, Page]] = {}
_lock = threading.Lock()


def kept(request: HttpRequest, facts: Hashable, render: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page that was made of equal facts for this address and language, or render it.

    `facts` must determine all that the page says. Pages that were asked for with a query are made anew: there is
    no end of queries.
    """
    if request.GET or request.headers.get("HX-Request"):
        return render()
    key = (get_language(), request.path, facts)
    host = f"{request.scheme}://{request.get_host()}"
    page = _pages.get(key, {}).get(host)
    if page is None:
        content = render().content
        page = (content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        _keep(key, host, page)
    return HttpResponse(page[0], headers={"ETag": page[1]})


def _keep(key: Hashable, host: str, page: Page) -> None:
    with _lock:
        if key not in _pages:
            _make_room(_pages, PAGES_KEPT)
        by_host = _pages.setdefault(key, {})
        _make_room(by_host, HOSTS_KEPT)
        by_host[host] = page


def _make_room(pages: dict[K, V], limit: int) -> None:
    """Push out the oldest until one more fits; under the lock, because another thread may insert."""
    while len(pages) >= limit:
        del pages[next(iter(pages))]
