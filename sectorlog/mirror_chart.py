"""The drawing of a sector's mirror: bars of a hundred per cent, from dialogue on the left to arrest on the right.

Where talk ends and sanctions begin is the balance: an arrow points there, and both ends are marked as extremes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sectorlog.mirror import EXTREME_PERCENT, PRAGMATIC, Balance, Quarter
from sectorlog.models import Outcome

# All in the drawing's own units: as wide as a small telephone, so that its letters stay readable there.
WIDTH, SIDE = 340, 8
BAR, QUARTER_BAR, QUARTER_ROW = 44, 20, 44
TOP = 26
# A narrower part has no room for its number.
NARROWEST_WITH_NUMBER = 22


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
    """A bar with its place; `border` is where talk ends."""

    y: int
    height: int
    segments: tuple[Segment, ...]
    border: int
    name: str = ""
    total: int = 0

    @property
    def numbers_at(self) -> int:
        return self.y + self.height // 2 + 5

    @property
    def name_at(self) -> int:
        return self.y - 6

    @property
    def arrow(self) -> str:
        """A triangle below the bar whose tip touches the border."""
        foot = self.y + self.height
        return f"M{self.border} {foot + 2}l-7 12h14z"


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    view_box: str
    left: int = SIDE
    right: int = WIDTH - SIDE
    talk_begins: int = SIDE + (WIDTH - 2 * SIDE) * EXTREME_PERCENT // 100
    charges_end: int = SIDE + (WIDTH - 2 * SIDE) * (100 - EXTREME_PERCENT) // 100


def drawn(balance: Balance) -> Chart:
    """Return the drawing of the whole period: one bar with its arrow and the two extremes."""
    bar = _bar(balance, TOP, BAR)
    return Chart((bar,), f"0 0 {WIDTH} {TOP + BAR + 42}")


def drawn_by_quarter(quarters: Sequence[Quarter]) -> Chart:
    """Return a smaller bar for each quarter, the latest first."""
    bars = [
        _bar(quarter.balance, TOP - 4 + place * QUARTER_ROW, QUARTER_BAR, name=quarter.name)
        for place, quarter in enumerate(reversed(quarters))
    ]
    return Chart(tuple(bars), f"0 0 {WIDTH} {TOP + len(bars) * QUARTER_ROW}")


def _bar(balance: Balance, y: int, height: int, *, name: str = "") -> Bar:
    span = WIDTH - 2 * SIDE
    segments, before = [], 0
    for outcome, count, _share in balance.rows:
        # Ends are rounded, not widths: the parts fill the bar without a gap.
        begins, ends = (SIDE + round(span * part / balance.total) for part in (before, before + count))
        before += count
        if ends > begins:
            number = str(count) if ends - begins >= NARROWEST_WITH_NUMBER else ""
            segments.append(Segment(outcome, begins, ends - begins, number))
    border = max((one.x + one.width for one in segments if one.outcome in PRAGMATIC), default=SIDE)
    return Bar(y, height, tuple(segments), border, name, balance.total)
