"""What to come back to, and what was promised to citizens: due by today, and promises a few days ahead."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from audit.models import ReadEntry
from audit.reads import shown
from officers.models import User
from sectorlog.models import LogEntry, Promise
from sectorlog.permissions import can_add_to_entry, can_close_entry
from sectorlog.today import Part
from sectors.models import Sector

# Promises are shown so long before they are due: there is still time to keep them.
AHEAD = datetime.timedelta(days=3)
# Of each list so many are shown: the oldest, which are the most urgent.
MOST = 15


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return both lists, one query each, the most urgent first; None where nothing is due."""
    user, today = cast("User", request.user), timezone.localdate()
    readable = LogEntry.objects.visible_to(user).filter(sector__in=sectors).with_follow_up()
    entries = list(
        readable.filter(follow_up_on__lte=today)
        .select_related("sector", "author", "form_version")
        .order_by("follow_up_on", "pk")[: MOST + 1]
    )
    promises = list(
        Promise.objects.visible_to(user)
        .open()
        .filter(sector__in=sectors, due_on__lte=today + AHEAD)
        .select_related("sector", "entry__author", "entry__sector")
        .order_by("due_on", "pk")[: MOST + 1]
    )
    if not entries and not promises:
        return None
    shown(request, [*entries[:MOST], *promises[:MOST]], verb=ReadEntry.Verb.LISTED)
    content = {
        "entries": [(entry, can_close_entry(user, entry)) for entry in entries[:MOST]],
        "promises": [(promise, can_add_to_entry(user, promise.entry)) for promise in promises[:MOST]],
        "are_more_entries": len(entries) > MOST,
        "are_more_promises": len(promises) > MOST,
        "show_sector": len(sectors) > 1,
        "today": today,
    }
    return Part("sectorlog/today/entries.html", content)
