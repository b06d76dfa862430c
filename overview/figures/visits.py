"""Visits to parties: to make the officer known (handbook, How to perform the task, 8)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overview.figures import Cell, ChartKind, Figure, Period, Table, Value
from overview.figures.layout import by_month, by_place, chart_of, nothing_more, whole_of
from overview.figures.levels import by_fifths, fifth_names, unknown
from overview.figures.places import Part, parts_of
from overview.figures.small_cells import NOTHING, cell, number_text, total, untold
from overview.figures.tallies import counts_of_sectors, tally
from overview.models import Measure
from overview.scope import Scope

SLUG = "visits"


def name() -> str:
    return _("Visits")


def figure(scope: Scope, period: Period) -> Figure:
    """Return how many visits there were, and how many a month for each sector. Two queries."""
    counts = tally(scope, period, Measure.VISITS)
    months = max(1, len(counts.counted))
    columns = (_("Visits"), _("A month, for each sector"))

    def rate(visits: Cell, shares: int) -> Cell:
        if visits.number is None:
            return untold()
        number = visits.number / shares
        return Cell(number, number_text(round(number, 1)))

    def cells(part: Part) -> tuple[Cell, ...]:
        visits = cell(counts.of(part).of(""))
        # Nobody knows here for how many of the months a sector was drawn.
        return visits, rate(visits, months * len(part.sectors)) if part.is_present else NOTHING

    def rest(_summed: tuple[Cell, ...]) -> tuple[Cell, ...]:
        present = total(cells(part)[0] for part in parts_of(scope))
        return (rate(present, months * len(scope.sectors)),)

    places = by_place(
        _("Visits by place"),
        scope,
        columns,
        cells,
        rest,
        counts.further,
    )
    in_months = by_month(
        _("Visits by month"),
        period,
        columns[:1],
        lambda month: (cell(counts.of_month(month).of("")),),
        nothing_more,
        counts.counted,
    )
    return Figure(
        SLUG,
        name(),
        _("Are the people who should know their officer visited?"),
        (
            (chart_of(places, ChartKind.BARS, (1,), _("visits a month"), are_places=True), places),
            (chart_of(in_months, ChartKind.BARS, (0,), _("visits")), in_months),
        ),
        (
            _("Each party of interest that an entry of the log names counts as one visit."),
            _("Where nobody was met, it is no visit."),
        ),
        _answer(places),
    )


def _answer(places: Table) -> str:
    whole = whole_of(places)
    if whole is None or not whole[0].number:
        return ""
    visits, rate = whole
    said = ngettext(
        "%(visits)s visit, %(rate)s a month for each sector.",
        "%(visits)s visits, %(rate)s a month for each sector.",
        round(visits.number or 0),
    )
    return said % {"visits": visits.text, "rate": rate.text}


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return each sector's visits, by fifths. One query."""
    found = {}
    for sector, counts in counts_of_sectors(scope, period, Measure.VISITS).items():
        visits = cell(counts.of(""))
        text = ngettext("%(number)s visit", "%(number)s visits", round(visits.number or 0))
        found[sector] = (
            unknown(visits, "")
            if visits.number is None
            else Value(visits.number, text % {"number": visits.text}, None)
        )
    return by_fifths(found)


def level_names() -> tuple[str, ...]:
    return fifth_names()
