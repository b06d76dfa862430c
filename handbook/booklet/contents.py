"""What stands in a booklet: the chapters' texts with what officers contributed below each passage."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from handbook import markup
from handbook.booklet.period import EVER, Period
from handbook.contributions.inserted_between import inserted_between
from handbook.markup import Piece
from handbook.models import Chapter, Contribution, Passage, Told
from handbook.models.contributions import ContributionQuerySet
from sectors.models import Station

# A table of contents that is longer than about three pages is no help: it names the chapters alone.
MOST_LINES = 90
# In characters, of which an empty line costs as many as half a full one: at most about three hundred pages.
MOST_PRINTED, COST_OF_LINE = 400_000, 40
# Where links lead to whose passage the booklet does not have. No anchor has an underscore.
CONTENTS = "_contents"
# What was typed as HTML is escaped: this is what the renderer wrote.
_STARTING = re.compile(r'<ol start="(\d{1,9})">')


@dataclass(slots=True)
class Practice:
    """A contribution as it is printed."""

    contribution: Contribution
    html: str
    words: Told
    is_new: bool

    @property
    def anchor(self) -> str:
        return f"practice_{self.contribution.pk}"


# By the primary key of their passage.
Below = dict[int, list[Practice]]


@dataclass(slots=True)
class Part:
    """A piece of a chapter's text, and the contributions below it."""

    piece: Piece
    practices: list[Practice]

    @property
    def number_before(self) -> int:
        """What a list that begins with this point counts from."""
        return (self.piece.number or 1) - 1


@dataclass(slots=True)
class PrintedChapter:
    """A chapter as it is printed: `groups` are its parts, neighbouring points of a numbered list together.

    `number` is its place in the handbook, also where a chapter before it has no text in force yet.
    """

    chapter: Chapter
    number: int
    title: Told
    body: Told
    groups: list[list[Part]]
    # What officers contributed to passages that the text no longer has.
    elsewhere: list[Practice] = field(default_factory=list)

    @property
    def headings(self) -> list[Piece]:
        """Those of the highest level, for the table of contents."""
        return [
            part.piece
            for group in self.groups
            for part in group
            if part.piece.kind == Passage.Kind.HEADING and part.piece.level == markup.HIGHEST
        ]


@dataclass(slots=True)
class Booklet:
    station: Station
    language: str
    period: Period
    chapters: list[PrintedChapter]
    practices: list[Practice]
    # When the newest of its texts came into force; None for a handbook without a text.
    version: datetime.datetime | None
    printed: datetime.datetime

    @property
    def new(self) -> list[Practice]:
        """Those of the period, in the handbook's order."""
        return [practice for practice in self.practices if practice.is_new]

    @property
    def contributions(self) -> list[Contribution]:
        return [practice.contribution for practice in self.practices]

    @property
    def is_too_long(self) -> bool:
        """Whether nobody would print it, and making it would keep everybody else waiting."""
        texts = [chapter.body.text for chapter in self.chapters]
        texts += [practice.words.text for practice in self.practices]
        return sum(len(text) + COST_OF_LINE * text.count("\n") for text in texts) > MOST_PRINTED

    @property
    def lists_headings(self) -> bool:
        return sum(1 + len(chapter.headings) for chapter in self.chapters) <= MOST_LINES


def chapters_of(station: Station) -> list[Chapter]:
    """Return the handbook's chapters in their order, also those whose first text is not in force yet."""
    return list(station.chapters.current().with_text())


def standing_in(chapters: list[Chapter], period: Period) -> ContributionQuerySet:
    """Return what was inserted into the chapters in the period and stands there, in the handbook's order.

    The chapters are of one station, and may be none.
    """
    if not chapters:
        return Contribution.objects.none()
    found = inserted_between(chapters[0].station, period.start, period.end)
    return found.filter(passage__chapter__in=chapters)


def booklet_of(station: Station, period: Period, language: str) -> Booklet:
    """Return the station's handbook as it stands now, in the language as far as its texts have it.

    Five queries, however long it is.
    """
    numbered = [(number, one) for number, one in enumerate(chapters_of(station), 1) if one.text]
    chapters = [chapter for _number, chapter in numbered]
    passages = {passage.anchor: passage for passage in _passages(chapters)}
    link = _link(passages)
    with override(language):
        practices = list(_practices(chapters, period, link))
        below: Below = defaultdict(list)
        for practice in practices:
            below[practice.contribution.passage_id].append(practice)
        printed = {one.pk: _chapter(one, number, passages, below, link) for number, one in numbered}
    for left in below.values():
        printed[left[0].contribution.passage.chapter_id].elsewhere += left
    published = [chapter.text.published_at for chapter in chapters if chapter.text]
    return Booklet(
        station=station,
        language=language,
        period=period,
        chapters=list(printed.values()),
        practices=practices,
        version=max(filter(None, published), default=None),
        printed=timezone.now(),
    )


def _passages(chapters: list[Chapter]) -> QuerySet[Passage]:
    # Their texts are printed from the chapters'.
    return Passage.objects.filter(chapter__in=chapters, left_at=None).only("anchor")


def _link(known: Container[str]) -> markup.Link:
    """Return what leads links to passages of the booklet; those to others lead to its contents."""
    return lambda anchor: f"#{anchor}" if anchor in known else f"#{CONTENTS}"


def _practices(chapters: list[Chapter], period: Period, link: markup.Link) -> Iterator[Practice]:
    for contribution in standing_in(chapters, EVER):
        wording = contribution.wording
        if wording is not None and contribution.decided_at is not None:
            words = wording.text
            html = _counted(markup.rendered(words.text, link))
            yield Practice(contribution, html, words, period.holds(contribution.decided_at))


def _chapter(
    chapter: Chapter, number: int, passages: dict[str, Passage], below: Below, link: markup.Link
) -> PrintedChapter:
    """Return the chapter as printed; what is placed in it is taken out of `below`."""
    title, body = chapter.text.title, chapter.text.body  # type: ignore[union-attr]  # those without are not printed
    groups: list[list[Part]] = []
    for piece in markup.pieces(body.text, link):
        piece.html = _counted(piece.html)
        passage = passages.get(chapter.slug if piece.kind == Passage.Kind.CHAPTER else piece.anchor)
        part = Part(piece, below.pop(passage.pk, []) if passage else [])
        if groups and _goes_on(groups[-1][-1].piece, piece):
            groups[-1].append(part)
        else:
            groups.append([part])
    return PrintedChapter(chapter, number, title, body, groups)


def _goes_on(before: Piece, piece: Piece) -> bool:
    """Whether the two are neighbouring points of one list."""
    if before.number is None or piece.number is None:
        return False
    return piece.number == before.number + 1


def _counted(html: str) -> str:
    """Let lists that begin with another number than 1 do so on paper: WeasyPrint passes over `start`."""
    return _STARTING.sub(lambda ol: f'<ol style="counter-reset: list-item {int(ol[1]) - 1}">', html)
