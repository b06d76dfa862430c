"""Which visits are due, by name, and the way to the round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from django.urls import reverse

from audit.reads import shown
from sectorlog.permissions import can_read_log
from sectorlog.today import Part
from sectorlog.visits.due import due_visits
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

MOST_NAMED = 5


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return the longest due visits of the sectors whose log the account reads. One query for all of them."""
    user = cast("User", request.user)
    readable = [sector for sector in sectors if can_read_log(user, sector)]
    due = due_visits(readable) if readable else []
    if not due:
        return None
    first = due[:MOST_NAMED]
    shown(request, [visit.party for visit in first], verb="listed")
    url = (
        reverse("sectorlog:visit_round", args=[sectors[0].slug])
        if len(sectors) == 1
        else reverse("sectorlog:visit_rounds")
    )
    content = {
        "first": first,
        "count": len(due),
        "more": len(due) - len(first),
        "url": url,
        "names_sector": len(sectors) > 1,
    }
    return Part("sectorlog/today/visits.html", content)
