"""Letters that shrink in steps, so that the longest name fits; nothing is cut off.

Widths are reckoned, for the widest face that a print may come out in; the tests measure what came of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

# How wide a letter is on average, in parts of the size; a tenth more, because lines break between words.
PLAIN, BOLD = 0.6 * 1.1, 0.68 * 1.1
POINTS_A_MM = 72 / 25.4


def lines(text: str, size: float, width_mm: float, letter: float = PLAIN) -> int:
    """Return on how many lines the text stands, in letters of `size` points."""
    return math.ceil(len(text) * size * letter / (width_mm * POINTS_A_MM))


def height_mm(count: int, size: float, leading: float = 1.2) -> float:
    """Return how high so many lines of `size` points are."""
    return count * size * leading / POINTS_A_MM


def step(sizes: Sequence[float], fits: Callable[[float], bool]) -> int:
    """Return the place of the first size that fits, the last if none does: the number in the class `step-…`."""
    return next((place for place, size in enumerate(sizes) if fits(size)), len(sizes) - 1)


def name_step(
    name: str, sizes: Sequence[float], width_mm: float, most_mm: float, letter: float = BOLD
) -> int:
    """Return the step of a name that breaks between words and after hyphens only, within width and height."""
    words = name.replace("-", "- ").split()
    longest = max((len(word) for word in words), default=0)

    def fits(size: float) -> bool:
        is_word_whole = lines("x" * longest, size, width_mm, letter / 1.1) <= 1
        return is_word_whole and height_mm(lines(name, size, width_mm, letter), size) <= most_mm

    return step(sizes, fits)


def how_many(heights_mm: Sequence[float], room_mm: float) -> int:
    """Return how many of them, from the first on, stand below each other within the room."""
    total, count = 0.0, 0
    for height in heights_mm:
        total += height
        if total > room_mm:
            break
        count += 1
    return count
