"""Charts of months: time runs from left to right, bars stand, lines go along."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from overview.charts.marks import INK_SOFT, of_bar, of_line
from overview.charts.numbers import Numbers
from overview.charts.sheets import GAP, Margins, Sheet, grid, ground, plot, ticks
from overview.charts.words import clean, number_text, shortened, two_lines, wide, write
from overview.figures import Chart, ChartKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_MONTHS = 120
TICKS = 4
# How much of a month's place its bars take.
FILLED = 0.78
# No label takes more of the whole width.
WIDEST = 0.25
# From so many points on, a mark on each would hide the line.
MANY_POINTS = 24


def upright(chart: Chart, sheet: Sheet) -> Figure:
    """Return the chart with a place for each month along its foot."""
    numbers = Numbers.of(chart, MOST_MONTHS)
    marks = ticks(numbers.top, TICKS, are_whole=numbers.are_whole)
    left = max(wide(number_text(mark), sheet.letters) for mark in marks) + 2 * GAP
    names = (clean(label) for label in chart.labels[:MOST_MONTHS])
    labels = two_lines(tuple(shortened(name, sheet.letters, sheet.width * WIDEST) for name in names))
    lines = 2 if any(year for _month, year in labels) else 1
    margins = Margins(left, sheet.letters * (0.6 + 1.4 * lines))
    figure, axes = plot(chart, sheet, margins, sheet.plot)
    _scale(axes, len(labels), marks, sheet, sheet.beside(left))
    _name(axes, labels, sheet, sheet.beside(left))
    if chart.kind is ChartKind.LINES:
        _draw_lines(axes, numbers)
    else:
        _draw_bars(axes, numbers)
        _write_ends(axes, numbers, sheet, sheet.beside(left))
    return figure


def _scale(axes: Axes, months: int, marks: list[float], sheet: Sheet, width: float) -> None:
    """Count months along the foot, 0.5 on both sides of each, and numbers upwards."""
    axes.set_xlim(-0.5, months - 0.5)
    # The topmost line is as thick as the others, and a number finds room above a bar that reaches it.
    axes.set_ylim(0, marks[-1] * (1 + 1.2 * sheet.letters / sheet.plot))
    axes.hlines(marks, -0.5, months - 0.5, **grid())
    axes.hlines([0], -0.5, months - 0.5, **ground())
    for mark in marks:
        place = (-0.5 - GAP * months / width, mark)
        write(axes, place, number_text(mark), sheet.letters, INK_SOFT, ha="right")


def _name(axes: Axes, labels: list[tuple[str, str]], sheet: Sheet, width: float) -> None:
    """Write as many months as fit, and a year beneath the first that belongs to it."""
    widest = max(wide(part, sheet.letters) for label in labels for part in label)
    step = max(1, math.ceil((widest + GAP) * len(labels) / width))
    pixel = axes.get_ylim()[1] / sheet.plot
    last_year = ""
    for at in range(0, len(labels), step):
        month, year = labels[at]
        write(axes, (at, -sheet.letters * pixel), month, sheet.letters, INK_SOFT, ha="center")
        if year != last_year:
            write(axes, (at, -sheet.letters * 2.4 * pixel), year, sheet.letters, INK_SOFT, ha="center")
        last_year = year


def _draw_bars(axes: Axes, numbers: Numbers) -> None:
    width = _bar(numbers)
    for series in range(len(numbers.series)):
        pieces = list(numbers.pieces(series))
        axes.bar(
            [_middle(numbers, piece.at, series) for piece in pieces],
            [piece.length for piece in pieces],
            bottom=[piece.begins for piece in pieces],
            width=width * 0.96,
            zorder=3,
            **of_bar(series),
        )


def _bar(numbers: Numbers) -> float:
    return FILLED / (1 if numbers.is_stacked else len(numbers.series))


def _middle(numbers: Numbers, at: int, series: int) -> float:
    return at if numbers.is_stacked else at + (series - (len(numbers.series) - 1) / 2) * _bar(numbers)


def _write_ends(axes: Axes, numbers: Numbers, sheet: Sheet, width: float) -> None:
    """Write the numbers above the bars, if all of them fit there."""
    ends = list(numbers.ends())
    place = _bar(numbers) / FILLED * width / len(numbers.series[0])
    if any(wide(end.text, sheet.letters) + 2 > place for end in ends):
        return
    above = axes.get_ylim()[1] / sheet.plot * sheet.letters * 0.65
    for end in ends:
        at = _middle(numbers, end.at, end.series)
        write(axes, (at, end.reach + above), end.text, sheet.letters, ha="center")


def _draw_lines(axes: Axes, numbers: Numbers) -> None:
    """Draw a line for each series, broken where nothing is known."""
    months = range(len(numbers.series[0]))
    for series, row in enumerate(numbers.series):
        heights = [math.nan if number is None else number for number in row]
        # A line that touches the foot or the top keeps its thickness and its marks.
        axes.plot(months, heights, markevery=_marked(row), zorder=5, clip_on=False, **of_line(series))


def _marked(row: tuple[float | None, ...]) -> list[int]:
    """Return which points have a mark: all, or each so many and those that stand alone."""
    step = math.ceil(len(row) / MANY_POINTS)
    gaps = (None, *row, None)
    alone = {at for at in range(len(row)) if gaps[at] is None and gaps[at + 2] is None}
    return sorted(alone | set(range(0, len(row), step)))
