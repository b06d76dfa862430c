"""A revision comes into force: the text before it is replaced, and its passages are what readers find."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from handbook import markup
from handbook.models import LANGUAGES, Chapter, Passage, Revision
from handbook.models.chapters import TITLE_LIMIT
from officers.models import User


@transaction.atomic
def publish(
    revision: Revision, *, agreed_by: User | None = None, now: datetime.datetime | None = None
) -> None:
    """Bring the revision into force and write the chapter's passages from it.

    A fixed chapter needs `agreed_by`, a station head who has not written it. Its texts have been checked: see
    `handbook.chapters.checking`. Raises IntegrityError for one that nobody else agreed to.
    """
    instant = now or timezone.now()
    chapter = Chapter.objects.select_for_update().get(pk=revision.chapter_id)
    chapter.revisions.in_force().update(state=Revision.State.REPLACED, replaced_at=instant)
    revision.state, revision.published_at = Revision.State.IN_FORCE, instant
    revision.agreed_by, revision.sent_back_because = agreed_by, ""
    revision.save()
    write_passages(revision, instant)


def write_passages(revision: Revision, now: datetime.datetime) -> None:
    """Write, change and end passages so that they are those of the revision.

    A passage that another chapter of the handbook had comes over with all that points at it.
    """
    station = revision.chapter.station_id
    told = _passages(revision)
    known = {row.anchor: row for row in Passage.objects.filter(station=station, anchor__in=told)}
    for anchor, row in told.items():
        before = known.get(anchor)
        row.changed_at = before.changed_at if before and _says_the_same(before, row) else now
        row.pk = before.pk if before else None
        row.save()
    gone = Passage.objects.filter(chapter=revision.chapter_id, left_at=None).exclude(anchor__in=told)
    gone.update(left_at=now)


def _passages(revision: Revision) -> dict[str, Passage]:
    """Return the passages of the revision by anchor, not saved."""
    chapter = revision.chapter
    rows: dict[str, Passage] = {}
    for language in LANGUAGES:
        title, body = getattr(revision, f"title_{language}"), getattr(revision, f"body_{language}")
        for position, piece in enumerate(markup.passages(body) if body else ()):
            anchor = chapter.slug if position == 0 else piece.anchor
            row = rows.setdefault(
                anchor, Passage(station_id=chapter.station_id, chapter=chapter, anchor=anchor)
            )
            row.kind, row.number, row.position = piece.kind, piece.number, position
            setattr(row, f"title_{language}", title if position == 0 else shortened(piece.title))
            setattr(row, f"text_{language}", piece.text)
    return rows


def shortened(title: str) -> str:
    """Return the words as they fit into a line of the contents."""
    if len(title) <= TITLE_LIMIT:
        return title
    return f"{title[: TITLE_LIMIT - 1].rsplit(' ', 1)[0]}…"


def _says_the_same(before: Passage, after: Passage) -> bool:
    names: Iterable[str] = ("title_en", "title_da", "text_en", "text_da")
    return before.left_at is None and all(getattr(before, name) == getattr(after, name) for name in names)
