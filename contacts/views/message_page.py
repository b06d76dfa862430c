"""What the pages of a citizen's message have in common: no login, no cookie, nothing kept by caches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

# A message of 4,000 of the longest characters, as a browser writes them, takes a tenth of this.
MOST_BYTES = 500_000
FORM_TYPE = "application/x-www-form-urlencoded"

View = Callable[..., HttpResponse]


def message_page(view: View) -> View:
    """Open a view to everybody, for GET and POST. What it says is for one person: nothing keeps or lists it.

    There is no session that a foreign page could use, hence no CSRF token; the form's own token guards it. A form
    that cannot be read is answered with what to do, before any of it is looked at.
    """

    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        response = _unreadable(request) or view(request, **named)
        # The browser's Back button must find what was typed: it may keep these pages, for that alone.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response["X-Robots-Tag"] = "noindex"
        # The address of one of them is a key, refusals of what cannot be read included: it goes along to nowhere.
        response["Referrer-Policy"] = "no-referrer"
        return response

    return login_not_required(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(answer)))


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    """Return the page for a form that is too large or is none; None for one that can be read."""
    if request.method != "POST":
        return None
    if request.content_type != FORM_TYPE and _length(request):
        return _refuse(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if _length(request) > MOST_BYTES:
        return _refuse(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        _posted: QueryDict = request.POST
    except RequestDataTooBig:
        return _refuse(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except (SuspiciousOperation, BadRequest):
        return _refuse(request, HTTPStatus.BAD_REQUEST)
    return None


def _length(request: HttpRequest) -> int:
    """Return how many bytes are announced; more than are announced are not read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0


def _refuse(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    is_too_long = status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return render(request, "contacts/message_unreadable.html", {"is_too_long": is_too_long}, status=status)
