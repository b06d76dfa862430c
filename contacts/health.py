"""Whether the site is alive, and whether everything behind it answers. For load balancers and containers."""

from collections.abc import Callable

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

PING_SECONDS = 1


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker and a worker answer, else 503; says which do, without details."""
    parts = {"database": _answers(_database), "broker": _answers(_broker)}
    parts["worker"] = parts["broker"] and _answers(_worker)
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _answers(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except Exception:  # Whatever a driver raises: the part does not answer, and that is what was asked.
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT PostGIS_Lib_Version()")
        return cursor.fetchone() is not None


def _broker() -> bool:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=PING_SECONDS)
        return bool(broker.connected)


def _worker() -> bool:
    return bool(current_app.control.ping(timeout=PING_SECONDS, limit=1))
