"""What has to be confirmed as read, and who has."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def listing(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def ask(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def detail(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def confirm(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def end(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
