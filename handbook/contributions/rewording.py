"""An editor words an inserted contribution anew. Its earlier words stay with it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.utils import timezone

from handbook.contributions.holding import held
from handbook.contributions.telling import tell_author
from handbook.models import LANGUAGES, Contribution, ContributionStep, Wording
from officers.models import User


def reword(
    contribution: Contribution,
    texts: Mapping[str, str],
    *,
    by: User,
    as_seen: str | None = None,
    now: datetime.datetime | None = None,
) -> bool:
    """Let it stand in other words (`texts` by language, checked by the form); its author is told.

    Returns whether there was anything to change. Raises ActedMeanwhile.
    """
    instant = now or timezone.now()
    with held(contribution, Contribution.State.INSERTED, as_seen=as_seen) as found:
        before = found.wording
        if before is not None and says(before, texts):
            return False
        found.wordings.create(
            number=before.number + 1 if before else 1,
            text_en=texts["en"],
            text_da=texts["da"],
            written_by=by,
            written_at=instant,
        )
        found.steps.create(kind=ContributionStep.Kind.REWORDED, by=by, at=instant)
        tell_author(found, "reworded", by=by)
    return True


def says(wording: Wording, texts: Mapping[str, str]) -> bool:
    return all(getattr(wording, f"text_{language}") == texts[language] for language in LANGUAGES)
