"""The sheets that charts are drawn on, and what every chart has: a legend, the unit, a plot within margins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from overview.charts.legend import Legend
from overview.charts.marks import GRID, INK, INK_SOFT, SHEET
from overview.charts.words import clean, shortened, write
from overview.figures import Chart, ChartKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP = 8
# With 72 dots an inch, a point is a pixel.
DOTS = 72


@dataclass(frozen=True, slots=True)
class Sheet:
    """A size of picture, all in pixels: `plot` is how high upright charts are, `bar` how thick lying bars.

    `ticks`: how many numbers fit along a lying axis.
    """

    width: int
    letters: float
    plot: int
    bar: int
    ticks: int

    def beside(self, left: float) -> float:
        """Return how wide a plot is beside a margin of so many pixels."""
        return self.width - left - 2 * GAP


SHEETS = {
    # Letters of 13 pixels are still 11 on a screen of 320.
    "narrow": Sheet(width=340, letters=13, plot=210, bar=17, ticks=3),
    "wide": Sheet(width=860, letters=14, plot=300, bar=18, ticks=6),
    "print": Sheet(width=680, letters=12, plot=210, bar=14, ticks=5),
}


@dataclass(frozen=True, slots=True)
class Margins:
    """Around the plot, in pixels: room for words on the left and beneath; `note` is a line below everything."""

    left: float
    beneath: float
    note: str = ""


def plot(chart: Chart, sheet: Sheet, margins: Margins, height: float) -> tuple[Figure, Axes]:
    """Return a figure with legend and unit, and its plot of so many pixels, without axes of its own."""
    from matplotlib.figure import Figure

    letters, inner = sheet.letters, sheet.beside(margins.left)
    legend = Legend.of(chart, letters, sheet.width - 2 * GAP)
    unit = round(letters * 1.7)
    foot = margins.beneath + (letters * 1.6 if margins.note else 0) + GAP
    whole = foot + height + unit + legend.height + GAP
    figure = Figure(figsize=(sheet.width / DOTS, whole / DOTS), dpi=DOTS, facecolor=SHEET)
    legend.draw(figure, GAP, whole - GAP, are_lines=chart.kind is ChartKind.LINES)
    write(figure, (margins.left, foot + height + unit / 2), unit_of(chart, letters, inner), letters, INK_SOFT)
    write(figure, (GAP, GAP + letters / 2), margins.note, letters, INK_SOFT)
    axes = figure.add_axes((margins.left / sheet.width, foot / whole, inner / sheet.width, height / whole))
    axes.set_axis_off()
    return figure, axes


def unit_of(chart: Chart, letters: float, room: float) -> str:
    """Return what the axis counts."""
    unit = clean(chart.unit)
    if chart.kind is ChartKind.SHARES and "%" not in unit:
        unit = _("%(unit)s, shares in %%") % {"unit": unit} if unit else "%"
    return shortened(unit, letters, room)


def ticks(top: float, most: int, *, are_whole: bool) -> list[float]:
    """Return round numbers from 0 up to the first that is not below `top`."""
    from matplotlib.ticker import MaxNLocator

    locator = MaxNLocator(nbins=most, integer=are_whole, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2)
    return [float(tick) for tick in locator.tick_values(0, top) if tick >= 0]


def grid() -> dict[str, Any]:
    """Return how lines behind the bars look, as Matplotlib takes it."""
    return {"color": GRID, "linewidth": 1, "zorder": 0}


def ground() -> dict[str, Any]:
    """Return how the line that bars stand on looks."""
    return {"color": INK, "linewidth": 1.2, "zorder": 4}
