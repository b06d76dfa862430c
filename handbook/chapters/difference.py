"""What changed between two texts, to be read by people: words added and taken out, long unchanged stretches folded.

Paragraphs are matched first, then the words within those that changed. Marks of Markdown and anchors are left out;
links are compared apart. The work is bounded: what is too large to compare is shown as taken out and put in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from handbook import markup
from handbook.models import Passage

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
# Unchanged paragraphs that stay in sight beside a change, and how many more are worth folding away.
BESIDE, FOLDED_FROM = 1, 3
# How alike two paragraphs are, from 0 to 1, that are shown as one that was changed.
ALIKE = 0.4
# How much is compared at most, for one stretch and for a whole text; about twenty million are a second.
LARGEST, ALL = 15_000_000, 30_000_000
# From so many words on the library leaves those aside that are more than a hundredth of them.
LONG = 200
# A stretch of so many paragraphs on either side is matched by likeness, longer ones by their order.
MATCHED = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading, or one of a passage's paragraphs; its first carries the point's number."""

    kind: str
    words: str
    number: int | None = None
    level: int = 0

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes two of them the same: a point that only got another number has not changed."""
        return self.kind, self.level, self.words


@dataclass(frozen=True, slots=True)
class Span:
    """Words that are the same, added or removed."""

    how: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph with what happened to it."""

    how: str
    paragraph: Paragraph
    spans: tuple[Span, ...]


@dataclass(slots=True)
class Stretch:
    """Rows that stand together; an unchanged one may be folded."""

    rows: list[Row]
    is_folded: bool = False


@dataclass(slots=True)
class Difference:
    """What changed between two texts."""

    stretches: list[Stretch] = field(default_factory=list)
    title: tuple[Span, ...] = ()
    links_added: list[str] = field(default_factory=list)
    links_removed: list[str] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        """Whether words of the text were added or taken out."""
        return any(row.how != SAME for stretch in self.stretches for row in stretch.rows)

    @property
    def has_title(self) -> bool:
        return any(span.how != SAME for span in self.title)

    @property
    def is_any(self) -> bool:
        return bool(self.has_words or self.has_title or self.links_added or self.links_removed)


class Budget:
    """What is left of the comparisons that one page may make."""

    def __init__(self, left: int = ALL) -> None:
        self.left = left

    def allows(self, before: Sequence[Any], after: Sequence[Any]) -> bool:
        """Whether the two are compared: what that costs at worst is taken off."""
        counts = Counter(after)
        popular = len(after) // 100 + 1 if len(after) >= LONG else len(after)
        equal = sum(counts[one] for one in before if counts[one] <= popular)
        # Each match that is found has both looked through anew, before it and after it.
        cost = (equal + len(before)) * min(len(before), len(after))
        if cost > min(LARGEST, self.left):
            return False
        self.left -= cost
        return True


def difference(before: str, after: str, *, titles: tuple[str, str] = ("", "")) -> Difference:
    """Return what changed from the Markdown text `before` to `after`, and from one title to the other."""
    budget = Budget()
    rows = list(_rows(paragraphs(before), paragraphs(after), budget))
    leading = [_destinations(text) for text in (before, after)]
    return Difference(
        _folded(rows),
        tuple(_spans(*titles, budget)),
        [place for place in leading[1] if place not in set(leading[0])],
        [place for place in leading[0] if place not in set(leading[1])],
    )


def paragraphs(text: str) -> list[Paragraph]:
    """Return the text's paragraphs in its order, without marks."""
    found = []
    for piece in markup.pieces(text) if text else ():
        if piece.kind == Passage.Kind.HEADING:
            found.append(Paragraph(piece.kind, piece.title, level=piece.level))
        kind = Passage.Kind.POINT if piece.kind == Passage.Kind.POINT else ""
        words = [" ".join(one.split()) for one in piece.words if one]
        for place, one in enumerate(words):
            found.append(Paragraph(kind, one, piece.number if place == 0 else None))
    return found


def _destinations(text: str) -> list[str]:
    # Reading a text once more costs time: most have no link.
    has_links = "](" in text or "<" in text
    return list(dict.fromkeys(markup.destinations(text))) if has_links else []


# --- Paragraphs ---------------------------------------------------------------------------------


def _rows(before: Sequence[Paragraph], after: Sequence[Paragraph], budget: Budget) -> Iterator[Row]:
    keys = [one.key for one in before], [one.key for one in after]
    for how, old, new in _steps(*keys, budget):
        if how == SAME:
            yield from (Row(SAME, one, (Span(SAME, one.words),)) for one in after[new])
        else:
            yield from _matched(before[old], after[new], budget)


def _matched(before: Sequence[Paragraph], after: Sequence[Paragraph], budget: Budget) -> Iterator[Row]:
    """Yield what was changed as one paragraph where two are alike, the rest as taken out or put in."""
    old = new = 0
    for left, right in [*_pairs(before, after), (len(before), len(after))]:
        yield from (Row(REMOVED, one, (Span(REMOVED, one.words),)) for one in before[old:left])
        yield from (Row(ADDED, one, (Span(ADDED, one.words),)) for one in after[new:right])
        if left < len(before):
            spans = tuple(_spans(before[left].words, after[right].words, budget))
            yield Row(CHANGED, after[right], spans)
        old, new = left + 1, right + 1


def _pairs(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Return places of paragraphs that are alike, in the order of both, as much alike as possible in all."""
    if len(before) > MATCHED or len(after) > MATCHED:
        return []
    words = [[Counter(one.words.casefold().split()) for one in side] for side in (before, after)]
    # best[i][j]: how alike what begins at i and j can be made, at most.
    best = [[0.0] * (len(after) + 1) for _row in range(len(before) + 1)]
    alike = [[_alike(one, other) for other in words[1]] for one in words[0]]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    found, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if alike[i][j] and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """Return how much of their words two paragraphs share, from 0 to 1; 0 where it is too little."""
    share = 2 * (one & other).total() / max(1, one.total() + other.total())
    return share if share >= ALIKE else 0.0


def _folded(rows: Sequence[Row]) -> list[Stretch]:
    """Cut the rows into stretches: unchanged ones are folded but for those beside a change."""
    found: list[Stretch] = []
    place = 0
    while place < len(rows):
        is_same, start = rows[place].how == SAME, place
        while place < len(rows) and (rows[place].how == SAME) is is_same:
            place += 1
        stretch = list(rows[start:place])
        head = BESIDE if is_same and start > 0 else 0
        tail = BESIDE if is_same and place < len(rows) else 0
        middle = stretch[head : len(stretch) - tail]
        if is_same and len(middle) >= FOLDED_FROM:
            cut = (stretch[:head], middle, stretch[len(stretch) - tail :])
            found += [Stretch(part, part is middle) for part in cut if part]
        else:
            found.append(Stretch(stretch))
    return found


# --- Words --------------------------------------------------------------------------------------


def _spans(before: str, after: str, budget: Budget) -> Iterator[Span]:
    old, new = before.split(), after.split()
    for how, left, right in _steps(old, new, budget):
        if how == SAME:
            yield Span(SAME, " ".join(new[right]))
            continue
        if left.stop > left.start:
            yield Span(REMOVED, " ".join(old[left]))
        if right.stop > right.start:
            yield Span(ADDED, " ".join(new[right]))


def _steps(before: Sequence[Any], after: Sequence[Any], budget: Budget) -> Iterator[tuple[str, slice, slice]]:
    """Yield how to get from one sequence to the other: what is the same, what is replaced.

    What both begin and end with is taken off first. What remains is compared while the budget allows it.
    """
    head = _alike_from(before, after)
    tail = _alike_from(before[head:][::-1], after[head:][::-1])
    left, right = slice(head, len(before) - tail), slice(head, len(after) - tail)
    if head:
        yield SAME, slice(0, head), slice(0, head)
    old, new = before[left], after[right]
    if budget.allows(old, new):
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
            how = SAME if tag == "equal" else CHANGED
            yield how, slice(head + i1, head + i2), slice(head + j1, head + j2)
    elif old or new:
        yield CHANGED, left, right
    if tail:
        yield SAME, slice(left.stop, len(before)), slice(right.stop, len(after))


def _alike_from(one: Sequence[Any], other: Sequence[Any]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
