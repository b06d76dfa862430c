"""Messages of citizens that wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from audit.reads import shown
from contacts.models import Message
from officers.models import User
from sectorlog.today import Part
from sectors.models import Sector

MOST_NAMED = 3


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return how many wait in the sectors that one works in, and those that are due first. One query for all."""
    own = cast("User", request.user).standing.sectors & {sector.pk for sector in sectors}
    waiting = Message.objects.unanswered().filter(sector__in=own).select_related("sector")
    found = list(waiting.order_by("due_at", "pk")) if own else []
    if not found:
        return None
    named, now = found[:MOST_NAMED], timezone.now()
    shown(request, named, verb="listed")
    content = {
        "number": len(found),
        "rows": [(message, message.is_overdue_at(now)) for message in named],
        "now": now,
        "names_sector": len(sectors) > 1,
    }
    return Part("sectorlog/today/messages.html", content)
