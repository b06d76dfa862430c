"""What an officer sees first: the parts of the start page and of a sector's overview.

Each module of this package offers `part(request, sectors)`: a `Part` about these sectors, or None where there is
nothing to say or the account has no right to it. It notes for the read log what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from sectors.models import Sector


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the page: a template below `sectorlog/today/` and what it needs, as `part` there."""

    template: str
    content: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[HttpRequest, Sequence[Sector]], Part | None]


def parts(request: HttpRequest, sectors: Sequence[Sector]) -> list[Part]:
    """Return what there is to say about the sectors, the most urgent first."""
    from sectorlog.today import (
        briefings,
        challenges,
        efforts,
        entries,
        events,
        groups,
        handbook,
        handovers,
        messages,
        patrols,
        visits,
        write,
    )

    makers: tuple[Maker, ...] = (
        write.part,
        patrols.part,
        messages.part,
        entries.part,
        events.part,
        handovers.part,
        handbook.part,
        briefings.part,
        visits.part,
        efforts.part,
        challenges.part,
        groups.part,
    )
    return [part for make in makers if (part := make(request, sectors)) is not None]


def overviews(request: HttpRequest, headed: Sequence[Sector]) -> list[Part]:
    """Return what a head is told on the start page about the sectors that they head, the most urgent first."""
    from sectorlog.today import briefings, challenges, groups, handbook, handovers, referrals, reviews

    makers: tuple[Maker, ...] = (
        referrals.overview,
        briefings.overview,
        handovers.overview,
        challenges.overview,
        groups.overview,
        handbook.overview,
        reviews.overview,
    )
    return [part for make in makers if (part := make(request, headed)) is not None]
