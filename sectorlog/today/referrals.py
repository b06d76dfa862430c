"""For heads: how many source referrals wait and since when. Nothing of what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest

from officers.models import User
from sectorlog.source_waiting import waiting_by_district
from sectorlog.today import Part
from sectors.models import Sector


def overview(request: HttpRequest, headed: Sequence[Sector]) -> Part | None:
    """Return the districts that one heads where something waits."""
    standing = cast("User", request.user).standing
    if not standing.districts and not standing.stations:
        return None
    found = waiting_by_district(standing.districts, standing.stations).filter(waiting__gt=0)
    districts = list(found)
    return Part("sectorlog/today/referrals.html", {"districts": districts}) if districts else None
