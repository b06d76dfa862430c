"""This morning's briefing sheets on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from officers.models import User
from sectorlog.models import Briefing
from sectorlog.today import Part
from sectors.models import Sector


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Link to the sheets that were made today for the districts of these sectors. They name nobody."""
    districts = {sector.district_id for sector in sectors}
    found = Briefing.objects.visible_to(cast("User", request.user)).filter(
        district__in=districts, made_by=None, ends_at__date=timezone.localdate()
    )
    briefings = list(found.select_related("district").order_by("district"))
    return Part("sectorlog/today/briefings.html", {"briefings": briefings}) if briefings else None


overview = part
