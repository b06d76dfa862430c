"""What is wrong with a program's request, and what to do about it (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/problem+json"


class Refused(Exception):
    """A request that is answered with a problem; `headers` go with it."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}

    def answer(self) -> HttpResponse:
        return problem(self.status, self.detail, self.headers)


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return the answer that says what is wrong. No cache keeps it: the next request may be in order."""
    return HttpResponse(
        orjson.dumps(described(status, detail)),
        content_type=CONTENT_TYPE,
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def described(status: int, detail: str) -> dict[str, Any]:
    """Return a problem as plain data."""
    return {"type": "about:blank", "title": _titles()[status], "status": status, "detail": detail}


def _titles() -> dict[int, str]:
    return {
        404: _("Not found"),
        405: _("Not allowed here"),
        411: _("The length is missing"),
        413: _("Too much at once"),
        415: _("Not a kind of content that is read here"),
        422: _("The request cannot be understood"),
        429: _("Too many requests"),
        503: _("Not available at the moment"),
    }
