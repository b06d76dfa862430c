"""The numbers of a chart as they are drawn: bars with a beginning and a length, and what is written at their ends."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from overview.charts.words import number_text
from overview.figures import Chart, ChartKind

MISSING = "–"


@dataclass(frozen=True, slots=True)
class Piece:
    """One bar, or one part of a stack: of which label, from where on, how long."""

    at: int
    begins: float
    length: float


@dataclass(frozen=True, slots=True)
class End:
    """Where a bar ends, and what is written there; `series` is 0 for a stack."""

    at: int
    series: int
    reach: float
    text: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """By series and label. A stack's parts are shares in 100 if the chart is of shares."""

    kind: ChartKind
    series: tuple[tuple[float | None, ...], ...]

    @classmethod
    def of(cls, chart: Chart, most: int) -> Numbers:
        """Take the first `most` labels of the chart. Raises ValueError for a number below 0: figures only count."""
        rows = tuple(tuple(_checked(number) for number in series.numbers[:most]) for series in chart.series)
        # Percentages are shares already.
        if chart.kind is ChartKind.SHARES and "%" not in chart.unit:
            columns = [_shares(column) for column in zip(*rows, strict=True)]
            rows = tuple(zip(*columns, strict=True))
        return cls(chart.kind, rows)

    @property
    def is_stacked(self) -> bool:
        return self.kind in (ChartKind.STACKED, ChartKind.SHARES)

    @property
    def are_whole(self) -> bool:
        return all(number is None or number == int(number) for row in self.series for number in row)

    @property
    def are_unknown(self) -> bool:
        return all(number is None for row in self.series for number in row)

    @property
    def top(self) -> float:
        """Return how far the longest bar reaches; 1 if there is none."""
        if self.kind is ChartKind.SHARES:
            return 100
        return max((end.reach for end in self.ends()), default=0) or 1

    def pieces(self, series: int) -> Iterator[Piece]:
        """Yield the bars of a series; none where nothing is known."""
        below = self.series[:series] if self.is_stacked else ()
        for at, number in enumerate(self.series[series]):
            if number is not None:
                yield Piece(at, sum(row[at] or 0 for row in below), number)

    def ends(self) -> Iterator[End]:
        """Yield the ends of all bars, label by label."""
        for at, column in enumerate(zip(*self.series, strict=True)):
            if self.is_stacked:
                yield End(at, 0, sum(number or 0 for number in column), self._of_stack(column))
            else:
                for series, number in enumerate(column):
                    yield End(at, series, number or 0, MISSING if number is None else number_text(number))

    def _of_stack(self, column: tuple[float | None, ...]) -> str:
        """Return the sum, but none of a stack that lacks a part: it would pass for the whole."""
        if all(number is None for number in column):
            return MISSING
        if self.kind is ChartKind.SHARES or None in column:
            return ""
        return number_text(sum(number or 0 for number in column))


def _checked(number: float | None) -> float | None:
    if number is None or not math.isfinite(number):
        return None
    if number < 0:
        raise ValueError(f"A chart counts what there is, and {number} is below nothing.")
    return float(number)


def _shares(column: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Return shares in 100; nothing if a part is unknown, for then the whole is too."""
    known = [number for number in column if number is not None]
    whole = sum(known)
    if len(known) < len(column) or not whole:
        return (None,) * len(column)
    return tuple(100 * number / whole for number in known)
