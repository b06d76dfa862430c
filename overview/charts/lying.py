"""Charts of places: a row for each, its name on the left, its bars beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from overview.charts.marks import INK_SOFT, of_bar
from overview.charts.numbers import Numbers
from overview.charts.sheets import GAP, Margins, Sheet, grid, ground, plot, ticks
from overview.charts.words import clean, number_text, wide, wrapped, write
from overview.figures import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# More rows would make a picture of metres; the table has them all.
MOST_PLACES = 60
# At most so much of the width is for the names, and so many lines for each.
NAMES = 0.45
MOST_LINES = 3
# From line to line, in letters.
LINE = 1.2


@dataclass(frozen=True, slots=True)
class Rows:
    """The names of the places in lines, and how high a row is, in pixels: the bars fit in, and each name does."""

    names: tuple[tuple[str, ...], ...]
    heights: tuple[int, ...]

    @classmethod
    def of(cls, chart: Chart, numbers: Numbers, sheet: Sheet) -> Rows:
        room = sheet.width * NAMES
        names = tuple(
            wrapped(clean(label), sheet.letters, room, MOST_LINES) for label in chart.labels[:MOST_PLACES]
        )
        bars = 1 if numbers.is_stacked else len(numbers.series)
        taken = (max(bars * sheet.bar, len(lines) * sheet.letters * LINE) for lines in names)
        return cls(names, tuple(round(height + sheet.letters * 0.7) for height in taken))

    @property
    def height(self) -> int:
        return sum(self.heights)

    def widest(self, letters: float) -> float:
        return max((wide(line, letters) for lines in self.names for line in lines), default=0)

    def middle(self, at: int) -> float:
        """Return how far below the top of the plot the middle of a row lies."""
        return sum(self.heights[:at]) + self.heights[at] / 2


def lying(chart: Chart, sheet: Sheet) -> Figure:
    """Return the chart with a row for each place."""
    numbers = Numbers.of(chart, MOST_PLACES)
    rows = Rows.of(chart, numbers, sheet)
    left = rows.widest(sheet.letters) + 2 * GAP
    margins = Margins(left, sheet.letters * 1.8, _note(len(chart.labels)))
    figure, axes = plot(chart, sheet, margins, rows.height)
    pixel = _scale(axes, numbers, sheet, (sheet.beside(left), rows.height))
    for at, lines in enumerate(rows.names):
        first = rows.middle(at) - (len(lines) - 1) / 2 * sheet.letters * LINE
        for below, line in enumerate(lines):
            place = (-GAP * pixel, first + below * sheet.letters * LINE)
            write(axes, place, line, sheet.letters, ha="right")
    _draw_bars(axes, numbers, sheet, rows)
    for end in numbers.ends():
        middle = rows.middle(end.at) + _beside(numbers, sheet, end.series)
        write(axes, (end.reach + GAP / 2 * pixel, middle), end.text, sheet.letters)
    return figure


def _note(places: int) -> str:
    left_out = max(places - MOST_PLACES, 0)
    words = ngettext("%(count)d more place in the table", "%(count)d more places in the table", left_out)
    return words % {"count": left_out} if left_out else ""


def _beside(numbers: Numbers, sheet: Sheet, series: int) -> float:
    """Return how far below the middle of its row the bar of a series lies, in pixels."""
    return 0 if numbers.is_stacked else (series - (len(numbers.series) - 1) / 2) * sheet.bar


def _scale(axes: Axes, numbers: Numbers, sheet: Sheet, size: tuple[float, float]) -> float:
    """Let the plot of these pixels end where the longest bar's number still fits; return how much one is along it."""
    width, height = size
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


def _draw_bars(axes: Axes, numbers: Numbers, sheet: Sheet, rows: Rows) -> None:
    for series in range(len(numbers.series)):
        pieces = list(numbers.pieces(series))
        axes.barh(
            [rows.middle(piece.at) + _beside(numbers, sheet, series) for piece in pieces],
            [piece.length for piece in pieces],
            left=[piece.begins for piece in pieces],
            height=sheet.bar - 1,
            zorder=3,
            **of_bar(series),
        )
