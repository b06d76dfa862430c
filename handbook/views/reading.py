"""The contents, a chapter, a passage, the search, what is new."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def at(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def contents(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def search(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def passage(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def mark_all_read(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def chapter(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def mark_read(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
