"""How a challenge went on: what was noted and written of it, in one order; and whether it has gone silent."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from officers.models import in_reach_of
from sectorlog.models import Challenge, EntryChallenge, LogEntry, ProgressNote

if TYPE_CHECKING:
    from officers.models import User
    from sectorlog.models.challenges import ChallengeQuerySet

# An open challenge that nobody noted or wrote anything of for so long is silent: it is named until somebody does.
SILENT_AFTER = datetime.timedelta(days=30)
PER_PAGE = 30
# Pages of a time line that are looked up: a challenge of thousands of entries is read in the log's search.
MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class Event:
    """A moment of a challenge: "opened", "note", "entry" or "closed", with the row that tells of it."""

    kind: str
    at: datetime.datetime
    row: Any


@dataclass(frozen=True, slots=True)
class Story:
    """A page of a challenge's time line, newest first."""

    events: list[Event]
    page: int
    has_more: bool

    @property
    def entries(self) -> list[LogEntry]:
        return [event.row for event in self.events if event.kind == "entry"]


def with_last_sign(challenges: ChallengeQuerySet) -> ChallengeQuerySet:
    """Add `last_sign`: when it was opened, last noted of, or last written of in an entry, whichever is latest."""
    noted = ProgressNote.objects.filter(challenge=OuterRef("pk")).order_by("-at").values("at")[:1]
    written = EntryChallenge.objects.filter(challenge=OuterRef("pk")).order_by("-happened_at")
    # PostgreSQL's GREATEST passes over what is not there.
    return challenges.annotate(
        last_sign=Greatest(F("opened_at"), Subquery(noted), Subquery(written.values("happened_at")[:1]))
    )


def silent(at: datetime.datetime | None = None) -> Q:
    """Return the condition that a challenge `with_last_sign` is open and nobody said anything of it for a while."""
    return Q(closed_at=None, last_sign__lt=(at or timezone.now()) - SILENT_AFTER)


def is_silent(challenge: Any) -> bool:
    """Tell the same of a challenge that was fetched `with_last_sign`."""
    return challenge.closed_at is None and challenge.last_sign < timezone.now() - SILENT_AFTER


def story_of(challenge: Challenge, user: User, page: int = 1) -> Story:
    """Return this page of the time line; of entries those alone whose log `user` reads."""
    page = min(max(page, 1), MOST_PAGES)
    begin, end = (page - 1) * PER_PAGE, page * PER_PAGE
    # Of each kind so many as could stand before the end of the page, and one more to know of a next page.
    notes = challenge.notes.order_by("-at", "-pk").values_list("at", "pk")[: end + 1]
    links = EntryChallenge.objects.filter(in_reach_of(user), challenge=challenge)
    written = links.order_by("-happened_at", "-entry_id").values_list("happened_at", "entry_id")
    moments = [
        *_own_moments(challenge),
        *(("note", at, key) for at, key in notes),
        *(("entry", at, key) for at, key in written[: end + 1] if at is not None),
    ]
    # Of the same instant: closed after it was opened, entries and notes between.
    order = ("opened", "entry", "note", "closed")
    moments.sort(key=lambda moment: (moment[1], order.index(moment[0]), moment[2]), reverse=True)
    return Story(_filled(challenge, moments[begin:end]), page, len(moments) > end and page < MOST_PAGES)


def _own_moments(challenge: Challenge) -> list[tuple[str, datetime.datetime, int]]:
    found = [("opened", challenge.opened_at, 0)]
    if challenge.closed_at is not None:
        found.append(("closed", challenge.closed_at, 0))
    return found


def _filled(challenge: Challenge, moments: list[tuple[str, datetime.datetime, int]]) -> list[Event]:
    """Return the moments with their rows, two queries for all of them."""
    keys = {kind: [key for one, _at, key in moments if one == kind] for kind in ("note", "entry")}
    notes = ProgressNote.objects.filter(pk__in=keys["note"]).select_related("author")
    entries = LogEntry.objects.filter(pk__in=keys["entry"]).select_related("author", "form_version")
    rows = {
        **{("note", note.pk): note for note in notes},
        **{("entry", entry.pk): entry for entry in entries},
        ("opened", 0): challenge,
        ("closed", 0): challenge,
    }
    # What was erased between two queries is left out.
    found = (((kind, at), rows.get((kind, key))) for kind, at, key in moments)
    return [Event(*moment, row) for moment, row in found if row is not None]
