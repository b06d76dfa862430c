"""What there is for an account on a Monday: how many gaps in the next days, how much is past its time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from officers.models import User
from overview.attention import ItemKind
from overview.attention.gathering import urgent_counts
from overview.gaps.finding import find_gaps
from overview.permissions import can_see_attention, can_see_overview
from overview.scope import headed, in_attention, scope_of
from overview.week import DAYS


@dataclass(frozen=True, slots=True)
class Digest:
    """Numbers alone. `gaps` is 0 for who heads nothing: to mend them is the heads' part."""

    is_head: bool
    gaps: int
    late: dict[ItemKind, int]

    @property
    def total_late(self) -> int:
        return sum(self.late.values())


def digest_of(user: User, today: datetime.date) -> Digest | None:
    """Return what the account is told; None if it is nobody's head and nothing waits past its time for it."""
    if not can_see_attention(user):
        return None
    is_head = can_see_overview(user)
    gaps = len(find_gaps(scope_of(user, "", headed(user)), user, today, DAYS)) if is_head else 0
    late = urgent_counts(user, scope_of(user, "", in_attention(user)))
    found = Digest(is_head, gaps, {kind: number for kind, number in late.items() if number})
    # A head is told that nothing is lacking: silence could as well be a worker that stands still.
    return found if is_head or found.total_late else None
