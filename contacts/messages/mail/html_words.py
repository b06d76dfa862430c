"""The words of a mail that came as HTML. Nothing of it is ever shown as HTML, so nothing of it can act.

One pass, whatever is open or nested: what is not closed goes on to the end.
"""

from __future__ import annotations

import html
import re

# More is no letter; the rest is left out.
HTML_LIMIT = 300_000
_PIECE = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<silent>script|style|head|title|template)\b.*?(?:</(?P=silent)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)[^>]*(?:>|\Z)"
    r"|<[!?/][^>]*(?:>|\Z)"
    r"|(?P<words>[^<]+|<)",
    re.IGNORECASE | re.DOTALL,
)
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "ul", "ol", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_DEEPEST_QUOTE = 5


def words_of_html(source: str) -> str:
    """Return the words, a line for each block; what is quoted begins with "> ", as in a plain mail."""
    lines: list[str] = [""]
    depth = 0
    for piece in _PIECE.finditer(source[:HTML_LIMIT]):
        tag = (piece["tag"] or "").lower()
        if tag == "blockquote":
            depth = max(depth - 1, 0) if piece["end"] else min(depth + 1, _DEEPEST_QUOTE)
            lines.append(_beginning(depth))
        elif tag in _BREAKS:
            lines.append(_beginning(depth))
        elif piece["words"]:
            lines[-1] += re.sub(r"\s+", " ", html.unescape(piece["words"]))
    return "\n".join(_without_idle_lines([line.rstrip() for line in lines]))


def _beginning(depth: int) -> str:
    return ">" * depth + " " if depth else ""


def _without_idle_lines(lines: list[str]) -> list[str]:
    """Return the lines with one empty line at most between two that say something."""
    kept: list[str] = []
    for line in lines:
        if line.strip("> ") or (kept and kept[-1].strip("> ")):
            kept.append(line.lstrip())
    return kept
