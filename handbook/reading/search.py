"""Words that are looked for in a station's handbook: its passages, and the practice inserted below them.

All words have to be there, each in any of its forms or as how a word begins: "burgl" finds "burglaries". English is
searched in the English texts and Danish in the Danish ones, at once: whoever searches need not say which it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from handbook.models import Contribution, Passage, Told, Wording, reading_language
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
EXCERPT: dict[str, Any] = {"max_words": 34, "min_words": 18, "max_fragments": 2, "fragment_delimiter": " … "}


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, or the contribution below it, in which the words stand; `excerpt` shows where, in `language`."""

    passage: Passage
    excerpt: SafeString
    language: str
    contribution: Contribution | None = None

    @property
    def is_foreign(self) -> bool:
        return Told(str(self.excerpt), self.language).is_foreign


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
    """Return what the station's handbook says of it: at most `MOST_FOUND` of each kind; two queries."""
    if not (words := WORD.findall(text[:LONGEST_SEARCH])):
        return Findings([], [])
    passages = Passage.objects.current().filter(station=station).select_related("chapter")
    rows = _found(passages, ("title", "text"), words).defer("text_en", "text_da")
    return Findings(
        passages=[
            _result(row, row) for row in rows.order_by("-rank", "chapter__position", "position")[:MOST_FOUND]
        ],
        practice=[
            _result(row, row.contribution.passage, row.contribution)
            for row in _found(_wordings(station), ("text",), words).order_by("-rank", "-pk")[:MOST_FOUND]
        ],
    )


def _wordings(station: Station) -> QuerySet[Wording]:
    """Return the words in force of the contributions that stand in the handbook."""
    newest = Wording.objects.filter(contribution=OuterRef("contribution")).order_by("-number")
    return Wording.objects.filter(
        number=Subquery(newest.values("number")[:1]),
        contribution__state=Contribution.State.INSERTED,
        contribution__passage__station=station,
        contribution__passage__chapter__left_out_at=None,
    ).select_related("contribution__passage__chapter", "contribution__sector")


def _found(rows: QuerySet[Any], fields: tuple[str, ...], words: Iterable[str]) -> QuerySet[Any]:
    """Return the rows that have the words in one language, with their rank, and the places in each language.

    The vectors are those of the indexes `passage_words_en` and `passage_words_da`, which answer for passages.
    """
    vectors, queries, matches = {}, {}, Q()
    for language, config in CONFIGS.items():
        vectors[language] = SearchVector(*(f"{field}_{language}" for field in fields), config=config)
        queries[language] = SearchQuery(_typed(words), search_type="raw", config=config)
        rows = rows.alias(**{f"words_{language}": vectors[language]})
        matches |= Q(**{f"words_{language}": queries[language]})
    ranks = (SearchRank(vectors[language], queries[language]) for language in CONFIGS)
    rows = rows.filter(matches).annotate(rank=Greatest(*ranks))
    return rows.annotate(
        **{f"excerpt_{language}": _headline(language, queries[language]) for language in CONFIGS}
    )


def _typed(words: Iterable[str]) -> str:
    """Return the words as to_tsquery reads them. They are letters, digits and _ alone: there is nothing to quote."""
    return " & ".join(f"{word}:*" if len(word) >= SHORTEST_BEGINNING else word for word in words)


def _headline(language: str, query: SearchQuery) -> SearchHeadline:
    config = CONFIGS[language]
    return SearchHeadline(
        F(f"text_{language}"), query, config=config, start_sel=BEGINS, stop_sel=ENDS, **EXCERPT
    )


def _result(row: Any, passage: Passage, contribution: Contribution | None = None) -> Found:
    """Show the reader's language if the words stand there, else the other one."""
    own = reading_language()
    texts = {language: getattr(row, f"excerpt_{language}") for language in (own, *CONFIGS)}
    language = next(
        (one for one, text in texts.items() if BEGINS in text), own if texts[own] else _other(own)
    )
    return Found(passage, marked(texts[language]), language, contribution)


def _other(language: str) -> str:
    return next(one for one in CONFIGS if one != language)


def marked(text: str) -> SafeString:
    """Return the excerpt as HTML, escaped, the words that were found within <mark>."""
    html = FOUND_WORD.sub(r"<mark>\1</mark>", escape(text))
    return mark_safe(html.replace(BEGINS, "").replace(ENDS, ""))  # noqa: S308  # escaped before
