"""What an entry says: with the form that it was written with, and what it said before it was corrected."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from sectorlog import form_fields
from sectorlog.models import Addendum, LogEntry, LogEntryQuerySet, Outcome, Promise


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry said until it was corrected."""

    replaced_at: datetime.datetime
    happened_at: datetime.datetime | None
    text: str
    answers: list[tuple[str, str]]
    outcome: str
    place_text: str
    had_place: bool
    follow_up_on: datetime.date | None


def for_lists(entries: LogEntryQuerySet) -> LogEntryQuerySet:
    """Return the entries with what `sectorlog/includes/entry.html` shows of each, in three queries in all."""
    return entries.select_related("sector", "author", "form_version").prefetch_related("groups", "parties")


def with_all(entries: LogEntryQuerySet) -> LogEntryQuerySet:
    """Return the entries with all that their own page shows."""
    return entries.select_related(
        "sector__district",
        "sector__station",
        "author",
        "form_version",
        "effort",
        "flagged_for",
        "follow_up_done_by",
    ).prefetch_related(
        "groups",
        "parties",
        "challenges",
        "attachments",
        "revisions",
        Prefetch("addenda", Addendum.objects.select_related("author")),
        Prefetch("promises", Promise.objects.select_related("told_back_by")),
    )


def answers_of(entry: LogEntry) -> list[tuple[str, str]]:
    return form_fields.answers(entry.form_version, entry.values)


def earlier_wordings(entry: LogEntry) -> list[Wording]:
    """Return what the entry said before each correction, the latest first."""
    return [_wording(entry, one.replaced_at, one.was) for one in entry.revisions.all()]


def _wording(entry: LogEntry, replaced_at: datetime.datetime, was: dict[str, Any]) -> Wording:
    return Wording(
        replaced_at=replaced_at,
        happened_at=parse_datetime(was["happened_at"]),
        text=was["text"],
        answers=form_fields.answers(entry.form_version, was["values"]),
        outcome=str(dict(Outcome.choices).get(was["outcome"], "")),
        place_text=was["place_text"],
        had_place=was["place"] is not None,
        follow_up_on=parse_date(was["follow_up_on"]) if was["follow_up_on"] else None,
    )


def place_in_words(entry: LogEntry) -> str:
    """Say where the entry's point lies and how exactly that is known."""
    if entry.place is None:
        return ""
    return _("Within %(metres)d m of %(lat).4f, %(lon).4f") % {
        "metres": entry.place_precision,
        "lat": entry.place.y,
        "lon": entry.place.x,
    }


def is_due(day: datetime.date | None) -> bool:
    return day is not None and day <= timezone.localdate()
