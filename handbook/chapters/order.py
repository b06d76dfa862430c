"""Chapters begin, change places, are left out and taken in again. Fixed ones keep their place.

Each act holds the station's row: one at a time changes a handbook's order.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from handbook.chapters.anchoring import anchors_of
from handbook.chapters.drafting import ActedMeanwhile
from handbook.chapters.publishing import write_passages
from handbook.models import Chapter, Passage, Revision
from handbook.reading.confirming import take_back_mails
from sectors.models import Station
from sectors.spelling import slug_of

if TYPE_CHECKING:
    from officers.models import User

UP, DOWN = "up", "down"
ADDRESS_LIMIT = 60


class NotPossible(Exception):
    """The order stays as it is; says why in words for the page."""


def seen(chapters: list[Chapter]) -> str:
    """Return a digest of the order that a page shows."""
    return hashlib.sha256(" ".join(one.slug for one in chapters).encode()).hexdigest()[:32]


def address_of(title_en: str, title_da: str) -> str:
    """Return the address that a chapter gets by its title; "" where the title has no letter for one."""
    slug = slug_of(title_en) or slug_of(title_da)
    return shortened(slug.replace("_", "-"), ADDRESS_LIMIT)


def shortened(slug: str, limit: int) -> str:
    """Return the slug cut at a word where it is too long, its words parted by one hyphen."""
    words = [word for word in slug.split("-") if word]
    while len("-".join(words)) > limit and len(words) > 1:
        words.pop()
    return "-".join(words)[:limit]


def why_address_is_taken(station: Station, slug: str) -> str:
    """Return why no new chapter can have this address; "" where one can."""
    if chapter := station.chapters.filter(slug=slug).first():
        if chapter.left_out_at:
            return _(
                "A chapter with this title was left out of the handbook. Take it in again, or choose another title."
            )
        return _("The handbook has a chapter with this title. Choose another one.")
    if Passage.objects.filter(station=station, anchor=slug).exists():
        return _("A point or heading of the handbook has this anchor: “%(slug)s”. Choose another title.") % {
            "slug": slug
        }
    return ""


@transaction.atomic
def begin_chapter(station: Station, *, title_en: str, title_da: str, by: User) -> Chapter:
    """Put a dynamic chapter at the end, with a draft that has its title."""
    hold(station)
    chapter = Chapter.objects.create(
        station=station, slug=address_of(title_en, title_da), position=_end(station)
    )
    Revision.objects.create(chapter=chapter, number=1, title_en=title_en, title_da=title_da, written_by=by)
    return chapter


def begun_already(station: Station, *, title_en: str, title_da: str, by: User) -> Chapter | None:
    """Return the chapter that the same form has begun a moment ago: a button pressed twice acts once."""
    drafts = Revision.objects.filter(
        chapter__station=station, number=1, state=Revision.State.DRAFT, written_by=by, body_en="", body_da=""
    )
    draft = drafts.filter(title_en=title_en, title_da=title_da).select_related("chapter").first()
    return draft.chapter if draft and not draft.chapter.is_fixed else None


@transaction.atomic
def move(chapter: Chapter, direction: str, *, as_seen: str) -> None:
    """Let the chapter change places with its neighbour. Raises ActedMeanwhile, NotPossible."""
    hold(chapter.station)
    order = list(chapter.station.chapters.current())
    if chapter not in order or seen(order) != as_seen:
        raise ActedMeanwhile
    place = order.index(chapter) + (-1 if direction == UP else 1)
    neighbour = order[place] if 0 <= place < len(order) else None
    if chapter.is_fixed or neighbour is None or neighbour.is_fixed:
        raise NotPossible(_("A fixed chapter keeps its place, and no other passes it."))
    here, there = order[order.index(chapter)].position, neighbour.position
    # Two chapters are never in one place, not for an instant either.
    for pk, position in ((chapter.pk, _end(chapter.station)), (neighbour.pk, here), (chapter.pk, there)):
        Chapter.objects.filter(pk=pk).update(position=position)


@transaction.atomic
def leave_out(chapter: Chapter, *, now: datetime.datetime | None = None) -> None:
    """Take the chapter out of the handbook; its texts and what points at it stay. Raises NotPossible.

    Nobody is asked any more to confirm what stood in it. Nothing happens to one that is left out already.
    """
    hold(chapter.station)
    if chapter.is_fixed:
        raise NotPossible(_("A fixed chapter stays in the handbook."))
    Chapter.objects.filter(pk=chapter.pk, left_out_at=None).update(left_out_at=now or timezone.now())
    take_back_mails(chapter)


@transaction.atomic
def take_in(chapter: Chapter, *, now: datetime.datetime | None = None) -> None:
    """Put a chapter that was left out at the end again, with its passages. Raises NotPossible.

    Nothing happens to one that is in the handbook already.
    """
    hold(chapter.station)
    chapter.refresh_from_db(fields=["left_out_at"])
    if chapter.left_out_at is None:
        return
    text = chapter.revisions.in_force().first()
    if text and (moved := _moved_elsewhere(chapter, text)):
        raise NotPossible(
            _(
                "Other chapters have taken over points of this one: %(points)s. "
                "Take those out there first, then take the chapter in again."
            )
            % {"points": ", ".join(map(str, moved))}
        )
    chapter.left_out_at, chapter.position = None, _end(chapter.station)
    chapter.save(update_fields=["left_out_at", "position"])
    if text:
        write_passages(text, now or timezone.now())


def _moved_elsewhere(chapter: Chapter, text: Revision) -> list[Passage]:
    elsewhere = Passage.objects.current().filter(station=chapter.station_id).exclude(chapter=chapter)
    return list(elsewhere.filter(anchor__in=anchors_of(text)))


def hold(station: Station) -> None:
    """Lock the station's row until the transaction ends: one at a time changes what its handbook has."""
    Station.objects.select_for_update(no_key=True).get(pk=station.pk)


def _end(station: Station) -> int:
    """Return the place after the last, and after those of chapters that were left out."""
    return 1 + (station.chapters.aggregate(last=Max(F("position")))["last"] or 0)
