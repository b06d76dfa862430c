"""Entries as the time line shows them: a day, a card each, with the passages in which a word was found."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString

from sectorlog.entries.reading import answers_of, names_now
from sectorlog.entries.search import Search, excerpts
from sectorlog.models import LogEntry, LogEntryQuerySet

MARK = "<mark>"


@dataclass(frozen=True, slots=True)
class Card:
    """An entry; its text, shortened, as HTML; further passages in which something was found."""

    entry: LogEntry
    day: datetime.date
    text: SafeString
    place_text: SafeString
    found: list[SafeString]
    # Who was looked for and not met, by the name they have now; empty once that is erased.
    missed: str = ""


def entries_of(entries: LogEntryQuerySet, numbers: Sequence[int]) -> list[LogEntry]:
    """Return the entries of these numbers, in their order, with what is shown of them. Five queries."""
    rows = (
        entries.select_related(
            "sector__district", "author", "form_version__template", "flagged_for", "form_version"
        )
        .prefetch_related("groups", "parties", "challenges", "addenda")
        .in_bulk(list(numbers))
    )
    return [rows[number] for number in numbers if number in rows]


def cards(entries: Sequence[LogEntry], search: Search) -> list[Card]:
    """Return the cards. One more query where words were searched for, one where answers name parties."""
    names = names_now(entries)
    texts: list[str] = []
    for entry in entries:
        texts += [entry.text, entry.place_text, *_elsewhere(entry, names)]
    shown = iter(excerpts(texts, search))
    made = []
    for entry in entries:
        text, place_text = next(shown), next(shown)
        found = [passage for _text in _elsewhere(entry, names) if MARK in (passage := next(shown))]
        missed = names.get(entry.values.get("nobody_met", ""), "")
        made.append(Card(entry, timezone.localdate(entry.happened_at), text, place_text, found, missed))
    return made


def _elsewhere(entry: LogEntry, names: dict[str, str]) -> list[str]:
    """Return where else words may be found: the answers and the addenda."""
    answers = [f"{question}: {answer}" for question, answer in answers_of(entry, names)]
    return [*answers, *(addendum.text for addendum in entry.addenda.all())]
