"""What an officer still has to confirm as read in the handbook, and for heads how many have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest

from handbook.models import ReadingRequest
from handbook.reading.confirming import counts, followed_by, open_requests_for
from officers.models import User
from sectorlog.today import Part
from sectors.models import Sector

MOST = 5


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return how many points the account has to confirm, on the start page alone: they are about no sector."""
    if getattr(request.resolver_match, "url_name", "") != "log_home":
        return None
    asked = list(open_requests_for(cast("User", request.user)))
    return Part("sectorlog/today/handbook.html", {"asked": asked}) if asked else None


def overview(request: HttpRequest, headed: Sequence[Sector]) -> Part | None:
    """Return, for the points asked about last, how many of the officers that one heads have confirmed each."""
    stations = {sector.station_id for sector in headed}
    found = ReadingRequest.objects.open().filter(passage__station__in=stations)
    asked = list(found.select_related("passage__station")[:MOST]) if stations else []
    rows = []
    for station in dict.fromkeys(one.passage.station for one in asked):
        here = [one for one in asked if one.passage.station == station]
        confirmed, total = counts(here, followed_by(cast("User", request.user), station))
        rows += [(one, confirmed.get(one.pk, 0), total) for one in here]
    return Part("sectorlog/today/handbook_overview.html", {"rows": rows}) if rows else None
