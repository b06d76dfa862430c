"""The handbook on paper."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def booklet(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def booklet_pdf(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
