"""What belongs to source handling: an officer hands it to the district head, sealed; nothing else keeps it."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit.reads import shows_nothing_personal
from officers.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@shows_nothing_personal
def source_referral(request: HttpRequest) -> HttpResponse:
    """Show what the officer typed, then seal it."""
    if not cast("User", request.user).standing.sectors:
        raise Http404
    return render(request, "sectorlog/source_referral.html")
