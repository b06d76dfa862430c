"""Figures on paper: title, chart as a picture within the page, and table, which is cut where it would run on."""

from __future__ import annotations

from dataclasses import dataclass

from overview.charts.drawing import data_uri
from overview.figures import Chart, Figure, Row, Table

# Two thirds of a page; districts always fit, the sectors of a city may not.
MOST_ROWS = 30
# Columns beside the names.
WIDE, NARROW = 8, 3


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A chart, as the address of its picture, and its table; `left_out` rows are on the screen alone."""

    chart: Chart | None
    picture: str
    table: Table
    rows: tuple[Row, ...]
    left_out: int

    @property
    def is_wide(self) -> bool:
        """More columns than fit in the usual size."""
        return len(self.table.columns) >= WIDE

    @property
    def is_narrow(self) -> bool:
        """So few columns that names have room."""
        return len(self.table.columns) <= NARROW


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    name: str
    question: str
    tables: tuple[PrintedTable, ...]
    remarks: tuple[str, ...]
    answer: str = ""


def printed(figure: Figure) -> PrintedFigure:
    tables = tuple(_table(chart, table) for chart, table in figure.pairs)
    return PrintedFigure(figure.name, figure.question, tables, figure.remarks, figure.answer)


def _table(chart: Chart | None, table: Table) -> PrintedTable:
    return PrintedTable(
        chart=chart,
        picture=data_uri(chart) if chart is not None else "",
        table=table,
        rows=table.rows[:MOST_ROWS],
        left_out=max(0, len(table.rows) - MOST_ROWS),
    )
