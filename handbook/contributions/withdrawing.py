"""The contributor takes a contribution back, until an editor has decided on it. Its words are erased."""

from __future__ import annotations

import datetime

from django.utils import timezone

from handbook.contributions.holding import held
from handbook.contributions.telling import take_back
from handbook.models import Contribution, ContributionStep
from officers.models import User


def withdraw(contribution: Contribution, *, by: User, now: datetime.datetime | None = None) -> None:
    """Take it back; mails about it that have not left stay here. Raises ActedMeanwhile once it is decided.

    What was written is erased, questions and answers too: whoever has named a citizen all the same takes that back.
    """
    with held(contribution, *Contribution.OPEN) as found:
        instant = now or timezone.now()
        found.state, found.is_asked, found.decided_at = Contribution.State.WITHDRAWN, False, instant
        found.text = ""
        found.save(update_fields=["state", "is_asked", "decided_at", "text"])
        found.steps.exclude(text="").update(text="")
        found.steps.create(kind=ContributionStep.Kind.WITHDRAWN, by=by, at=instant)
        take_back(found)
