"""The drawing of a sector's manning: two lines in steps, placed on a grid of whole units, for an inline SVG."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from officers.manning import Step

# All in the drawing's own units: as wide as a small telephone, so that its letters stay readable there.
WIDTH, HEIGHT = 340, 190
LEFT, RIGHT, TOP, BOTTOM = 26, 12, 12, 26
# More lines than these would be a grey surface.
MAX_GRID_LINES = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis, in the drawing's units, and what is written there."""

    place: int
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """Paths and marks of the drawing; numbers are whole, so that no language writes them with a comma."""

    required: str
    actual: str
    rows: tuple[Mark, ...]
    days: tuple[Mark, ...]
    view_box: str = f"0 0 {WIDTH} {HEIGHT}"
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM
    words_at: int = HEIGHT - 8


def drawn(steps: Sequence[Step], until: datetime.date) -> Chart:
    """Return the drawing of the steps, from the first one's day to `until`."""
    since = steps[0].day
    highest = max(max(step.required, step.actual) for step in steps) + 1
    return Chart(
        required=_path([(step.day, step.required) for step in steps], since, until, highest),
        actual=_path([(step.day, step.actual) for step in steps], since, until, highest),
        rows=tuple(_rows(highest)),
        days=tuple(_days(since, until)),
    )


def _path(
    points: list[tuple[datetime.date, int]], since: datetime.date, until: datetime.date, highest: int
) -> str:
    (_first, value), *later = points
    path = [f"M{LEFT} {_y(value, highest)}"]
    for day, number in later:
        path.append(f"H{_x(day, since, until)}V{_y(number, highest)}")
    return "".join([*path, f"H{WIDTH - RIGHT}"])


def _x(day: datetime.date, since: datetime.date, until: datetime.date) -> int:
    share = (day - since).days / max(1, (until - since).days)
    return LEFT + round(share * (WIDTH - LEFT - RIGHT))


def _y(number: int, highest: int) -> int:
    return HEIGHT - BOTTOM - round(number / highest * (HEIGHT - TOP - BOTTOM))


def _rows(highest: int) -> Iterator[Mark]:
    every = max(1, -(-highest // MAX_GRID_LINES))
    for number in range(0, highest + 1, every):
        yield Mark(_y(number, highest), str(number))


def _days(since: datetime.date, until: datetime.date) -> Iterator[Mark]:
    """Yield the first day, the middle one and the last."""
    middle = since + (until - since) / 2
    for day, anchor in ((since, "start"), (middle, "middle"), (until, "end")):
        yield Mark(_x(day, since, until), date_format(day, "M Y"), anchor)
