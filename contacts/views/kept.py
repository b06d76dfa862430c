"""Finished pages, kept in the process: to write one takes many times as long as all the rest of a request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

PAGES_KEPT = 500

# By language, address and facts, the oldest first. Facts that have changed make another key, so nothing is ever
# told from a page of yesterday; what is no longer asked for is pushed out.
_pages: dict[Hashable, tuple[bytes, str]] = {}


def kept(request: HttpRequest, facts: Hashable, render: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page that was made of equal facts for this address and language, or render it.

    `facts` must determine all that the page says. Pages that were asked for with a query are made anew: there is
    no end of queries.
    """
    if request.GET or request.headers.get("HX-Request"):
        return render()
    key = (get_language(), request.scheme, request.get_host(), request.path, facts)
    page = _pages.get(key)
    if page is None:
        content = render().content
        page = (content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        while len(_pages) >= PAGES_KEPT:
            _pages.pop(next(iter(_pages)), None)
        _pages[key] = page
    return HttpResponse(page[0], headers={"ETag": page[1]})
