"""The text around a passage: what an editor reads beside a contribution to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from handbook import markup
from handbook.chapters.rendering import linking
from handbook.models import Passage


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the chapter's text. `is_passage`: the one that it is about."""

    number: int | None
    title: SafeString
    html: SafeString
    is_passage: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The passage with what stands before and after it, in the language that the text is told in."""

    parts: list[Part]
    language: str
    is_foreign: bool


def around(passage: Passage) -> Surroundings | None:
    """Return the passage with the piece before and the one after it; None once it has left the text."""
    text = passage.chapter.text
    if text is None or not passage.is_current:
        return None
    body = text.body
    pieces = markup.pieces(str(body), linking(passage.station.slug))
    places = (place for place, piece in enumerate(pieces) if _is(piece, passage))
    if (here := next(places, None)) is None:
        return None
    first = max(here - 1, 0)
    parts = [_part(piece, is_passage=piece is pieces[here]) for piece in pieces[first : here + 2]]
    return Surroundings(parts, body.language, body.is_foreign)


def _is(piece: markup.Piece, passage: Passage) -> bool:
    if passage.kind == Passage.Kind.CHAPTER:
        return piece.kind == Passage.Kind.CHAPTER
    return piece.anchor == passage.anchor


def _part(piece: markup.Piece, *, is_passage: bool) -> Part:
    title, html = (mark_safe(words) for words in (_title(piece), piece.html))  # noqa: S308 - escaped by markup
    return Part(piece.number, title, html, is_passage)


def _title(piece: markup.Piece) -> str:
    return piece.title_html if piece.kind == Passage.Kind.HEADING else ""
