"""For heads: how many records about people come due for review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest

from officers.models import User
from sectorlog.retention.reviewing import coming_due
from sectorlog.today import Part
from sectors.models import Sector


def overview(request: HttpRequest, headed: Sequence[Sector]) -> Part | None:
    """Return how many records of one's sectors come due within 30 days."""
    count = coming_due(cast("User", request.user)).count() if headed else 0
    return Part("sectorlog/today/reviews.html", {"count": count}) if headed else None
