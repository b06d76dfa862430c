"""Tables by place and by month, and what a chart draws of their columns."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Sequence

from django.utils.translation import gettext as _

from overview.figures import Cell, Chart, ChartKind, Period, Row, Series, Table
from overview.figures.periods import month_name, months_of
from overview.figures.places import Part, head_of, parts_of
from overview.figures.small_cells import NOTHING, total
from overview.scope import Scope

# What follows the summed columns in a total: shares of them, for instance.
Rest = Callable[[tuple[Cell, ...]], tuple[Cell, ...]]


def nothing_more(_summed: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return ()


def by_place(
    caption: str,
    scope: Scope,
    columns: Sequence[str],
    cells: Callable[[Part], tuple[Cell, ...]],
    rest: Rest | None = None,
    further: Sequence[Part] = (),
) -> Table:
    """Return a row for each part of the scope, and `further` ones; with `rest`, a total of what it does not fill."""
    rows = tuple(Row(part.name, cells(part), part.where) for part in (*parts_of(scope), *further))
    return Table(caption, head_of(scope), tuple(columns), rows, total_of(rows, rest))


def by_month(
    caption: str,
    period: Period,
    columns: Sequence[str],
    cells: Callable[[datetime.date], tuple[Cell, ...]],
    rest: Rest | None = None,
    known: Container[datetime.date] | None = None,
) -> Table:
    """Return a row for each month of the period; with `rest`, a total as in `by_place`.

    Months that are not `known` were not counted: nothing is not the same as zero.
    """
    rows = tuple(
        Row(month_name(month), cells(month) if known is None or month in known else _not_counted(columns))
        for month in months_of(period)
    )
    return Table(caption, _("Month"), tuple(columns), rows, total_of(rows, rest))


def _not_counted(columns: Sequence[str]) -> tuple[Cell, ...]:
    return (NOTHING,) * len(columns)


def total_of(rows: tuple[Row, ...], rest: Rest | None) -> Row | None:
    """Return the sums of what the rows show, then the rest; nothing under one row alone."""
    if rest is None or len(rows) < 2:
        return None
    filled = len(rest(tuple(Cell(0, "") for _cell in rows[0].cells)))
    summed = tuple(total(row.cells[column] for row in rows) for column in range(len(rows[0].cells) - filled))
    hides = any(cell.is_hidden for row in rows for cell in row.cells)
    return Row(_("Together, of what is shown") if hides else _("Together"), summed + rest(summed))


def whole_of(table: Table) -> tuple[Cell, ...] | None:
    """Return what all rows are together, to be said in a sentence; None where nothing is, or a part is hidden."""
    row = table.total or (table.rows[0] if len(table.rows) == 1 else None)
    if row is None or any(cell.is_hidden for one in (*table.rows, row) for cell in one.cells):
        return None
    return row.cells


def chart_of(
    table: Table,
    kind: ChartKind,
    columns: Sequence[int],
    unit: str,
    *,
    title: str = "",
    are_places: bool = False,
) -> Chart | None:
    """Return what draws some columns of a table, a series each; nothing where no number is known."""
    series = tuple(
        Series(table.columns[column], tuple(row.cells[column].number for row in table.rows))
        for column in columns
    )
    if not any(number for one in series for number in one.numbers):
        return None
    labels = tuple(row.name for row in table.rows)
    return Chart(title or table.caption, kind, labels, series, unit, are_places)
