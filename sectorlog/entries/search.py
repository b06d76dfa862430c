"""What somebody types to search the log, as a question to the index of words; and where the words stand in a text.

Websearch syntax: words that all have to be there, "words in this order", -not this, one or the other. Each word is
looked for as it stands and as a Danish and an English stem: "cykel" finds "cykler", "bicycle" finds "bicycles".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST_SEARCH = 200
TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
WORD = re.compile(r"\w+(?:[-'’.@/]\w+)*")
# What PostgreSQL writes between the words of one term: all of them, or in this order.
JOINED = re.compile(r"<(?:-|\d+)>|&")
EITHER = {"or", "eller"}
# An excerpt shows so many characters before the first word that was found, and so many in all.
BEFORE, EXCERPT = 120, 480

FORMS = """
SELECT {function}('simple', term)::text, {function}('danish', sectorlog_danish(term))::text,
    {function}('english', term)::text
FROM unnest(%s::text[]) WITH ORDINALITY typed(term, place) ORDER BY place
"""
FOUND = "SELECT word FROM unnest(%s::text[]) word WHERE sectorlog_words(word) @@ %s::tsquery"


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: `query` selects entries, `words` any of the words that are to be marked in their text.

    Both are written as PostgreSQL's tsquery. `query` is empty where nothing that was typed can be searched for.
    """

    query: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.query)


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    is_phrase: bool = False
    is_unwanted: bool = False
    is_alternative: bool = False


def understood(text: str) -> Search:
    """Return what `text` asks for. Costs one query, none for an empty text."""
    if not (terms := list(_terms(text))):
        return Search()
    forms = _forms(terms)
    # A word that is none in one of the languages (og, the) is left out, unless there is no other.
    telling = [term for term in terms if all(forms[term])] or [term for term in terms if any(forms[term])]
    query = ""
    for term in telling:
        any_form = f"({' | '.join(f'({form})' for form in dict.fromkeys(forms[term]) if form)})"
        any_form = f"!{any_form}" if term.is_unwanted else any_form
        query = f"{query} {'|' if term.is_alternative else '&'} {any_form}" if query else any_form
    wanted = [form for term in telling if not term.is_unwanted for form in forms[term] if form]
    return Search(query, " | ".join(f"({JOINED.sub('|', form)})" for form in dict.fromkeys(wanted)))


def _terms(text: str) -> Iterable[_Term]:
    is_alternative = False
    for found in TERM.finditer(text[:LONGEST_SEARCH].replace("\0", " ")):
        word = found["word"] or ""
        if word.lower() in EITHER and not found["minus"]:
            is_alternative = True
            continue
        if typed := (found["phrase"] or word).strip():
            yield _Term(typed, found["phrase"] is not None, bool(found["minus"]), is_alternative)
        is_alternative = False


def _forms(terms: list[_Term]) -> dict[_Term, list[str]]:
    """Return each term as it stands, as Danish and as English, in PostgreSQL's own spelling."""
    forms: dict[_Term, list[str]] = {}
    with connection.cursor() as cursor:
        for is_phrase, function in ((False, "plainto_tsquery"), (True, "phraseto_tsquery")):
            of_kind = [term for term in terms if term.is_phrase is is_phrase]
            if of_kind:
                cursor.execute(FORMS.format(function=function), [[term.text for term in of_kind]])
                rows = zip(of_kind, cursor.fetchall(), strict=True)
                forms |= {term: _whole(row) if is_phrase else list(row) for term, row in rows}
    return forms


def _whole(row: tuple[str, ...]) -> list[str]:
    """Leave out the languages in which a phrase loses words: less than the phrase is no phrase."""
    as_it_stands = row[0]
    length = len(JOINED.findall(as_it_stands))
    return [as_it_stands] + [
        form if len(JOINED.findall(form)) == length else as_it_stands for form in row[1:]
    ]


def marked(texts: Iterable[str], search: Search) -> list[SafeString]:
    """Return the texts as HTML, escaped, the words that were searched for within <mark>. Costs one query."""
    texts = list(texts)
    found = _found({word.lower() for text in texts for word in WORD.findall(text)}, search)
    return [_with_marks(text, found) for text in texts]


def excerpts(texts: Iterable[str], search: Search) -> list[SafeString]:
    """Return of each text, as HTML, what stands around the first word that was searched for."""
    texts = list(texts)
    found = _found({word.lower() for text in texts for word in WORD.findall(text)}, search)
    return [_with_marks(_excerpt(text, found), found) for text in texts]


def _found(words: set[str], search: Search) -> set[str]:
    """Return those of the words that the search asks for."""
    if not search.words or not words:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [sorted(words), search.words])
        return {word for (word,) in cursor.fetchall()}


def _excerpt(text: str, found: set[str]) -> str:
    if len(text) <= EXCERPT:
        return text
    first = next((match.start() for match in WORD.finditer(text) if match[0].lower() in found), 0)
    begins = 0 if first <= BEFORE else text.find(" ", first - BEFORE) + 1 or first
    begins = min(begins, first)
    ends = text.rfind(" ", begins, begins + EXCERPT)
    ends = ends if ends > first else begins + EXCERPT
    cut = text[begins:ends]
    return f"{'… ' if begins else ''}{cut}{' …' if ends < len(text) else ''}"


def _with_marks(text: str, found: set[str]) -> SafeString:
    parts, place = [], 0
    for match in WORD.finditer(text):
        if match[0].lower() in found:
            parts += [escape(text[place : match.start()]), f"<mark>{escape(match[0])}</mark>"]
            place = match.end()
    parts.append(escape(text[place:]))
    return mark_safe("".join(parts))  # noqa: S308  # every part is escaped
