"""What an entry says: with the form that it was written with, and what it said before it was corrected."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from sectorlog.models import (
    Addendum,
    Challenge,
    LogEntry,
    LogEntryQuerySet,
    Outcome,
    Party,
    Promise,
    TargetGroup,
)
from sectorlog.uniform_forms import fields as form_fields


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry said, and what it was about, until it was corrected. `gone`: how many of these were erased."""

    replaced_at: datetime.datetime
    happened_at: datetime.datetime | None
    text: str
    answers: list[tuple[str, str]]
    outcome: str
    place_text: str
    where: str
    follow_up_on: datetime.date | None
    groups: list[TargetGroup]
    parties: list[Party]
    challenges: list[Challenge]
    gone: int


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


def answers_of(entry: LogEntry, names: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Return questions and answers; parties by the name they have now, as `names_now` found it for many entries."""
    names = names_now([entry]) if names is None else names
    values = {
        key: value | {"name": names.get(value["uuid"], value["name"])}
        if isinstance(value, dict) and "uuid" in value
        else value
        for key, value in entry.values.items()
    }
    answers = form_fields.answers(entry.form_version, values)
    if missed := names.get(entry.values.get("nobody_met", "")):
        answers.insert(0, (_("Nobody there"), missed))
    return answers


def names_now(entries: Iterable[LogEntry]) -> dict[str, str]:
    """Return the names of the parties that answers name, by UUID; of a merged one the name of the one that stays.

    One query, none where no party is named.
    """
    named = set()
    for entry in entries:
        named |= {one["uuid"] for one in entry.values.values() if isinstance(one, dict) and "uuid" in one}
        named |= {entry.values["nobody_met"]} if entry.values.get("nobody_met") else set()
    found = Party.objects.filter(uuid__in=named).select_related("merged_into") if named else ()
    return {str(party.uuid): (party.merged_into or party).name for party in found}


def earlier_wordings(entry: LogEntry) -> list[Wording]:
    """Return what the entry said before each correction, the latest first. At most three queries more."""
    revisions = list(entry.revisions.all())
    known = _Known([one.was for one in revisions])
    return [_wording(entry, one.replaced_at, one.was, known) for one in revisions]


class _Known:
    """What earlier wordings name: groups by primary key, parties and challenges by UUID, as far as they are there."""

    def __init__(self, all_that_was: list[dict[str, Any]]) -> None:
        self._found: dict[str, dict[str, Any]] = {}
        for name, model, key in (
            ("groups", TargetGroup, "pk"),
            ("parties", Party, "uuid"),
            ("challenges", Challenge, "uuid"),
        ):
            named = {one for was in all_that_was for one in was.get(name, ())}
            rows: Any = model._default_manager.filter(**{f"{key}__in": named}) if named else ()
            self._found[name] = {str(getattr(row, key)): row for row in rows}

    def of(self, was: dict[str, Any], name: str) -> list[Any]:
        found = (self._found[name].get(str(one)) for one in was.get(name, ()))
        return [one for one in found if one is not None]


def _wording(entry: LogEntry, replaced_at: datetime.datetime, was: dict[str, Any], known: _Known) -> Wording:
    about = {name: known.of(was, name) for name in ("groups", "parties", "challenges")}
    return Wording(
        replaced_at=replaced_at,
        happened_at=parse_datetime(was["happened_at"]),
        text=was["text"],
        answers=form_fields.answers(entry.form_version, was["values"]),
        outcome=str(dict(Outcome.choices).get(was["outcome"], "")),
        place_text=was["place_text"],
        where=_within(was["place_precision"], *reversed(was["place"]["coordinates"])) if was["place"] else "",
        follow_up_on=parse_date(was["follow_up_on"]) if was["follow_up_on"] else None,
        gone=sum(len(was.get(name, ())) - len(rows) for name, rows in about.items()),
        **about,
    )


def place_in_words(entry: LogEntry) -> str:
    """Say where the entry's point lies and how exactly that is known."""
    return _within(entry.place_precision, entry.place.y, entry.place.x) if entry.place else ""


def _within(metres: int | None, lat: float, lon: float) -> str:
    return _("Within %(metres)d m of %(lat).4f, %(lon).4f") % {"metres": metres or 0, "lat": lat, "lon": lon}
