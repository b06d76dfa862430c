"""The sector's leaflet for everybody. Making one takes about a second, so each is made once and kept."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Hashable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from contacts.models import PrintRun
from contacts.printing.facts import Facts, facts_of, version_of
from contacts.printing.making import rendered
from contacts.views.public import open_to_everybody
from sectors import division

# Some 60 kB each.
LEAFLETS_KEPT = 300
# A process makes one at a time, lets two more wait, and spends no more than a part of each minute on it.
MOST_AT_ONCE, MOST_PER_MINUTE = 3, 20
RETRY_AFTER_SECONDS = 20

Leaflet = tuple[bytes, str]


class Busy(Exception):
    """So many leaflets are being made that this one has to be asked for again."""


class Kept:
    """The leaflets that this process has made, the oldest first, by all that they say."""

    def __init__(self) -> None:
        self._leaflets: dict[Hashable, Leaflet] = {}
        self._making = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._begun: deque[float] = deque(maxlen=MOST_PER_MINUTE)

    def get(self, facts: Facts) -> Leaflet:
        """Return the leaflet with its ETag, made now if it is not there. Raises Busy."""
        language, today = get_language() or settings.LANGUAGE_CODE, timezone.localdate()
        # Streets and neighbours are read anew with each division, and each day.
        key = (division.current().edition, facts, language, today)
        return self._leaflets.get(key) or self._made(key, facts, language)

    def _made(self, key: Hashable, facts: Facts, language: str) -> Leaflet:
        if not self._waiting.acquire(blocking=False):
            raise Busy
        try:
            with self._making:
                if key not in self._leaflets:
                    self._count()
                    self._keep(key, _leaflet(facts, language))
                return self._leaflets[key]
        finally:
            self._waiting.release()

    def _count(self) -> None:
        now = time.monotonic()
        if len(self._begun) == MOST_PER_MINUTE and now - self._begun[0] < 60:
            raise Busy
        self._begun.append(now)

    def _keep(self, key: Hashable, leaflet: Leaflet) -> None:
        while len(self._leaflets) >= LEAFLETS_KEPT:
            del self._leaflets[next(iter(self._leaflets))]
        self._leaflets[key] = leaflet


kept = Kept()


def _leaflet(facts: Facts, language: str) -> Leaflet:
    month = timezone.localdate().replace(day=1)
    content = rendered(
        facts,
        PrintRun.Kind.LEAFLET,
        language,
        code=version_of((facts, language, month)),
        address=settings.SITE_URL + reverse("contacts:sector_detail", args=[facts.sector.slug]),
        made_on=month,
    )
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


# Not `public_page`: a PDF is compressed already.
@open_to_everybody
@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
@conditional_page
def leaflet(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the leaflet of a sector in force as a PDF; 503 with a word while too many are asked for at once."""
    sector = division.current().by_slug.get(slug)
    if sector is None:
        raise Http404(_("There is no such sector."))
    try:
        content, etag = kept.get(facts_of(sector))
    except Busy:
        response = render(request, "contacts/leaflet_busy.html", {"sector": sector}, status=503)
        response["Retry-After"] = RETRY_AFTER_SECONDS
        return response
    named = {"ETag": etag, "Content-Disposition": f'inline; filename="{sector.slug}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=named)
