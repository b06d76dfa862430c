"""An editor takes an inserted contribution out of the handbook again. Its words and steps stay with it."""

from __future__ import annotations

import datetime

from django.utils import timezone

from handbook.contributions.holding import held
from handbook.contributions.telling import tell_author
from handbook.models import Contribution, ContributionStep
from officers.models import User


def take_out(
    contribution: Contribution,
    reason: str,
    *,
    by: User,
    as_seen: str | None = None,
    now: datetime.datetime | None = None,
) -> None:
    """Take it out, with a reason that its author reads. Raises ActedMeanwhile."""
    instant = now or timezone.now()
    with held(contribution, Contribution.State.INSERTED, as_seen=as_seen) as found:
        found.state, found.decided_at = Contribution.State.TAKEN_OUT, instant
        found.save(update_fields=["state", "decided_at"])
        found.steps.create(kind=ContributionStep.Kind.TAKEN_OUT, by=by, at=instant, text=reason)
        tell_author(found, "taken_out", by=by)
