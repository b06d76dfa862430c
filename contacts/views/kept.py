"""Finished pages, kept in the process: to write one takes many times as long as all the rest of a request."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

PAGES_KEPT = 500
# A page names its own address, so it is kept for each host that the site goes by. Whoever asks can invent hosts (any
# port will do): they push out no other page than the one that was asked for.
HOSTS_KEPT = 2

# A shorter page fits into one packet anyway; `gzip_page` leaves those alone as well.
WORTH_COMPRESSING = 200
_NO_WEIGHT = re.compile(r"q\s*=\s*0(?:\.0*)?")

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes as they are and as gzip has them, once: to compress takes longer than all the rest of a request.

    Compressed bytes are others than those of the tag, which is weak then (RFC 9110, section 8.8.1).
    """

    content: bytes
    compressed: bytes
    etag: str

    @classmethod
    def of(cls, content: bytes) -> Page:
        is_worth_it = len(content) >= WORTH_COMPRESSING
        compressed = gzip.compress(content, mtime=0) if is_worth_it else b""
        return cls(content, compressed, f'"{hashlib.sha256(content).hexdigest()[:32]}"')

    def answer(self, request: HttpRequest) -> HttpResponse:
        if not self.compressed:
            return HttpResponse(self.content, headers={"ETag": self.etag})
        if takes_gzip(request.headers.get("Accept-Encoding", "")):
            headers = {"ETag": f"W/{self.etag}", "Content-Encoding": "gzip"}
            response = HttpResponse(self.compressed, headers=headers)
        else:
            response = HttpResponse(self.content, headers={"ETag": self.etag})
        patch_vary_headers(response, ("Accept-Encoding",))
        return response


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
        page = Page.of(render().content)
        _keep(key, host, page)
    return page.answer(request)


def takes_gzip(accepted: str) -> bool:
    """Say whether an Accept-Encoding names gzip with another weight than zero (RFC 9110, section 12.5.3)."""
    for coding in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in coding.split(";"))
        if name == "gzip":
            return not any(_NO_WEIGHT.fullmatch(parameter) for parameter in parameters)
    return False


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
