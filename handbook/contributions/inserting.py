"""An editor inserts a contribution below a passage: it stands in the handbook at once, with its author's name."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.utils import timezone

from handbook.contributions.holding import held
from handbook.contributions.telling import tell_author
from handbook.models import Contribution, ContributionStep, Passage
from handbook.models.contributions import NOTE_LIMIT
from officers.models import User


class PassageGone(Exception):
    """The passage has left the handbook's text, or is of a fixed chapter: another one is chosen."""


def insert(
    contribution: Contribution,
    passage: Passage,
    texts: Mapping[str, str],
    *,
    by: User,
    as_seen: str | None = None,
    now: datetime.datetime | None = None,
) -> None:
    """Insert it at the passage with the wordings `texts` by language, checked by the form ("" for none).

    Raises ActedMeanwhile, PassageGone.
    """
    instant = now or timezone.now()
    with held(contribution, *Contribution.OPEN, as_seen=as_seen) as found:
        # Held so that no text comes into force meanwhile that does not have it any more.
        place = Passage.objects.select_for_update(of=("self",), no_key=True).select_related("chapter")
        chosen = place.get(pk=passage.pk, station=found.passage.station_id)
        if not chosen.is_current or chosen.chapter.is_fixed:
            raise PassageGone
        if chosen != found.passage:
            _move(found, chosen, by, instant)
        found.state, found.is_asked = Contribution.State.INSERTED, False
        found.decided_at = instant
        found.save(update_fields=["passage", "state", "is_asked", "decided_at"])
        found.wordings.create(
            number=1, text_en=texts["en"], text_da=texts["da"], written_by=by, written_at=instant
        )
        found.steps.create(kind=ContributionStep.Kind.INSERTED, by=by, at=instant)
        tell_author(found, "inserted", by=by)


def _move(found: Contribution, chosen: Passage, by: User, now: datetime.datetime) -> None:
    """Note from where to where it moves, as the passages are called on this day."""
    words = f"{_place(found.passage)} → {_place(chosen)}"[:NOTE_LIMIT]
    found.steps.create(kind=ContributionStep.Kind.MOVED, by=by, at=now, text=words)
    found.passage = chosen


def _place(passage: Passage) -> str:
    chapter = passage.chapter.text
    return str(passage) if passage.position == 0 or chapter is None else f"{chapter.title}: {passage}"
