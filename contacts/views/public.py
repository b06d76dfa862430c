"""What every public page has in common: no login, reading only, no cookie, and never an answer of yesterday."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from contacts import outage

View = Callable[..., HttpResponseBase]


def public_page(view: View) -> View:
    """Open a view to everybody, for GET and HEAD.

    Caches may keep the page but must ask each time whether it still holds: an appointment that changes shows with
    the next request. The question costs a 304 without content. Nothing secret is on a public page, so compressing
    it gives nothing away.
    """
    view = conditional_page(view)
    view = cache_control(public=True, max_age=0, must_revalidate=True)(view)
    view = gzip_page(view)
    view = require_safe(view)
    return open_to_everybody(view)


def open_to_everybody(view: View) -> View:
    """Open a view that only reads to everybody; where the database is away and it needs it, answer that kindly."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **named)
        except outage.OUTAGE as error:
            return outage.page(request, error)

    # Nothing is written, so there is nothing to forge; without this a POST would be told of cookies, not of 405.
    return login_not_required(csrf_exempt(answer))
