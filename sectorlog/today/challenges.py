"""Challenges that need somebody: grave ones, and those of which nobody has said anything for long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from audit.reads import shown
from sectorlog.challenges.story import is_silent, silent, with_last_sign
from sectorlog.models import Challenge
from sectorlog.permissions import can_read_log
from sectorlog.today import Part
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

MOST_NAMED = 5


def part(request: HttpRequest, sectors: Sequence[Sector], *, place: str = "own") -> Part | None:
    """Return the gravest and the longest silent of them. One query for all sectors."""
    readable = [sector for sector in sectors if can_read_log(cast("User", request.user), sector)]
    if not readable:
        return None
    urgent = with_last_sign(Challenge.objects.filter(sector__in=readable).open()).filter(
        Q(severity=Challenge.Severity.GRAVE) | silent()
    )
    # One more than is named, to know whether there are more.
    found = list(urgent.select_related("sector").order_by("-severity", "last_sign", "pk")[: MOST_NAMED + 1])
    if not found:
        return None
    named = found[:MOST_NAMED]
    shown(request, named, verb="listed")
    content = {
        "rows": [(challenge, is_silent(challenge)) for challenge in named],
        "has_more": len(found) > len(named),
        "url": reverse("sectorlog:challenge_list", args=[sectors[0].slug]) if len(sectors) == 1 else "",
        "names_sector": len(sectors) > 1,
        "place": place,
    }
    return Part("sectorlog/today/challenges.html", content)


def overview(request: HttpRequest, headed: Sequence[Sector]) -> Part | None:
    """Return the same for the sectors that one heads."""
    return part(request, headed, place="headed")
