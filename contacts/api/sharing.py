"""What all addresses of the interface have in common: open to every site's scripts, limited, refusing in a sentence.

Any origin may read, because nothing here depends on who asks: no cookie is looked at, and none is set.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page

from contacts import outage
from contacts.api import buckets
from contacts.api.problems import Refused, problem
from sectors.lookup import InvalidAddress, InvalidPosition

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]

READING = ("GET", "HEAD")
PREFLIGHT_SECONDS = 24 * 60 * 60
# What a script of another site may see of an answer, besides what it may see of any.
EXPOSED = "ETag, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"


def open_to_programs(*methods: str) -> Callable[[View], View]:
    """Open a view to programs and to scripts of any site, for the given methods besides OPTIONS."""
    allowed = ", ".join((*methods, "OPTIONS"))

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                response = _answered(view, request, *args, **kwargs)
            elif request.method == "OPTIONS":
                response = _preflight(allowed)
            else:
                response = problem(405, _("Use one of these methods: %s.") % allowed, {"Allow": allowed})
            if request.method == "HEAD":
                _leave_out_content(response)
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        answer.csrf_exempt = True  # type: ignore[attr-defined]  # nobody is logged in, so there is nothing to forge
        answer.login_required = False  # type: ignore[attr-defined]  # what @login_not_required says
        return answer

    return decorate


def changing_seldom(view: View) -> View:
    """Let caches keep an answer, but ask each time whether it still holds: that costs a 304 without content."""
    view = conditional_page(view)
    view = cache_control(public=True, max_age=0, must_revalidate=True)(view)
    view = gzip_page(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response

    return answer


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    if wait := buckets.seconds_to_wait(request):
        return too_many(wait, limit=settings.INTERFACE_READS_AT_ONCE).answer()
    try:
        return view(request, *args, **kwargs)
    except Refused as refusal:
        return refusal.answer()
    except (InvalidPosition, InvalidAddress) as error:
        return problem(422, str(error))
    except outage.OUTAGE as error:
        logger.error("The database does not answer", exc_info=error)
        return away().answer()


def _leave_out_content(response: HttpResponseBase) -> None:
    """Say how long the content is, and send none: a server complains of what it has to drop."""
    if isinstance(response, HttpResponse):
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""


def away() -> Refused:
    """Return the refusal while the database does not answer."""
    return Refused(503, outage.sentence(), {"Retry-After": str(outage.RETRY_AFTER_SECONDS)})


def too_many(seconds: float, *, limit: int) -> Refused:
    """Return the refusal of somebody who has reached a limit and may go on in so many seconds."""
    whole = max(1, math.ceil(seconds))
    return Refused(
        429,
        _("You have asked too often. Wait for as many seconds as Retry-After says."),
        {"Retry-After": str(whole), **rate(limit, 0, whole), "Access-Control-Expose-Headers": EXPOSED},
    )


def rate(limit: int, remaining: int, reset: int) -> dict[str, str]:
    """Return the header fields that most programs know (draft-ietf-httpapi-ratelimit-headers, versions 3 to 7)."""
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(reset),
    }


def _preflight(allowed: str) -> HttpResponse:
    """Answer a browser that asks whether another site's script may send its request."""
    return HttpResponse(
        status=204,
        headers={
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
            "Cache-Control": "no-store",
        },
    )
