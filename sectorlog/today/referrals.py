"""For heads: how many source referrals wait and since when. Nothing of what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest

from officers.models import User
from sectorlog.source_handling.waiting import waiting_by_district
from sectorlog.today import Part
from sectors.models import Sector


def overview(request: HttpRequest, headed: Sequence[Sector]) -> Part | None:
    """Return the districts that one heads, with what waits in each; None for whoever heads nothing.

    A district without a key, which its head makes, cannot receive anything.
    """
    standing = cast("User", request.user).standing
    if not standing.districts and not standing.stations:
        return None
    districts = waiting_by_district(standing.districts, standing.stations)
    return Part("sectorlog/today/referrals.html", {"districts": list(districts)})
