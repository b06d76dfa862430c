"""The drawing of a sector's mirror: words to the left of the middle, sanctions to the right, like a pair of scales.

Every bar is as long as half the drawing: all to one side, it reaches the end that is marked as an extreme.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sectorlog.mirror import EXTREME_PERCENT, Balance, Quarter
from sectorlog.models import Outcome

# All in the drawing's own units: as wide as a small telephone, so that its letters stay readable there.
WIDTH, SIDE = 340, 4
MIDDLE = WIDTH // 2
LENGTH = MIDDLE - SIDE
BAR, QUARTER_BAR, QUARTER_ROW = 48, 20, 44
TOP, FOOT = 26, 40
# A narrower part has no room for its number.
NARROWEST_WITH_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in whole units: `number` where there is room for it, else empty."""

    outcome: Outcome
    x: int
    width: int
    number: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Bar:
    y: int
    height: int
    segments: tuple[Segment, ...]
    name: str = ""
    total: int = 0

    @property
    def numbers_at(self) -> int:
        return self.y + self.height // 2 + 5

    @property
    def name_at(self) -> int:
        return self.y - 6


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and where what is around them lies: `only_talk` and `only_sanctions` are where the extremes begin."""

    bars: tuple[Bar, ...]
    height: int
    foot: int
    left: int = SIDE
    middle: int = MIDDLE
    right: int = WIDTH - SIDE
    only_talk: int = MIDDLE - LENGTH * EXTREME_PERCENT // 100
    only_sanctions: int = MIDDLE + LENGTH * EXTREME_PERCENT // 100

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH} {self.height}"

    @property
    def words_at(self) -> int:
        return self.foot + 22


def drawn(balance: Balance) -> Chart:
    """Return the drawing of the whole period: one bar between the two extremes."""
    bar = Bar(TOP, BAR, tuple(_segments(balance)))
    return Chart((bar,), height=TOP + BAR + FOOT, foot=TOP + BAR + 8)


def drawn_by_quarter(quarters: Sequence[Quarter]) -> Chart:
    """Return a smaller bar for each quarter, the latest first."""
    bars = [
        Bar(
            TOP - 6 + place * QUARTER_ROW,
            QUARTER_BAR,
            tuple(_segments(quarter.balance)),
            quarter.name,
            quarter.balance.total,
        )
        for place, quarter in enumerate(reversed(quarters))
    ]
    foot = len(bars) * QUARTER_ROW
    return Chart(tuple(bars), height=foot, foot=foot)


def _segments(balance: Balance) -> Iterator[Segment]:
    begins_at = MIDDLE - _scaled(balance.pragmatic, balance)
    before = 0
    for outcome, count, _share in balance.rows:
        # Ends are rounded, not widths: the parts fill the bar without a gap.
        begins, ends = (begins_at + _scaled(part, balance) for part in (before, before + count))
        before += count
        if count and ends > begins:
            number = str(count) if ends - begins >= NARROWEST_WITH_NUMBER else ""
            yield Segment(outcome, begins, ends - begins, number)


def _scaled(count: int, balance: Balance) -> int:
    return round(LENGTH * count / balance.total) if balance.total else 0
