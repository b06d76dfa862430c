"""The drawing of a sector's patrols: a bar for each week, placed on a grid of whole units, for an inline SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from officers.chart import Mark
from sectorlog.patrols.share import Week

# All in the drawing's own units: as wide as a small telephone, so that its letters stay readable there.
SLOT, BAR = 6, 5
HEIGHT = 190
LEFT, RIGHT, TOP, BOTTOM = 30, 6, 12, 26
# Steps of the grid in hours: the first one that needs few enough lines.
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
MAX_GRID_LINES = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: the hours of one form in one week. Whole numbers: no language writes them with a comma."""

    form: str
    x: int
    y: int
    height: int
    width: int = BAR


@dataclass(frozen=True, slots=True)
class Bars:
    pieces: tuple[Piece, ...]
    rows: tuple[Mark, ...]
    months: tuple[Mark, ...]
    width: int
    left: int = LEFT
    height: int = HEIGHT
    words_at: int = HEIGHT - 8

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def words_left(self) -> int:
        return LEFT - 6


def drawn(weeks: Sequence[Week]) -> Bars:
    """Return the bars of the weeks, the oldest on the left; on foot below, then bicycle, then vehicle."""
    highest = max((week.hours.total for week in weeks), default=0.0)
    step = next((step for step in STEPS if highest <= step * MAX_GRID_LINES), STEPS[-1])
    top = step * max(1, math.ceil(highest / step))
    return Bars(
        pieces=tuple(piece for place, week in enumerate(weeks) for piece in _bar(place, week, top)),
        rows=tuple(Mark(_y(hours, top), str(hours)) for hours in range(0, top + 1, step)),
        months=tuple(_months(weeks)),
        width=LEFT + SLOT * len(weeks) + RIGHT,
    )


def _bar(place: int, week: Week, top: int) -> Iterator[Piece]:
    below = 0.0
    for form in ("foot", "bicycle", "vehicle"):
        hours = getattr(week.hours, form)
        upper, lower = _y(below + hours, top), _y(below, top)
        if lower > upper:
            yield Piece(form, LEFT + SLOT * place, upper, lower - upper)
        below += hours


def _y(hours: float, top: int) -> int:
    return HEIGHT - BOTTOM - round(hours / top * (HEIGHT - TOP - BOTTOM))


def _months(weeks: Sequence[Week]) -> Iterator[Mark]:
    """Yield the month of the first week, of the middle one and of the last."""
    last = len(weeks) - 1
    for place, x, anchor in (
        (0, LEFT, "start"),
        (last // 2, LEFT + SLOT * (last // 2), "middle"),
        (last, LEFT + SLOT * len(weeks), "end"),
    ):
        yield Mark(x, date_format(weeks[place].monday, "M Y"), anchor)
