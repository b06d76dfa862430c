"""An editor declines a contribution, with a reason that its author reads."""

from __future__ import annotations

import datetime

from django.utils import timezone

from handbook.contributions.holding import held
from handbook.contributions.telling import tell_author
from handbook.models import Contribution, ContributionStep
from officers.models import User


def decline(
    contribution: Contribution,
    reason: str,
    *,
    by: User,
    as_seen: str | None = None,
    now: datetime.datetime | None = None,
) -> None:
    """Decide against it. Raises ActedMeanwhile."""
    instant = now or timezone.now()
    with held(contribution, *Contribution.OPEN, as_seen=as_seen) as found:
        found.state, found.is_asked = Contribution.State.DECLINED, False
        found.decided_at = instant
        found.save(update_fields=["state", "is_asked", "decided_at"])
        found.steps.create(kind=ContributionStep.Kind.DECLINED, by=by, at=instant, text=reason)
        tell_author(found, "declined", by=by)
