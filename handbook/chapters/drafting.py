"""The next text of a chapter: written, put into force, or agreed to by a station head; discarded.

Whoever acts holds the chapter's row first and looks again, so that of two people the second is told (ActedMeanwhile).
A fixed chapter changes by editor and station head together (handbook, The substance and development of the method).
"""

from __future__ import annotations

import datetime
import hashlib

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from handbook.chapters.publishing import publish
from handbook.models import LANGUAGES, Chapter, Revision
from notifications.sending import notify, withdraw
from officers.models import Leadership, User

TEXTS = tuple(f"{field}_{language}" for field in ("title", "body") for language in LANGUAGES)
PROPOSED, AGREED, SENT_BACK = "chapter_proposed", "chapter_agreed", "chapter_sent_back"


class ActedMeanwhile(Exception):
    """Somebody else changed, published or discarded it since the page was made."""


class OwnProposal(Exception):
    """Who wrote a text cannot be the one who agrees to it."""


def hold(chapter: Chapter) -> Chapter:
    """Lock the chapter until the transaction ends: its texts are written by one at a time."""
    held = Chapter.objects.select_for_update(of=("self",), no_key=True).select_related("station")
    return held.get(pk=chapter.pk)


def being_written(chapter: Chapter) -> Revision | None:
    """Return the draft or what waits for a head; None where nobody is writing."""
    return chapter.revisions.unpublished().select_related("written_by", "chapter__station").first()


def next_text(chapter: Chapter) -> Revision:
    """Return what is being written; else the text in force, not saved, ready to be changed."""
    if found := being_written(chapter):
        return found
    in_force = chapter.revisions.in_force().first()
    texts = {name: getattr(in_force, name) for name in TEXTS} if in_force else {}
    return Revision(chapter=chapter, **texts)


@transaction.atomic
def save(draft: Revision, *, by: User, now: datetime.datetime | None = None) -> None:
    """Save the texts as a draft of `by`. What waited for a station head waits no longer."""
    if draft._state.adding:
        draft.number = 1 + (
            draft.chapter.revisions.order_by("-number").values_list("number", flat=True).first() or 0
        )
    if draft.state == Revision.State.PROPOSED:
        _no_longer_waiting(draft)
    draft.state = Revision.State.DRAFT
    draft.written_by, draft.written_at = by, now or timezone.now()
    draft.save()


def seen(revision: Revision) -> str:
    """Return a digest of what a page shows of it: an act on it is refused once it says something else."""
    held = [str(revision.uuid), revision.state, *(getattr(revision, name) for name in TEXTS)]
    return hashlib.sha256("\x1f".join(held).encode()).hexdigest()[:32]


def held_as_seen(chapter: Chapter, as_seen: str, *states: str) -> Revision:
    """Lock the chapter and return what is being written. Raises ActedMeanwhile where it is not as it was seen."""
    draft = being_written(hold(chapter))
    if draft is None or draft.state not in states or seen(draft) != as_seen:
        raise ActedMeanwhile
    return draft


@transaction.atomic
def finish(draft: Revision, reason: str, *, now: datetime.datetime | None = None) -> None:
    """Bring a dynamic chapter's text into force; let a fixed one's wait for the station's head, who is told.

    The draft is held and has been checked.
    """
    draft.reason = reason
    if not draft.chapter.is_fixed:
        publish(draft, now=now)
        return
    draft.state, draft.sent_back_because = Revision.State.PROPOSED, ""
    draft.save()
    for head in heads_of(draft.chapter):
        if head.pk != draft.written_by_id:
            _tell(PROPOSED, head, draft)


@transaction.atomic
def agree(draft: Revision, *, by: User, now: datetime.datetime | None = None) -> None:
    """Bring what was proposed into force; its writer is told. Raises OwnProposal for who wrote it."""
    if draft.written_by_id == by.pk:
        raise OwnProposal
    publish(draft, agreed_by=by, now=now)
    _no_longer_waiting(draft)
    _tell(AGREED, draft.written_by, draft)


@transaction.atomic
def send_back(draft: Revision, reason: str, *, by: User) -> None:
    """Make what was proposed a draft again, with the head's reason; its writer is told."""
    draft.state, draft.sent_back_because = Revision.State.DRAFT, reason
    draft.save()
    _no_longer_waiting(draft)
    if draft.written_by_id != by.pk:
        _tell(SENT_BACK, draft.written_by, draft)


@transaction.atomic
def discard(draft: Revision) -> None:
    """Delete what is being written; nobody is told of it any more."""
    _no_longer_waiting(draft)
    draft.delete()


def heads_of(chapter: Chapter) -> list[User]:
    """Return who can agree to its text: who heads the station now."""
    leading = Leadership.objects.active_at(timezone.now()).filter(station=chapter.station_id, district=None)
    rows = leading.filter(user__is_active=True).select_related("user").order_by("pk")
    return [row.user for row in rows]


def _tell(event: str, user: User, draft: Revision) -> None:
    """Tell the account, with a link to the proposal, or to the chapter that has come of it."""
    if not user.is_active:
        return
    chapter = draft.chapter
    page = "chapter_detail" if event == AGREED else "revision_preview"
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse(f"handbook:{page}", args=[chapter.station.slug, chapter.slug])
    notify(f"handbook.{event}", to_user=user, context={"path": path, "revision": str(draft.uuid)})


def _no_longer_waiting(draft: Revision) -> None:
    """Take back mails to heads that have not left."""
    withdraw(f"handbook.{PROPOSED}", revision=str(draft.uuid))
