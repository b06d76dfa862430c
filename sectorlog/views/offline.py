"""What a telephone without a network needs: the service worker, and a fresh token when the network is back."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.reads import shows_nothing_personal
from officers.models import User
from sectorlog.entries.writing import draft_owner

WORKER = Path(settings.BASE_DIR, "static", "js", "log", "worker.js")


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the service worker, below the pages that it works for.

    Without a login: it holds nothing about anybody, and a new version must reach a telephone whose session has ended.
    """
    return HttpResponse(
        WORKER.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@never_cache
@shows_nothing_personal
@require_safe
def entry_state(request: HttpRequest) -> HttpResponse:
    """Tell a script whose drafts may be sent now, and with which token; a login that has ended leads to the login."""
    return JsonResponse({"account": draft_owner(cast("User", request.user)), "csrf": get_token(request)})
