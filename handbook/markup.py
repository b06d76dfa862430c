"""The Markdown of the handbook: a safe subset, cut into passages that have anchors.

Headings of two to four marks, paragraphs, lists, quotations, rules, emphasis and links; no HTML, pictures or code:
what is not in the subset is shown as it was typed. A heading, and a point of a numbered list that is in no other
list, is a passage. Its anchor stands at the end of its first line: `10. Keep a log. {#sector-log}`. An anchor is
unique in a station's handbook, and `[the log](#sector-log)` links to it, whichever chapter it is in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from handbook.models import Passage

Link = Callable[[str], str]

_SUBSET = ("heading", "list", "blockquote", "hr", "newline", "escape", "emphasis", "link", "autolink")
_ANCHOR = re.compile(r"(?<![ \t])[ \t]*\{#([a-z0-9]+(?:-[a-z0-9]+)*)\}[ \t]*$", re.MULTILINE)
_ALLOWED = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+|#[a-z0-9-]+", re.IGNORECASE)
# Soft hyphens, spaces without width, and what overrides the direction of writing; those that join emoji stay.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
HIGHEST, LOWEST = 2, 4  # levels of headings; the chapter's title is the first


@dataclass(slots=True)
class Piece:
    """A passage as it stands in a text, or what stands after a numbered list and belongs to no passage.

    `level` is that of a heading. `title` is a heading's words, or a point's first line, without marks; `html` what
    follows the heading, or all of the point. `line` is where the anchor is written, counted from 0.
    """

    kind: str = ""
    level: int = 0
    number: int | None = None
    anchor: str = ""
    title: str = ""
    title_html: str = ""
    html: str = ""
    line: int = -1
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def shape(self) -> tuple[str, int, int | None]:
        """What must be alike in the texts of both languages."""
        return self.kind, self.level, self.number


def pieces(text: str, link: Link = lambda anchor: f"#{anchor}") -> list[Piece]:
    """Return the pieces of the text in its order, the chapter's beginning first. `link` makes links to anchors."""
    tokens = _parser().parse(normal(text), {"link": link})
    found = [Piece(kind=Passage.Kind.CHAPTER)]
    start = 0
    while start < len(tokens):
        end = _end(tokens, start)
        block = tokens[start:end]
        if block[0].type == "heading_open":
            found.append(_heading(block))
        elif block[0].type == "ordered_list_open":
            found += [*_points(block), Piece()]
        else:
            _add(found[-1], block)
        start = end
    return [piece for piece in found if piece.kind or piece.html]


def passages(text: str) -> list[Piece]:
    """Return the pieces that are passages: those that can be pointed at."""
    return [piece for piece in pieces(text) if piece.kind]


def rendered(text: str, link: Link = lambda anchor: f"#{anchor}") -> str:
    """Return a short text, as a contribution's wording is, as HTML in one. It has no anchors of its own."""
    return str(_parser(anchors=False).render(normal(text), {"link": link}))


def destinations(text: str) -> list[str]:
    """Return where the links of the text lead, those too that are not allowed."""
    parser = _parser(anchors=False, every_link=True)
    return [
        str(child.attrs["href"])
        for token in parser.parse(normal(text), {"link": lambda anchor: f"#{anchor}"})
        for child in token.children or ()
        if child.type == "link_open"
    ]


def is_allowed(destination: str) -> bool:
    """Whether a link may lead there: the web, a mail, a telephone, a passage of the handbook."""
    return _ALLOWED.fullmatch(destination) is not None


def normal(text: str) -> str:
    """Return the text with lines that end in one way, and without signs that nobody sees.

    Those would turn what follows around on the page, or part a number that must be found.
    """
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def mark(text: str, anchors: Sequence[str]) -> str:
    """Return the text with the anchors written at its passages but the first, in their order."""
    lines = normal(text).split("\n")
    for piece, anchor in zip(passages(text)[1:], anchors, strict=True):
        bare = _ANCHOR.sub("", lines[piece.line]).rstrip()
        lines[piece.line] = f"{bare} {{#{anchor}}}"
    return "\n".join(lines)


# --- How the library is set up ------------------------------------------------------------------


@cache
def _parser(*, anchors: bool = True, every_link: bool = False) -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False}).enable(list(_SUBSET))
    allowed: Callable[[str], bool] = is_allowed
    if every_link:
        allowed = lambda url: True  # noqa: E731 - a function of two words
    parser.validateLink = allowed  # type: ignore[assignment, method-assign]  # as the library has it replaced
    if anchors:
        parser.core.ruler.before("inline", "anchors", _take_anchors)
    parser.core.ruler.push("links", _lead_links)
    return parser


def _take_anchors(state: StateCore) -> None:
    """Move the anchor from the words of a heading or point to its token."""
    for opening, inline in _passage_tokens(state.tokens):
        first, *rest = inline.content.split("\n")
        if match := _ANCHOR.search(first):
            opening.meta["anchor"] = match[1]
            inline.content = "\n".join([first[: match.start()], *rest])


def _passage_tokens(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Return each heading's and point's opening token with the one that holds its first words."""
    outer = ""
    for place, token in enumerate(tokens):
        if token.level == 0:
            outer = token.type
        if token.type == "heading_open" and token.level == 0:
            yield token, tokens[place + 1]
        is_point = token.type == "list_item_open" and token.level == 1 and outer == "ordered_list_open"
        if is_point and tokens[place + 1].type == "paragraph_open":
            yield token, tokens[place + 2]


def _lead_links(state: StateCore) -> None:
    """Let links to anchors lead where the page wants them; others tell no other site where they were clicked."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "link_open":
                href = str(child.attrs["href"])
                if href.startswith("#"):
                    child.attrs["href"] = state.env["link"](href[1:])
                else:
                    child.attrs["rel"] = "noreferrer"


# --- From tokens to pieces ----------------------------------------------------------------------


def _end(tokens: Sequence[Token], start: int) -> int:
    """Return where the block that begins at `start` has ended."""
    depth = 0
    for place in range(start, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place + 1
    return len(tokens)


def _heading(block: Sequence[Token]) -> Piece:
    level = min(max(int(block[0].tag[1:]), HIGHEST), LOWEST)
    piece = Piece(kind=Passage.Kind.HEADING, level=level, anchor=block[0].meta.get("anchor", ""))
    piece.title, piece.title_html = _words(block), _html(block[1:2])
    piece.line = _line(block[1])
    return piece


def _points(block: Sequence[Token]) -> Iterator[Piece]:
    number = int(block[0].attrs.get("start", 1))
    start = 1
    while start < len(block) - 1:
        end = _end(block, start)
        item = block[start:end]
        piece = Piece(kind=Passage.Kind.POINT, number=number, anchor=item[0].meta.get("anchor", ""))
        _add(piece, item[1:-1])
        piece.title = next((words for words in piece.words if words), "")
        piece.line = _line(item[0])
        yield piece
        number, start = number + 1, end


def _add(piece: Piece, block: Sequence[Token]) -> None:
    piece.html += _html(block)
    piece.words += [words for token in block if (words := _words([token]))]


def _html(tokens: Sequence[Token]) -> str:
    parser = _parser()
    return str(parser.renderer.render(tokens, parser.options, {}))


def _words(tokens: Sequence[Token]) -> str:
    return " ".join(_inline_words(token) for token in tokens if token.children).strip()


def _inline_words(token: Token) -> str:
    return "".join(
        child.content if child.type == "text" else " " if child.type == "softbreak" else ""
        for child in token.children or ()
    )


def _line(token: Token) -> int:
    return token.map[0] if token.map else -1
