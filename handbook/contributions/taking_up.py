"""An editor takes a contribution up: the others see who looks at it."""

from __future__ import annotations

import datetime

from django.utils import timezone

from handbook.contributions.holding import held
from handbook.models import Contribution, ContributionStep
from officers.models import User


def take_up(contribution: Contribution, *, by: User, now: datetime.datetime | None = None) -> None:
    """Put what was handed in under review. Raises ActedMeanwhile."""
    with held(contribution, Contribution.State.SUBMITTED) as found:
        note_taken_up(found, by, now or timezone.now())


def note_taken_up(held: Contribution, by: User, now: datetime.datetime) -> None:
    """Put the contribution, which is held, under review, unless it is already."""
    if held.state == Contribution.State.SUBMITTED:
        held.state = Contribution.State.UNDER_REVIEW
        held.save(update_fields=["state"])
        held.steps.create(kind=ContributionStep.Kind.TAKEN_UP, by=by, at=now)
