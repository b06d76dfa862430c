"""Long tables of a figure page by page, with their charts: nobody reads a hundred rows at once."""

from __future__ import annotations

from dataclasses import replace

from django.core.paginator import Page, Paginator

from overview.figures import Chart, Figure, Table

PAGE_SIZE = 25


def page_of(figure: Figure, number: str | None) -> tuple[Figure, Page[int]]:
    """Return the figure with this page of its long tables, and the page. Shorter ones stay whole.

    What is no page is the first or the last one. Totals stay those of all rows.
    """
    longest = max((len(table.rows) for _chart, table in figure.pairs), default=0)
    page = Paginator(range(longest), PAGE_SIZE).get_page(number)
    rows = slice(max(page.start_index() - 1, 0), page.end_index())
    return replace(figure, pairs=tuple(_cut(chart, table, rows) for chart, table in figure.pairs)), page


def _cut(chart: Chart | None, table: Table, rows: slice) -> tuple[Chart | None, Table]:
    if len(table.rows) <= PAGE_SIZE:
        return chart, table
    if chart is not None:
        series = tuple(replace(one, numbers=one.numbers[rows]) for one in chart.series)
        chart = replace(chart, labels=chart.labels[rows], series=series)
    return chart, replace(table, rows=table.rows[rows])
