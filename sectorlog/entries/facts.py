"""What remains of an entry without persons: day, form, target groups, outcome, about where (design, section 6, P)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.translation import gettext as _

from sectorlog.entries.export import line
from sectorlog.entries.places import ABOUT, rounded
from sectorlog.models import EntryGroup, FormVersion, LogEntry, Outcome

# Neither text nor answers, author or parties are read from the database.
COLUMNS = ("pk", "happened_at", "form_version", "outcome", "place", "place_precision")


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry without persons. `place` lies on a grid of `precision` metres, 100 at least."""

    day: datetime.date
    form: str
    groups: list[str]
    outcome: str
    place: Point | None
    precision: int

    @property
    def cells(self) -> list[Any]:
        place = [f"{self.place.y:.4f}", f"{self.place.x:.4f}", self.precision] if self.place else ["", "", ""]
        return [self.day, self.form, "; ".join(self.groups), self.outcome, *place]


def facts(numbers: Sequence[int]) -> list[Fact]:
    """Return the facts of the entries of these numbers, in their order. Three queries."""
    rows = {row["pk"]: row for row in LogEntry.objects.filter(pk__in=numbers).values(*COLUMNS)}
    forms = FormVersion.objects.in_bulk({row["form_version"] for row in rows.values()})
    groups: dict[int, list[str]] = {}
    for link in EntryGroup.objects.filter(entry__in=numbers).select_related("group").order_by("group"):
        groups.setdefault(link.entry_id, []).append(str(link.group))
    return [
        _fact(rows[number], forms[rows[number]["form_version"]], groups.get(number, []))
        for number in numbers
        if number in rows
    ]


def _fact(row: dict[str, Any], form: FormVersion, groups: list[str]) -> Fact:
    place, precision = row["place"], max(ABOUT, row["place_precision"] or 0)
    return Fact(
        timezone.localdate(row["happened_at"]),
        str(form),
        groups,
        str(Outcome(row["outcome"]).label) if row["outcome"] else "",
        rounded(place.y, place.x, precision) if place else None,
        precision,
    )


def lines(pages: Iterator[list[Fact]]) -> Iterator[str]:
    """Yield the lines of CSV, the first with the names of the columns. Spreadsheets know UTF-8 by the mark."""
    names = (_("Day"), _("Form"), _("Target groups"), _("Outcome"), _("Latitude"), _("Longitude"))
    yield "\ufeff" + line([*names, _("Precision in metres")])
    for page in pages:
        for fact in page:
            yield line(fact.cells)
