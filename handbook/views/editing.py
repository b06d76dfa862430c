"""The handbook's chapters as its editors work on them; a fixed one with the station's head."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def begin(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def editing(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def create(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def draft(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def look(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def publish(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def decide(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def discard(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def move(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def leave_out(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def take_in(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
