"""A chapter's revisions, and what changed between two."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def history(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def revision(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def difference(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
