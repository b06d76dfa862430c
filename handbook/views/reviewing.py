"""Contributions as editors receive and insert them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def queue(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def take_up(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def ask(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def insert(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def reword(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def decline(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def take_out(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
