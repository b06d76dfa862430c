"""What is wrong with a chapter's text before readers have it, in sentences that say what to do.

A draft is saved whatever is wrong with it. What `refuses` keeps it from being published; the rest is a warning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handbook import markup
from handbook.chapters.anchoring import MOST_PASSAGES
from handbook.chapters.pointing import Finding, around, quoted
from handbook.markup import Piece
from handbook.models import LANGUAGES, Chapter, Passage, Revision

_FIRST_LEVEL = re.compile(r"^ {0,3}#[ \t]+\S", re.MULTILINE)
_PICTURE = re.compile(r"(?<!\\)!\[[^\[\]\n]*\]\([^()\n]*\)")
_TAG = re.compile(r"(?<!\\)(?:</?[a-z][a-z0-9-]*(?:\s[^<>\n]*)?/?>|<!--)", re.IGNORECASE)
HIGHEST_NUMBER = 9999
LONGEST_ANCHOR = 60


def findings(draft: Revision) -> list[Finding]:
    """Return what is wrong with the draft, what refuses first."""
    found = list(_missing(draft))
    if draft.chapter.left_out_at:
        found.append(Finding(_("This chapter is left out of the handbook. Take it in again, then publish.")))
    bodies = [(language, body) for language in LANGUAGES if (body := getattr(draft, f"body_{language}"))]
    texts = {language: markup.passages(body)[1:] for language, body in bodies}
    for language, body in bodies:
        found += _typed(language, body)
        found += _passages(language, texts[language], draft.chapter)
    found += _parted(texts)
    found += around(draft)
    return sorted(dict.fromkeys(found), key=lambda one: not one.refuses)


def refuses(found: list[Finding]) -> bool:
    return any(one.refuses for one in found)


# --- One text -----------------------------------------------------------------------------------


def _name(language: str) -> str:
    return _("the Danish text") if language == "da" else _("the English text")


def _missing(draft: Revision) -> Iterator[Finding]:
    """A title without a text and the other way round; nothing at all."""
    has = {
        language: (bool(getattr(draft, f"title_{language}")), bool(getattr(draft, f"body_{language}")))
        for language in LANGUAGES
    }
    if not any(map(all, has.values())):
        yield Finding(_("Write a title and a text, in one language at least."))
        return
    for language, (title, body) in has.items():
        if body and not title:
            yield Finding(_("A title is missing: %(text)s has none.") % {"text": _name(language)})
        elif title and not body:
            words = {
                "da": _(
                    "There is a Danish title, but no Danish text. Write the text, or take the title out."
                ),
                "en": _(
                    "There is an English title, but no English text. Write the text, or take the title out."
                ),
            }
            yield Finding(words[language])
        elif not body:
            words = {
                "da": _("There is no Danish text: who reads in Danish gets the English one."),
                "en": _("There is no English text: who reads in English gets the Danish one."),
            }
            yield Finding(words[language], refuses=False)


def _typed(language: str, body: str) -> Iterator[Finding]:
    """What readers would see as it was typed, and what would be shown otherwise than meant."""
    text = {"text": _name(language)}
    if _FIRST_LEVEL.search(body):
        yield Finding(
            _("In %(text)s a heading begins with one #. That is the chapter's title; it is shown like ##.")
            % text,
            refuses=False,
        )
    if picture := _PICTURE.search(body):
        yield Finding(
            _("The handbook shows no pictures. In %(text)s, take this out: %(words)s")
            % {**text, "words": quoted(picture[0])}
        )
    if tag := _TAG.search(body):
        yield Finding(
            _(
                "HTML is not used here and would be read as it stands. In %(text)s, take this out, "
                "or write \\< for a < that is meant: %(words)s"
            )
            % {**text, "words": quoted(tag[0])}
        )


def _passages(language: str, pieces: list[Piece], chapter: Chapter) -> Iterator[Finding]:
    """Points without words, anchors that are there twice or not at all."""
    text = {"text": _name(language)}
    if len(pieces) > MOST_PASSAGES:
        yield Finding(
            _("In %(text)s there are more than %(count)d headings and points. Make two chapters of it.")
            % {**text, "count": MOST_PASSAGES}
        )
        return
    for piece in pieces:
        if piece.number is not None and piece.number > HIGHEST_NUMBER:
            yield Finding(
                _("In %(text)s a point has the number %(number)d. Write a smaller one.")
                % {**text, "number": piece.number}
            )
        if not piece.title:
            yield Finding(_wordless(piece) % {**text, "number": piece.number})
        elif len(piece.anchor) > LONGEST_ANCHOR:
            yield Finding(
                _("In %(text)s an anchor is too long: %(anchor)s") % {**text, "anchor": quoted(piece.anchor)}
            )
    counts = Counter(piece.anchor for piece in pieces if piece.anchor)
    for anchor, count in counts.items():
        if count > 1 or anchor == chapter.slug:
            yield Finding(
                _(
                    "In %(text)s the anchor {#%(anchor)s} is there twice. "
                    "Give each point its own, or take one out: it is written anew."
                )
                % {**text, "anchor": anchor}
            )


def _wordless(piece: Piece) -> str:
    if piece.kind == Passage.Kind.POINT:
        return _("In %(text)s point %(number)d begins with no words. Write some, or take the number out.")
    return _("In %(text)s a heading has no words. Write some, or take it out.")


# --- Two languages ------------------------------------------------------------------------------


def _parted(texts: dict[str, list[Piece]]) -> Iterator[Finding]:
    """Whether headings and points of both languages match: what is said of one is said of the other."""
    if len(texts) < 2:
        for piece in next(iter(texts.values()), []):
            if piece.title and not piece.anchor:
                yield Finding(_without_anchor(piece))
        return
    english, danish = texts["en"], texts["da"]
    for en, da in zip_longest(english, danish):
        if en is None or da is None or en.shape != da.shape:
            yield Finding(_counted(english, danish) + _place(en, da))
            return
        if en.anchor != da.anchor and en.anchor and da.anchor:
            yield Finding(
                _(
                    "%(words)s: its anchor is {#%(en)s} in English and {#%(da)s} in Danish. "
                    "Put both texts into the same order, or give it one anchor."
                )
                % {"words": _described(en), "en": en.anchor, "da": da.anchor}
            )
        elif not (en.anchor and da.anchor) and en.title and da.title:
            yield Finding(_without_anchor(en))


def _without_anchor(piece: Piece) -> str:
    words = _(
        "%(words)s has no anchor. Save the draft once more: it gets one. "
        "A point must begin with words, not with a list."
    )
    return words % {"words": _described(piece)}


def _counted(english: list[Piece], danish: list[Piece]) -> str:
    """Return how many points or headings there are, where that differs."""
    for kind, counted in ((Passage.Kind.POINT, _points), (Passage.Kind.HEADING, _headings)):
        en, da = (sum(piece.kind == kind for piece in pieces) for pieces in (english, danish))
        if en != da:
            return (
                _("The English text has %(en)s, the Danish %(da)s.") % {"en": counted(en), "da": counted(da)}
                + " "
            )
    return _("The English and the Danish text differ in their headings and numbers.") + " "


def _points(count: int) -> str:
    return ngettext("%(count)d numbered point", "%(count)d numbered points", count) % {"count": count}


def _headings(count: int) -> str:
    return ngettext("%(count)d heading", "%(count)d headings", count) % {"count": count}


def _place(en: Piece | None, da: Piece | None) -> str:
    return _("They part here: in English %(en)s, in Danish %(da)s.") % {
        "en": _described(en) if en else _("the end"),
        "da": _described(da) if da else _("the end"),
    }


def _described(piece: Piece) -> str:
    if piece.number is not None:
        return _("point %(number)d, %(words)s") % {"number": piece.number, "words": quoted(piece.title)}
    marks = "#" * piece.level
    return _("the heading %(words)s") % {"words": quoted(f"{marks} {piece.title}")}
