"""A chapter's text as pages show it: paragraphs, headings and lists of numbered points, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from handbook import markup
from handbook.markup import Link, Piece
from handbook.models import Passage


@dataclass(slots=True)
class Block:
    """A heading with what follows it, points of one list, or other text. `level` is the heading's on the page."""

    kind: str
    level: int = 0
    title_html: str = ""
    html: str = ""
    start: int = 1
    points: list[Piece] = field(default_factory=list)


def linking(station: str) -> Link:
    """Return how a link to an anchor leads to the passage in the handbook of the station with this slug."""
    return lambda anchor: reverse("handbook:passage_detail", args=[station, anchor])


def blocks(body: str, link: Link, *, lower: int = 0) -> list[Block]:
    """Return the text's blocks in its order; `lower` is by how much its headings stand lower on the page."""
    found: list[Block] = []
    for piece in markup.pieces(body, link) if body else ():
        if piece.kind != Passage.Kind.POINT:
            found.append(Block(piece.kind, piece.level + lower, piece.title_html, piece.html))
        elif found and (found[-1].points and found[-1].points[-1].number == (piece.number or 0) - 1):
            found[-1].points.append(piece)
        else:
            found.append(Block(piece.kind, start=piece.number or 1, points=[piece]))
    return found
