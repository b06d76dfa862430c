"""Anchors for passages that have none yet: the same in both languages, and nobody else's in the handbook."""

from __future__ import annotations

from collections.abc import Sequence

from handbook import markup
from handbook.markup import Piece
from handbook.models import Chapter, Passage, Revision
from sectors.spelling import slug_of

LONGEST = 40
WORDS = 6
# More passages than a chapter can sensibly have: nobody is helped by anchors for them.
MOST_PASSAGES = 300


def anchors_of(text: Revision) -> set[str]:
    """Return the anchors of the passages of the text in both languages, the chapter's own apart."""
    bodies = (body for body in (text.body_en, text.body_da) if body)
    return {piece.anchor for body in bodies for piece in markup.passages(body)[1:] if piece.anchor}


def fill(draft: Revision) -> None:
    """Write the missing anchors into the draft's texts, by the English words, else by the Danish.

    Texts whose passages differ in shape stay as they are: whose anchor would be whose? Nothing is saved.
    """
    bodies = [draft.body_en, draft.body_da]
    texts = [markup.passages(body)[1:] if body else [] for body in bodies]
    if all(bodies) and [one.shape for one in texts[0]] != [one.shape for one in texts[1]]:
        return
    if max(map(len, texts)) > MOST_PASSAGES:
        return
    anchors = _anchors(draft.chapter, texts)
    draft.body_en, draft.body_da = (
        _filled(body, pieces, anchors) if body else body for body, pieces in zip(bodies, texts, strict=True)
    )


def _anchors(chapter: Chapter, texts: Sequence[Sequence[Piece]]) -> list[str]:
    """Return an anchor for each place, that which one of the languages has, or a new one."""
    rows = list(zip(*(pieces for pieces in texts if pieces), strict=True))
    typed = [next((piece.anchor for piece in row if piece.anchor), "") for row in rows]
    if all(typed):
        return typed
    used = {piece.anchor for pieces in texts for piece in pieces} | _taken(chapter)
    for place, row in enumerate(rows):
        if not typed[place]:
            typed[place] = _free(_wanted(row), used)
            used.add(typed[place])
    return typed


def _taken(chapter: Chapter) -> set[str]:
    """Return all that was ever an anchor in the handbook: what is no longer in the text is still pointed at."""
    passages = Passage.objects.filter(station=chapter.station_id).values_list("anchor", flat=True)
    return {*passages, *Chapter.objects.filter(station=chapter.station_id).values_list("slug", flat=True)}


def _wanted(pieces: Sequence[Piece]) -> str:
    for piece in pieces:
        words = [word for word in slug_of(piece.title[:300]).replace("_", "-").split("-") if word][:WORDS]
        while len("-".join(words)) > LONGEST and len(words) > 1:
            words.pop()
        if words:
            return "-".join(words)[:LONGEST]
    return f"point-{pieces[0].number}" if pieces[0].number else "heading"


def _free(anchor: str, used: set[str]) -> str:
    found, count = anchor, 1
    while found in used:
        count += 1
        found = f"{anchor}-{count}"
    return found


def _filled(body: str, pieces: Sequence[Piece], anchors: Sequence[str]) -> str:
    """Return the text with anchors on the lines that had none, and where they are read as such."""
    before, after = markup.normal(body).split("\n"), markup.mark(body, anchors).split("\n")
    lines = list(before)
    for piece in pieces:
        if not piece.anchor:
            lines[piece.line] = after[piece.line]
    for piece in markup.passages("\n".join(lines))[1:]:
        # A point that begins with no words of its own takes no anchor.
        if not piece.anchor:
            lines[piece.line] = before[piece.line]
    return "\n".join(lines)
