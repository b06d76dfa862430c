"""Whether the site is alive, and whether everything behind it answers. For load balancers and containers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg
from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

PING_SECONDS = 1
# libpq waits two seconds at least.
CONNECT_SECONDS = 2
# Everybody may ask, and to find out rings at every worker: so often at most, by one request at a time.
ANSWER_HOLDS_SECONDS = 5.0


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker and a worker answer, else 503; says which do, without details."""
    parts = readiness.parts()
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


class Readiness:
    """Which parts answered when they were asked last, at most `ANSWER_HOLDS_SECONDS` ago."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._parts: dict[str, bool] = {}
        self._ask_again_at = float("-inf")

    def parts(self) -> dict[str, bool]:
        """Return which parts answer; while another thread finds out, what was known before, if anything was."""
        if self._is_due() and self._asking.acquire(blocking=not self._parts):
            try:
                if self._is_due():
                    self._parts = _asked()
                    self._ask_again_at = time.monotonic() + ANSWER_HOLDS_SECONDS
            finally:
                self._asking.release()
        return self._parts

    def _is_due(self) -> bool:
        return time.monotonic() >= self._ask_again_at


readiness = Readiness()


def _asked() -> dict[str, bool]:
    parts = {"database": _answers(_database), "broker": _answers(_broker)}
    parts["worker"] = parts["broker"] and _answers(_worker)
    return parts


def _answers(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except Exception:  # Whatever a driver raises: the part does not answer, and that is what was asked.
        return False


def _database() -> bool:
    """Ask over a connection of its own: the pool's patience is longer, and its connections are for those who look."""
    limits = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": CONNECT_SECONDS * 1000,
        "options": f"-c statement_timeout={CONNECT_SECONDS * 1000}",
    }
    with psycopg.connect(**{**connection.get_connection_params(), **limits}) as database:
        return database.execute("SELECT PostGIS_Lib_Version()").fetchone() is not None


def _broker() -> bool:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=PING_SECONDS)
        return bool(broker.connected)


def _worker() -> bool:
    return bool(current_app.control.ping(timeout=PING_SECONDS, limit=1))
