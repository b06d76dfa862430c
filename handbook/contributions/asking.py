"""An editor asks the contributor back, one question at a time."""

from __future__ import annotations

import datetime

from django.utils import timezone

from handbook.contributions.holding import ActedMeanwhile, held
from handbook.contributions.taking_up import note_taken_up
from handbook.contributions.telling import has_left, tell_author
from handbook.models import Contribution, ContributionStep
from officers.models import User


class NobodyAnswers(Exception):
    """The contributor has left, or is the editor."""


def can_be_asked(contribution: Contribution, by: User) -> bool:
    """Whether there is somebody to ask, and no question open."""
    is_free = contribution.is_open and not contribution.is_asked
    return is_free and contribution.author_id != by.pk and not has_left(contribution)


def ask(
    contribution: Contribution,
    question: str,
    *,
    by: User,
    as_seen: str | None = None,
    now: datetime.datetime | None = None,
) -> None:
    """Ask the contributor, who is told by mail. Raises ActedMeanwhile, NobodyAnswers."""
    instant = now or timezone.now()
    with held(contribution, *Contribution.OPEN, as_seen=as_seen) as found:
        if found.is_asked:
            raise ActedMeanwhile(found)
        if not can_be_asked(found, by):
            raise NobodyAnswers
        note_taken_up(found, by, instant)
        found.is_asked = True
        found.save(update_fields=["is_asked"])
        found.steps.create(kind=ContributionStep.Kind.ASKED, by=by, at=instant, text=question)
        tell_author(found, "asked", by=by)
