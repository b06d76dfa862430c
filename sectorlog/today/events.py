"""Events at which the officer is to be present, and those of the next two weeks in their sectors."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from audit.reads import shown
from contacts.publishing.presence import upcoming_for, upcoming_in
from officers.models import User
from sectorlog.today import Part
from sectors.models import Sector

DAYS_AHEAD, MOST_NAMED = 14, 5


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return one's own duties at events first, then the others in these sectors. Two queries."""
    user, today = cast("User", request.user), timezone.localdate()
    mine = list(upcoming_for(user, timezone.now())[:MOST_NAMED])
    last = today + datetime.timedelta(days=DAYS_AHEAD)
    # What was over this morning is of no use any more.
    here = upcoming_in(sectors, today, last).exclude(ends_at__lte=timezone.now()) if sectors else []
    others = [event for event in here if event not in mine][: MOST_NAMED - len(mine)]
    if not (mine or others):
        return None
    shown(request, [*mine, *others], verb="listed")
    return Part("sectorlog/today/events.html", {"mine": mine, "others": others})
