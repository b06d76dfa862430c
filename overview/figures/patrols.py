"""Patrols by form: on foot or bicycle first, in a vehicle second (handbook, How to perform the task, 6)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from officers.models import PatrolForm
from overview.figures import Cell, ChartKind, Figure, Period, Table, Value
from overview.figures.layout import by_month, by_place, chart_of, whole_of
from overview.figures.levels import level_of, unknown
from overview.figures.small_cells import cell, share, total
from overview.figures.tallies import Counts, counts_of_sectors, tally
from overview.models import Measure
from overview.scope import Scope

SLUG = "patrols"
MINUTES = 60
# Shares on foot or bicycle in per cent, from which a sector has the next level.
LEVELS = (20, 40, 60, 80)


def name() -> str:
    return _("Patrol form")


def figure(scope: Scope, period: Period) -> Figure:
    """Return the hours of patrol by form and the share on foot or bicycle. Two queries."""
    counts = tally(scope, period, Measure.PATROLS)
    columns = (_("On foot"), _("By bicycle"), _("In a vehicle"), _("Hours together"), _("On foot or bicycle"))
    places = by_place(
        _("Hours of patrol by place"),
        scope,
        columns,
        lambda part: _cells(counts.of(part)),
        _share_of_sums,
        counts.further,
    )
    months = by_month(
        _("Hours of patrol by month"),
        period,
        columns,
        lambda month: _cells(counts.of_month(month)),
        _share_of_sums,
        counts.counted,
    )
    return Figure(
        SLUG,
        name(),
        _("Do officers go on foot or by bicycle?"),
        (
            (chart_of(places, ChartKind.SHARES, (0, 1, 2), _("hours"), are_places=True), places),
            (chart_of(months, ChartKind.STACKED, (0, 1, 2), _("hours")), months),
        ),
        (
            _("The handbook asks for foot or bicycle first, a vehicle second."),
            _("Hours of all officers together. A patrol over midnight counts on both days."),
        ),
        _answer(places),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return each sector's share on foot or bicycle in per cent. One query."""
    sums = counts_of_sectors(scope, period, Measure.PATROLS)
    return {sector: _value(_cells(counts)) for sector, counts in sums.items()}


def level_names() -> tuple[str, ...]:
    return tuple(
        _("%(low)d to %(high)d %% on foot or bicycle") % {"low": low, "high": high}
        for low, high in zip((0, *LEVELS), (*LEVELS, 100), strict=True)
    )


def _answer(places: Table) -> str:
    whole = whole_of(places)
    if whole is None or whole[-1].number is None:
        return ""
    hours, share_of_them = whole[-2:]
    said = _("%(share)s of %(hours)s hours of patrol were on foot or by bicycle.")
    return said % {"share": share_of_them.text, "hours": hours.text}


def _value(cells: tuple[Cell, ...]) -> Value:
    part, whole = cells[-1], cells[-2]
    if part.number is None:
        return unknown(part, _("no patrols"))
    text = ngettext(
        "%(share)s of %(hours)s hour on foot or bicycle",
        "%(share)s of %(hours)s hours on foot or bicycle",
        round(whole.number or 0),
    )
    return Value(part.number, text % {"share": part.text, "hours": whole.text}, level_of(part.number, LEVELS))


def _cells(minutes: Counts) -> tuple[Cell, ...]:
    forms = tuple(cell(minutes.of(form).over(MINUTES)) for form in PatrolForm)
    whole = total(forms)
    return (*forms, whole, _share((*forms, whole)))


def _share(cells: tuple[Cell, ...]) -> Cell:
    """Return the share on foot or bicycle of cells that stand in the order of the columns."""
    foot, bicycle, vehicle, whole = cells
    if any(one.is_hidden for one in (foot, bicycle, vehicle)):
        return share(Cell(None, "", is_hidden=True), whole)
    return share(total((foot, bicycle)), whole)


def _share_of_sums(summed: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return (_share(summed[:4]),)
