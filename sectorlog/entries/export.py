"""Entries to take along: lines of CSV, sent as they are read, page by page."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.export import cell
from sectorlog.entries.cards import entries_of
from sectorlog.entries.filters import Filters, Scope
from sectorlog.entries.pages import TooSlow, page
from sectorlog.entries.reading import answers_of, names_now
from sectorlog.models import LogEntry, LogEntryQuerySet

ROWS_AT_ONCE = 500
Note = Callable[[list[LogEntry]], None]


class Echo:
    """What csv writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def pages(entries: LogEntryQuerySet, scope: Scope, filters: Filters, note: Note) -> Iterator[list[LogEntry]]:
    """Yield the entries, the newest first, page by page. Each page is noted before it is yielded. Raises TooSlow."""
    after = None
    while True:
        found = page(scope, filters, ROWS_AT_ONCE, after)
        if rows := entries_of(entries, found.numbers):
            note(rows)
            yield rows
        if (after := found.following) is None:
            return


def lines(pages_of_entries: Iterator[list[LogEntry]]) -> Iterator[str]:
    """Yield the lines of CSV, the first with the names of the columns. Spreadsheets know UTF-8 by the mark."""
    yield "\ufeff" + line(columns())
    try:
        for rows in pages_of_entries:
            names = names_now(rows)
            for entry in rows:
                yield line(values(entry, names))
    except TooSlow:
        # What has left cannot be taken back: the file says itself that it is not whole.
        yield line([_("This took too long, so older entries are missing here. Choose a shorter period.")])


def line(cells: Sequence[Any]) -> str:
    return str(csv.writer(Echo()).writerow([cell(one) for one in cells]))


def columns() -> list[str]:
    return [
        _("When"),
        _("Sector"),
        _("Form"),
        _("Written by"),
        _("Written"),
        _("Where"),
        _("Latitude"),
        _("Longitude"),
        _("Precision in metres"),
        _("Outcome"),
        _("Target groups"),
        _("Parties of interest"),
        _("Challenges"),
        _("What happened"),
        _("Answers"),
        _("Addenda"),
        _("Shared with the unit"),
        _("Come back to it on"),
        _("Followed up"),
        _("Number of the entry"),
    ]


def values(entry: LogEntry, names: dict[str, str]) -> list[Any]:
    """Return the entry's cells; times as in Copenhagen, with the distance from UTC."""
    return [
        timezone.localtime(entry.happened_at),
        str(entry.sector),
        str(entry.form_version),
        entry.author.name or entry.author.email,
        timezone.localtime(entry.written_at),
        entry.place_text,
        entry.place and entry.place.y,
        entry.place and entry.place.x,
        entry.place_precision,
        entry.get_outcome_display(),
        "; ".join(map(str, entry.groups.all())),
        "; ".join(map(str, entry.parties.all())),
        "; ".join(map(str, entry.challenges.all())),
        entry.text,
        "\n".join(f"{question}: {answer}" for question, answer in answers_of(entry, names)),
        "\n".join(f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}: {one.text}" for one in entry.addenda.all()),
        entry.flagged_for and str(entry.flagged_for),
        entry.follow_up_on,
        entry.follow_up_done_at and timezone.localtime(entry.follow_up_done_at),
        entry.uuid,
    ]
