"""The contributor answers an editor's question."""

from __future__ import annotations

import datetime

from django.utils import timezone

from handbook.contributions.holding import ActedMeanwhile, held
from handbook.contributions.telling import tell_editors
from handbook.models import Contribution, ContributionStep
from officers.models import User


def answer(
    contribution: Contribution, text: str, *, by: User, now: datetime.datetime | None = None
) -> ContributionStep:
    """Answer the question that is open; the editors are told. Raises ActedMeanwhile where none is."""
    with held(contribution, Contribution.State.UNDER_REVIEW) as found:
        if not found.is_asked:
            raise ActedMeanwhile(found)
        found.is_asked = False
        found.save(update_fields=["is_asked"])
        instant = now or timezone.now()
        step = found.steps.create(kind=ContributionStep.Kind.ANSWERED, by=by, at=instant, text=text)
        tell_editors(found, "answered")
        return step
