"""When a hand-over is due: the responsible officer leaves, on a day that the appointments name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from officers.models import Assignment
from sectorlog.models import Handover
from sectors.models import Sector

# So many days before it, a hand-over is prepared.
AHEAD_DAYS = 30


@dataclass(frozen=True, slots=True)
class Proposal:
    """A hand-over that the appointments ask for: who leaves when, who follows, and the day to do it."""

    sector: Sector
    giver: str
    leaves_on: datetime.date | None
    on: datetime.date
    taker_id: int | None
    taker: str
    is_made: bool
    today: datetime.date

    @property
    def days_left(self) -> int:
        return (self.on - self.today).days


def proposal_for(sector: Sector) -> Proposal | None:
    """Return the hand-over that is to come in the sector, however far ahead; None if nobody is to leave."""
    return next(iter(_proposals(Q(sector=sector), ahead_days=None)), None)


def due(within: Q) -> list[Proposal]:
    """Return the hand-overs that are due within a month and not made yet, the next first. Two queries."""
    return [proposal for proposal in _proposals(within, ahead_days=AHEAD_DAYS) if not proposal.is_made]


def _proposals(within: Q, *, ahead_days: int | None) -> list[Proposal]:
    now = timezone.now()
    posts = Assignment.objects.filter(role=Assignment.Role.RESPONSIBLE)
    made = Handover.objects.filter(
        sector=OuterRef("sector"), giver=OuterRef("officer"), made_at__gte=OuterRef("period__startswith")
    )
    leaving = Q(hand_over_on__isnull=False) | Q(period__upper_inf=False)
    rows = (
        posts.active_at(now)
        .filter(within, leaving)
        .annotate(is_made=Exists(made))
        .select_related("sector__district", "officer")
    )
    if ahead_days is not None:
        last = now + datetime.timedelta(days=ahead_days)
        rows = rows.filter(
            Q(hand_over_on__lte=timezone.localdate(last)) | Q(hand_over_on=None, period__endswith__lte=last)
        )
    departing = list(rows)
    followers = _followers(departing, now)
    return sorted((_proposal(row, followers, now) for row in departing), key=lambda one: one.on)


def _followers(departing: Iterable[Assignment], now: datetime.datetime) -> dict[int, Any]:
    """Return the next officer responsible for each sector."""
    coming = Assignment.objects.valid().filter(
        role=Assignment.Role.RESPONSIBLE,
        sector__in=[row.sector_id for row in departing],
        period__startswith__gt=now,
    )
    followers: dict[int, Any] = {}
    for row in coming.select_related("officer").order_by("period"):
        followers.setdefault(row.sector_id, row.officer)
    return followers


def _proposal(row: Assignment, followers: dict[int, Any], now: datetime.datetime) -> Proposal:
    leaves_on = timezone.localdate(row.period.upper) if row.period.upper else None
    today = timezone.localdate(now)
    follower = followers.get(row.sector_id)
    return Proposal(
        row.sector,
        row.officer.name,
        leaves_on,
        row.hand_over_on or leaves_on or today,
        follower.pk if follower else None,
        follower.name if follower else "",
        row.is_made,  # type: ignore[attr-defined]  # annotated above
        today,
    )
