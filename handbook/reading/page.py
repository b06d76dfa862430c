"""A chapter as it is read: the pieces of its text, and what stands below each passage."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from handbook import markup
from handbook.contributions.agreeing import with_agreements
from handbook.models import Chapter, Contribution, Passage, ReadingRequest
from handbook.reading import news
from handbook.reading.confirming import requests_at

if TYPE_CHECKING:
    from officers.models import User

# So many contributions stand open below a passage, the newest; the rest unfolds.
OPEN_AT_ONCE = 3
# Texts that are kept rendered, in each process: a handbook has about ten, in two languages.
TEXTS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Practice:
    """A contribution that was inserted; whether it, or its wording, is new to the reader."""

    contribution: Contribution
    is_new: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the text with what belongs to it. `passage` is None for a text that nothing can point at."""

    piece: markup.Piece
    passage: Passage | None = None
    is_new: bool = False
    practice: tuple[Practice, ...] = ()
    request: ReadingRequest | None = None

    @property
    def is_point(self) -> bool:
        return self.piece.kind == Passage.Kind.POINT

    @property
    def title_html(self) -> SafeString:
        return mark_safe(self.piece.title_html)  # noqa: S308  # handbook.markup lets no HTML through

    @property
    def html(self) -> SafeString:
        return mark_safe(self.piece.html)  # noqa: S308  # the same

    @property
    def first_practice(self) -> tuple[Practice, ...]:
        return self.practice[:OPEN_AT_ONCE]

    @property
    def more_practice(self) -> tuple[Practice, ...]:
        return self.practice[OPEN_AT_ONCE:]


@dataclass(frozen=True, slots=True)
class Page:
    """A chapter's text for one reader. `left`: passages the text has no longer, with the practice that stays."""

    blocks: list[Block]
    left: list[Block]
    read_at: datetime.datetime | None

    @property
    def contributions(self) -> list[Contribution]:
        return [one.contribution for block in (*self.blocks, *self.left) for one in block.practice]

    @property
    def has_news(self) -> bool:
        return any(block.is_new or any(one.is_new for one in block.practice) for block in self.blocks)


def page_of(chapter: Chapter, user: User) -> Page:
    """Return the page; the chapter has been fetched with its station and text. Five queries."""
    read_at = news.read_at(user, chapter)
    practice = _practice(chapter, user, read_at)
    return Page(
        blocks=_blocks(chapter, user, practice, read_at),
        left=_left(practice),
        read_at=read_at,
    )


def _blocks(
    chapter: Chapter,
    user: User,
    practice: dict[Passage, tuple[Practice, ...]],
    read_at: datetime.datetime | None,
) -> list[Block]:
    if chapter.text is None:
        return []
    passages = {row.anchor: row for row in chapter.passages.filter(left_at=None).select_related("station")}
    requests = requests_at(chapter, user)
    told, blocks = chapter.text.body, []
    for piece in pieces(told.text, chapter.station.slug, chapter.slug, get_language() or ""):
        passage = passages.get(anchor_of(piece, chapter))
        if passage is None:
            blocks.append(Block(piece))
            continue
        blocks.append(
            Block(
                piece,
                passage,
                is_new=read_at is not None and passage.changed_at > read_at,
                practice=practice.get(passage, ()),
                request=requests.get(passage.pk),
            )
        )
    return blocks


def anchor_of(piece: markup.Piece, chapter: Chapter) -> str:
    """Return the anchor: a chapter's beginning has the chapter's address; "" where nothing points."""
    return chapter.slug if piece.kind == Passage.Kind.CHAPTER else piece.anchor


@lru_cache(maxsize=TEXTS_KEPT)
def pieces(body: str, station: str, chapter: str, language: str) -> tuple[markup.Piece, ...]:
    """Return the rendered pieces of a text in force, which never changes: rendered once.

    Kept by the text itself, so that no other handbook, restored under the same numbers, is taken for it. `language`
    is that of the page's addresses. Links to the chapter's own anchors stay on the page.
    """
    own = {chapter, *(piece.anchor for piece in markup.passages(body) if piece.anchor)}

    def link(anchor: str) -> str:
        return f"#{anchor}" if anchor in own else reverse("handbook:passage_detail", args=[station, anchor])

    return tuple(markup.pieces(body, link))


# --- What officers contributed ------------------------------------------------------------------


def _practice(
    chapter: Chapter, user: User, read_at: datetime.datetime | None
) -> dict[Passage, tuple[Practice, ...]]:
    """Return what was inserted in the chapter by its passage, the newest first."""
    found: dict[Passage, list[Practice]] = {}
    for one in inserted_at(chapter.passages.all(), user):
        is_new = read_at is not None and one.newest_at > read_at  # type: ignore[attr-defined]  # annotated
        found.setdefault(one.passage, []).append(Practice(one, is_new))
    return {passage: tuple(ones) for passage, ones in found.items()}


def inserted_at(passages: Iterable[Passage], user: User) -> Iterable[Contribution]:
    """Return the contributions inserted at the passages with their words, who agrees, and `newest_at`."""
    rows = Contribution.objects.inserted().filter(passage__in=passages)
    rows = with_agreements(rows.with_wording(), user)
    rows = rows.annotate(newest_at=Coalesce("reworded_at", "decided_at"))
    return rows.select_related("passage__station", "sector").order_by("-decided_at", "-pk")


def _left(practice: dict[Passage, tuple[Practice, ...]]) -> list[Block]:
    """Return the passages that the text has no longer but whose practice stays, as they were called last."""
    return [
        Block(markup.Piece(kind=passage.kind, anchor=passage.anchor), passage, practice=ones)
        for passage, ones in sorted(practice.items(), key=lambda found: found[0].position)
        if passage.left_at is not None
    ]
