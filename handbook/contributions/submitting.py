"""An officer hands in a contribution. The same form sent twice is one contribution."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from handbook.contributions.telling import tell_editors
from handbook.models import Contribution, ContributionStep, Passage
from sectors.models import Sector, Station

if TYPE_CHECKING:
    from officers.models import User


@transaction.atomic
def submit(
    passage: Passage,
    *,
    author: User,
    language: str,
    text: str,
    sector: Sector | None,
    form_token: UUID,
    now: datetime.datetime | None = None,
) -> tuple[Contribution, bool]:
    """Hand it in, with the author's name as it is now; the editors are told. Returns it, and whether it is new.

    The same token again gives what it gave the first time, of two at once too; somebody else's token is none. Other
    words with it are another contribution: whoever went back to the form has written them.
    """
    instant = now or timezone.now()
    taken = Contribution.objects.filter(form_token=form_token).first()
    if taken is not None and (taken.author_id, taken.text) != (author.pk, text):
        # Twice the same words are still one.
        form_token = uuid5(form_token, f"{author.pk} {text}")
    if (before := _with_token(form_token, author)) is not None:
        return before, False
    made = Contribution(
        form_token=form_token,
        passage=passage,
        author=author,
        author_name=credited_as(author, passage.station),
        sector=sector,
        language=language,
        text=text,
        submitted_at=instant,
    )
    if (quicker := _saved_meanwhile(made)) is not None:
        return quicker, False
    made.steps.create(kind=ContributionStep.Kind.SUBMITTED, by=author, at=instant)
    tell_editors(made, "submitted")
    return made, True


def _saved_meanwhile(made: Contribution) -> Contribution | None:
    """Save it; return what the other of two taps at once has saved instead, None where there was none."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        if (quicker := _with_token(made.form_token, made.author)) is None:
            raise
        return quicker
    return None


def place_for(passage: Passage) -> Passage | None:
    """Return where a contribution to the passage goes: there, or to its chapter once the text has it no more.

    None where the chapter is not in the handbook any more.
    """
    if passage.is_current:
        return passage
    return passage.chapter.passages.current().filter(position=0).first()


def credited_as(author: User, station: Station) -> str:
    """Return the name that stands below the contribution, in the handbook too: that of the station's officer."""
    officer = station.officers.filter(user=author).first()
    return officer.name if officer else author.name or author.email


def _with_token(form_token: UUID, author: User) -> Contribution | None:
    return Contribution.objects.filter(form_token=form_token, author=author).first()
