"""The calendar strip of a sector: a bar for each of its gaps over the days to come, for an inline SVG.

It is drawn twice, for a telephone and for a desk, and shown once. The bars carry the numbers that the gaps have in
the list beside them; the list says all that the strip shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from overview.gaps import DAYS_AHEAD, Gap, GapKind
from overview.gaps.window import DAY

DAYS = DAYS_AHEAD + 1
WEEK = 7
# In the drawing's own units, whole, so that no language writes them with a comma.
TOP, LANE, BAR, BOTTOM = 32, 19, 15, 3
MONTHS_AT, MONDAYS_AT = 11, 27
# A number within a bar takes so much, a month's name or a Monday's number beside the right edge as well.
NUMBER, MONTH, MONDAY = 16, 30, 14
# More lanes than these would be a grey surface.
MOST_LANES = 8
# Nobody is there to whom the public could turn.
GRAVE = frozenset({GapKind.VACANT, GapKind.UNCOVERED, GapKind.COVER_AWAY})


@dataclass(frozen=True, slots=True)
class Mark:
    """Something written at a place of the axis, or a line there."""

    x: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """A column to click on: from its first day that is shown."""

    x: int
    width: int
    first: datetime.date


@dataclass(frozen=True, slots=True)
class Axis:
    """What all strips of one width have in common."""

    name: str
    width: int
    months: tuple[Mark, ...]
    mondays: tuple[Mark, ...]
    weeks: tuple[Week, ...]
    # The weeks as a page has them, rendered once for all its strips.
    links: str = ""
    height: int = TOP + MOST_LANES * LANE + BOTTOM
    months_at: int = MONTHS_AT
    mondays_at: int = MONDAYS_AT
    lines_from: int = TOP - 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A gap. Its number stands in it, or beside it where it is too short."""

    number: int
    x: int
    y: int
    width: int
    is_grave: bool
    number_x: int
    number_y: int
    anchor: str
    height: int = BAR

    @property
    def has_number_within(self) -> bool:
        return self.anchor == "middle"


@dataclass(frozen=True, slots=True)
class Strip:
    axis: Axis
    bars: tuple[Bar, ...]
    height: int

    @property
    def view_box(self) -> str:
        return f"0 0 {self.axis.width} {self.height}"


def axes(first: datetime.date) -> tuple[Axis, Axis]:
    """Return the axes for a telephone and for a desk, in units a day that make them fit there."""
    return _axis("narrow", first, 3), _axis("wide", first, 9)


def strip(gaps: Sequence[Gap], axis: Axis, first: datetime.date) -> Strip:
    """Return the drawing of the gaps, each in a lane of its own, as many as there are lanes."""
    shown = gaps[:MOST_LANES]
    bars = tuple(_bar(gap, number, axis, first) for number, gap in enumerate(shown, start=1))
    return Strip(axis, bars, TOP + len(shown) * LANE + BOTTOM)


def _axis(name: str, first: datetime.date, unit: int) -> Axis:
    width = DAYS * unit
    days = [first + number * DAY for number in range(DAYS)]
    beginnings = [place for place, day in enumerate(days) if place == 0 or day.weekday() == 0]
    return Axis(
        name,
        width,
        tuple(_months(days, unit, width)),
        tuple(
            Mark(place * unit, str(days[place].day))
            for place in beginnings
            if place * unit + MONDAY <= width and (place or days[0].weekday() < WEEK // 2 + 1)
        ),
        tuple(_weeks(days, beginnings, unit)),
    )


def _months(days: list[datetime.date], unit: int, width: int) -> Iterator[Mark]:
    """Yield the first day's month and each later one where it begins, unless there is no room for its name."""
    turns = [place for place, day in enumerate(days) if place == 0 or day.day == 1]
    for place, later in zip(turns, (*turns[1:], None), strict=True):
        room = (width if later is None else later * unit) - place * unit
        yield Mark(place * unit, date_format(days[place], "M") if room >= MONTH else "")


def _weeks(days: list[datetime.date], beginnings: list[int], unit: int) -> Iterator[Week]:
    for place, later in zip(beginnings, (*beginnings[1:], len(days)), strict=True):
        yield Week(place * unit, (later - place) * unit, days[place])


def _bar(gap: Gap, number: int, axis: Axis, first: datetime.date) -> Bar:
    unit = axis.width // DAYS
    x, width = (gap.first - first).days * unit, ((gap.last - gap.first).days + 1) * unit
    y = TOP + (number - 1) * LANE
    number_x, anchor = _number(x, width, axis.width)
    return Bar(number, x, y, width, gap.kind in GRAVE, number_x, y + BAR - 3, anchor)


def _number(x: int, width: int, whole: int) -> tuple[int, str]:
    """Return where the number of a bar is written: in it, right of it, or left of it at the right edge."""
    if width >= NUMBER:
        return x + NUMBER // 2, "middle"
    return (x + width + 3, "start") if x + width + NUMBER <= whole else (x - 3, "end")
