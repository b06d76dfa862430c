"""What is new to a reader since they last said that they had read a chapter.

A chapter that they have never marked as read is new as a whole: nothing in it is marked.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from handbook.models import Chapter, Contribution, LastRead, Passage
from handbook.reading.chapter_titles import chapter_titles
from sectors.models import Station

if TYPE_CHECKING:
    from officers.models import User


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage that is new to the reader: its text has changed, or practice was inserted or worded anew below it."""

    passage: Passage
    is_changed: bool
    has_practice: bool
    at: datetime.datetime


def read_at(user: User, chapter: Chapter) -> datetime.datetime | None:
    """Return when the reader marked the chapter as read; None if they never did."""
    return LastRead.objects.filter(user=user, chapter=chapter).values_list("at", flat=True).first()


def read_times(user: User, station: Station) -> dict[int, datetime.datetime]:
    """Return when the reader marked each chapter as read, by its primary key."""
    return dict(LastRead.objects.filter(user=user, chapter__station=station).values_list("chapter", "at"))


def new_passages(user: User, station: Station) -> list[NewPassage]:
    """Return what has changed in the chapters that the reader has read, in the handbook's order; one query.

    Each passage comes with the title of its chapter.
    """
    last = LastRead.objects.filter(user=user, chapter=OuterRef("chapter")).values("at")
    inserted = Q(contributions__state=Contribution.State.INSERTED)
    rows = (
        Passage.objects.current()
        .filter(station=station)
        .annotate(
            last=Subquery(last),
            practice_at=Max("contributions__wordings__written_at", filter=inserted),
            **chapter_titles(),
        )
        .filter(Q(changed_at__gt=F("last")) | Q(practice_at__gt=F("last")))
        .select_related("chapter")
        .defer("text_en", "text_da")
    )
    return [_new(row) for row in rows]


def _new(row: Passage) -> NewPassage:
    last, practice_at = row.last, row.practice_at  # type: ignore[attr-defined]  # annotated
    is_changed, has_practice = row.changed_at > last, practice_at is not None and practice_at > last
    at = max(row.changed_at if is_changed else last, practice_at if has_practice else last)
    return NewPassage(row, is_changed, has_practice, at)


@transaction.atomic
def mark_read(user: User, chapters: Iterable[Chapter], now: datetime.datetime) -> None:
    """Note that the reader has read the chapters as they stood at `now`. An earlier instant takes nothing back."""
    chapters = list(chapters)
    rows = [LastRead(user=user, chapter=chapter, at=now) for chapter in chapters]
    LastRead.objects.bulk_create(rows, ignore_conflicts=True)
    LastRead.objects.filter(user=user, chapter__in=chapters).update(at=Greatest("at", now))
