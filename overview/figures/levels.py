"""Levels 0 to 4 of a sector on the map: by fixed limits, or by fifths where no limit fits every city."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from overview.figures import Cell, Value

HIGHEST = 4


def level_of(number: float, limits: Sequence[float]) -> int:
    """Return how many of the four limits the number has reached."""
    return bisect_right(limits, number)


def fifths(numbers: Mapping[int, float]) -> dict[int, int]:
    """Return which fifth of them each of the numbers lies in, 0 for the lowest; equal numbers lie in the same one."""
    ordered = sorted(numbers.values())
    return {
        key: min(HIGHEST, bisect_left(ordered, number) * (HIGHEST + 1) // len(ordered))
        for key, number in numbers.items()
    }


def by_fifths(values: Mapping[int, Value]) -> dict[int, Value]:
    """Return the values with the fifth that each lies in as its level; what is not known stays without."""
    levels = fifths({key: value.number for key, value in values.items() if value.number is not None})
    return {key: Value(value.number, value.text, levels.get(key)) for key, value in values.items()}


def fifth_names() -> tuple[str, ...]:
    return (
        _("the fifth of the sectors with the fewest"),
        _("the second fifth"),
        _("the middle fifth"),
        _("the fourth fifth"),
        _("the fifth of the sectors with the most"),
    )


def unknown(cell: Cell, text: str) -> Value:
    """Return what is told of a sector without a number: that it is hidden, or the words."""
    return Value(None, _("too few to show") if cell.is_hidden else text, None)
