"""Which mark is whose: names flow in lines above the plot, in the order of the stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overview.charts.marks import of_bar, of_line
from overview.charts.words import clean, wide, wrapped, write
from overview.figures import Chart

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

# Pixels: of a mark, between it and its name, and between two entries.
MARK = (26, 14)
NEAR = 6
APART = 16
# A name that is wider than the sheet takes at most so many lines.
MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """`left` is in pixels from the legend's edge, `line`, the first one's, counted from above."""

    left: float
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """One entry for each series; none if there is only one series, whose name the title says."""

    entries: tuple[Entry, ...]
    letters: float

    @classmethod
    def of(cls, chart: Chart, letters: float, room: float) -> Legend:
        """Lay the names out in letters and lines of so many pixels."""
        entries: list[Entry] = []
        left, line = 0.0, 0
        for series in chart.series if len(chart.series) > 1 else ():
            lines = wrapped(clean(series.name), letters, room - MARK[0] - NEAR, MOST_LINES)
            width = MARK[0] + NEAR + max(wide(one, letters) for one in lines)
            if left and left + width > room:
                left, line = 0.0, line + 1
            entries.append(Entry(left, line, lines))
            # Nothing stands beside the last line of several.
            left, line = left + width + APART if len(lines) == 1 else room, line + len(lines) - 1
        return cls(tuple(entries), letters)

    @property
    def line_height(self) -> float:
        return max(self.letters * 1.5, MARK[1] + 5)

    @property
    def height(self) -> float:
        if not self.entries:
            return 0
        last = self.entries[-1]
        return (last.line + len(last.lines)) * self.line_height + NEAR

    def draw(self, figure: Figure, left: float, top: float, *, are_lines: bool) -> None:
        """Draw it with its upper left corner at these pixels from the figure's lower left corner."""
        for number, entry in enumerate(self.entries):
            x, y = left + entry.left, top - (entry.line + 0.5) * self.line_height
            figure.add_artist(_line(x, y, number) if are_lines else _box(x, y, number))
            for below, words in enumerate(entry.lines):
                write(figure, (x + MARK[0] + NEAR, y - below * self.line_height), words, self.letters)


def _box(x: float, y: float, number: int) -> Artist:
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import IdentityTransform

    corner = (x, y - MARK[1] / 2)
    return Rectangle(corner, *MARK, transform=IdentityTransform(), **of_bar(number))


def _line(x: float, y: float, number: int) -> Artist:
    from matplotlib.lines import Line2D
    from matplotlib.transforms import IdentityTransform

    xs = [x, x + MARK[0] / 2, x + MARK[0]]
    return Line2D(xs, [y, y, y], markevery=[1], transform=IdentityTransform(), **of_line(number))
