"""Words that are looked for in a station's handbook: its passages, and the practice inserted below them.

All words have to be there, each in any of its forms or as how a word begins: "burgl" finds "burglaries". English is
searched in the English texts and Danish in the Danish ones, at once: whoever searches need not say which it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from handbook import markup
from handbook.models import Contribution, Passage, Told, Wording, reading_language, told
from sectors.models import Station

LONGEST_SEARCH = 100
MOST_FOUND = 30
# Shorter words are looked for whole: "an" would find half of the handbook.
SHORTEST_BEGINNING = 3
CONFIGS = {"en": "english", "da": "danish"}
WORD = re.compile(r"\w+")
# Where a word that was found begins and ends, as the database writes it: characters that no text is printed with.
BEGINS, ENDS = "\ue000", "\ue001"
FOUND_WORD = re.compile(f"{BEGINS}([^{BEGINS}{ENDS}]*){ENDS}")
# A text of so many characters is shown whole.
SHORT_TEXT = 240
MARKS = f"StartSel={BEGINS}, StopSel={ENDS}"
WHOLE = f"{MARKS}, HighlightAll=true"
PARTS = f'{MARKS}, MaxFragments=2, MaxWords=34, MinWords=18, ShortWord=0, FragmentDelimiter=" … "'
EXCERPTS = """
SELECT ts_headline(config::regconfig, body, to_tsquery(config::regconfig, %s), options)
FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY found(config, body, options, place) ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, or a contribution below it, in which the words stand; `excerpt` shows where.

    `chapter` is the beginning of the passage's chapter, None where the passage is that itself.
    """

    passage: Passage
    chapter: Passage | None
    text: Told
    excerpt: SafeString
    contribution: Contribution | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in the text and in what officers contributed, the best first."""

    passages: list[Found]
    practice: list[Found]

    @property
    def is_cut(self) -> bool:
        return MOST_FOUND in (len(self.passages), len(self.practice))

    def __bool__(self) -> bool:
        return bool(self.passages or self.practice)


def find(station: Station, text: str) -> Findings:
    """Return what the station's handbook says of it: at most `MOST_FOUND` of each kind; four queries."""
    typed = _typed(WORD.findall(text[:LONGEST_SEARCH]))
    if not typed:
        return Findings([], [])
    passages = Passage.objects.current().filter(station=station)
    beginnings = {row.chapter_id: row for row in passages.filter(position=0).defer("text_en", "text_da")}
    rows = _found(passages.select_related("chapter"), ("title", "text"), typed)
    worded = _found(_wordings(station), ("text",), typed)
    ranked = list(rows.order_by("-rank", "chapter__position", "position")[:MOST_FOUND])
    practice = list(worded.order_by("-rank", "-pk")[:MOST_FOUND])
    texts = [_without_title(row) for row in ranked] + [_plain(row) for row in practice]
    excerpts = _excerpts(texts, typed)
    return Findings(
        passages=[
            Found(row, beginnings.get(row.chapter_id) if row.position else None, text, excerpt)
            for row, text, excerpt in zip(ranked, texts, excerpts, strict=False)
        ],
        practice=[
            Found(
                row.contribution.passage,
                beginnings.get(row.contribution.passage.chapter_id),
                text,
                excerpt,
                row.contribution,
            )
            for row, text, excerpt in zip(
                practice, texts[len(ranked) :], excerpts[len(ranked) :], strict=True
            )
        ],
    )


# --- Which they are -----------------------------------------------------------------------------


def _wordings(station: Station) -> QuerySet[Wording]:
    """Return the words in force of the contributions that stand in the handbook."""
    newest = Wording.objects.filter(contribution=OuterRef("contribution")).order_by("-number")
    return Wording.objects.filter(
        number=Subquery(newest.values("number")[:1]),
        contribution__state=Contribution.State.INSERTED,
        contribution__passage__station=station,
        contribution__passage__chapter__left_out_at=None,
    ).select_related("contribution__passage__chapter", "contribution__sector")


def _found(rows: QuerySet[Any], fields: tuple[str, ...], typed: str) -> QuerySet[Any]:
    """Return the rows that have the words in one language: their `rank`, and `found_in`, the reader's own if it has.

    The vectors are those of the indexes `passage_words_en` and `passage_words_da`, which answer for passages.
    """
    own = reading_language()
    matches, ranks = {}, []
    for language in (own, *CONFIGS):
        vector = SearchVector(*(f"{field}_{language}" for field in fields), config=CONFIGS[language])
        query = SearchQuery(typed, search_type="raw", config=CONFIGS[language])
        rows = rows.alias(**{f"words_{language}": vector})
        matches[language] = Q(**{f"words_{language}": query})
        ranks.append(SearchRank(vector, query))
    languages = [When(match, then=Value(language)) for language, match in matches.items()]
    rows = rows.filter(matches["en"] | matches["da"])
    return rows.annotate(rank=Greatest(*ranks), found_in=Case(*languages, default=Value(own)))


def _typed(words: Iterable[str]) -> str:
    """Return the words as to_tsquery reads them. They are letters, digits and _ alone: there is nothing to quote."""
    return " & ".join(f"{word}:*" if len(word) >= SHORTEST_BEGINNING else word for word in words)


# --- Where the words stand ----------------------------------------------------------------------


def _without_title(row: Any) -> Told:
    """Return the passage's text in the language in which it was found, without the title that is shown above it."""
    text, title = told(row, "text", row.found_in), told(row, "title", row.found_in)
    return Told(text.text.removeprefix(title.text).strip() or text.text, text.language)


def _plain(row: Any) -> Told:
    """Return the contribution's words without the marks of Markdown."""
    text = told(row, "text", row.found_in)
    words = " ".join(piece.text for piece in markup.pieces(text.text))
    return Told(words or text.text, text.language)


def _excerpts(texts: Sequence[Told], typed: str) -> list[SafeString]:
    """Return of each text what stands around the words that were found; one query."""
    configs = [CONFIGS[text.language] for text in texts]
    options = [WHOLE if len(text.text) <= SHORT_TEXT else PARTS for text in texts]
    with connection.cursor() as cursor:
        cursor.execute(EXCERPTS, [typed, configs, [text.text for text in texts], options])
        return [marked(_with_dots(part, text.text)) for (part,), text in zip(cursor, texts, strict=True)]


def _with_dots(excerpt: str, text: str) -> str:
    """Show where the text goes on before and after its excerpt."""
    bare = excerpt.replace(BEGINS, "").replace(ENDS, "")
    before = "" if text.startswith(bare[:10]) else "… "
    after = "" if text.rstrip(" .!?").endswith(bare.rstrip(" .!?")[-10:]) else " …"
    return f"{before}{excerpt}{after}"


def marked(excerpt: str) -> SafeString:
    """Return the excerpt as HTML, escaped, the words that were found within <mark>."""
    html = FOUND_WORD.sub(r"<mark>\1</mark>", escape(excerpt))
    return mark_safe(html.replace(BEGINS, "").replace(ENDS, ""))  # noqa: S308  # escaped before
