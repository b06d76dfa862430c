"""Contributions as officers write and follow them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def create(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def mine(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def detail(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def answer(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def withdraw(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404


def agree(request: HttpRequest, **named: Any) -> HttpResponse:
    raise Http404
