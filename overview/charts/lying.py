"""Charts of places: a row for each, its name on the left, its bars beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from overview.charts.marks import INK_SOFT, of_bar
from overview.charts.numbers import Numbers
from overview.charts.sheets import GAP, Margins, Sheet, grid, ground, plot, ticks
from overview.charts.words import clean, number_text, shortened, wide, write
from overview.figures import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# More rows would make a picture of metres; the table has them all.
MOST_PLACES = 60
# At most so much of the width is for the names.
NAMES = 0.45


def lying(chart: Chart, sheet: Sheet) -> Figure:
    """Return the chart with a row for each place."""
    numbers = Numbers.of(chart, MOST_PLACES)
    names = [
        shortened(clean(label), sheet.letters, sheet.width * NAMES) for label in chart.labels[:MOST_PLACES]
    ]
    left = max(wide(name, sheet.letters) for name in names) + 2 * GAP
    margins = Margins(left, sheet.letters * 1.8, _note(len(chart.labels)))
    figure, axes = plot(chart, sheet, margins, len(names) * _row(numbers, sheet))
    pixel = _scale(axes, numbers, sheet, sheet.beside(left))
    for at, name in enumerate(names):
        middle = (at + 0.5) * _row(numbers, sheet)
        write(axes, (-GAP * pixel, middle), name, sheet.letters, ha="right")
    _draw_bars(axes, numbers, sheet)
    for end in numbers.ends():
        middle = _middle(numbers, sheet, end.at, end.series)
        write(axes, (end.reach + GAP / 2 * pixel, middle), end.text, sheet.letters)
    return figure


def _note(places: int) -> str:
    left_out = max(places - MOST_PLACES, 0)
    words = ngettext("%(count)d more place in the table", "%(count)d more places in the table", left_out)
    return words % {"count": left_out} if left_out else ""


def _row(numbers: Numbers, sheet: Sheet) -> float:
    bars = 1 if numbers.is_stacked else len(numbers.series)
    return round(bars * sheet.bar + sheet.letters * 0.7)


def _middle(numbers: Numbers, sheet: Sheet, at: int, series: int) -> float:
    """Return where the bar of a series lies, in pixels from the top."""
    middle = (at + 0.5) * _row(numbers, sheet)
    if numbers.is_stacked:
        return middle
    return middle + (series - (len(numbers.series) - 1) / 2) * sheet.bar


def _scale(axes: Axes, numbers: Numbers, sheet: Sheet, width: float) -> float:
    """Let the plot end where the longest bar's number still fits; return how much a pixel is along it."""
    height = len(numbers.series[0]) * _row(numbers, sheet)
    marks = ticks(numbers.top, sheet.ticks, are_whole=numbers.are_whole)
    room = max((wide(end.text, sheet.letters) for end in numbers.ends()), default=0) + GAP
    limit = max(marks[-1], numbers.top * width / (width - room))
    axes.set_xlim(0, limit)
    axes.set_ylim(height, 0)
    axes.vlines(marks, 0, height, **grid())
    axes.vlines([0], 0, height, **ground())
    _name(axes, marks, sheet, (limit / width, height))
    return limit / width


def _name(axes: Axes, marks: list[float], sheet: Sheet, foot: tuple[float, float]) -> None:
    """Write as many numbers beneath the plot as fit; `foot`: how much a pixel is along it, and how far down it is."""
    pixel, height = foot
    widths = [wide(number_text(mark), sheet.letters) for mark in marks]
    step = math.ceil((max(widths) + GAP) * pixel * len(marks) / (marks[-1] or 1))
    for mark, width in list(zip(marks, widths, strict=True))[::step]:
        # The last one would run over the edge of the sheet.
        over = mark / pixel + width / 2 - axes.get_xlim()[1] / pixel - GAP
        place = (mark - max(over, 0) * pixel, height + sheet.letters)
        write(axes, place, number_text(mark), sheet.letters, INK_SOFT, ha="center")


def _draw_bars(axes: Axes, numbers: Numbers, sheet: Sheet) -> None:
    for series in range(len(numbers.series)):
        pieces = list(numbers.pieces(series))
        axes.barh(
            [_middle(numbers, sheet, piece.at, series) for piece in pieces],
            [piece.length for piece in pieces],
            left=[piece.begins for piece in pieces],
            height=sheet.bar - 1,
            zorder=3,
            **of_bar(series),
        )
