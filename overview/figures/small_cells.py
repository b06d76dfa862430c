"""What analysts see of small numbers: nothing (design, section 6: aggregates with cells of at least 5).

Three rules, so that no subtraction gives a number, not even of a closer look or another period: a number below 5 is
hidden, any other is rounded to fives, and a total is the sum of what is shown above it. Zero is hidden as 1 to 4 are:
beside zeros that are shown, four hidden months of a hidden year would all be ones. Rounded numbers leave a range; it
closes only where all that is hidden is the most that can be. What is told so is the work of officers; what citizens
say is guarded more strictly (`overview.figures.releasing`).

Who also heads a part of the sectors knows that part as it is, and could take it away from the rounded number of all.
So the rules hold for the other sectors alone: what is told of all is the known part and what is told of the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from overview.figures import Cell

FEWEST = 5
WHOLE_FROM = 10
NOTHING = Cell(None, "–")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of sectors in two parts: of the `known` ones, which the account heads, and of the `others`.

    `others` is None where there are none: then nothing is hidden.
    """

    known: float = 0
    others: float | None = None

    @property
    def whole(self) -> float:
        return self.known + (self.others or 0)

    def over(self, divisor: float) -> Amount:
        return Amount(self.known / divisor, None if self.others is None else self.others / divisor)


def cell(amount: Amount, most: float = math.inf) -> Cell:
    """Return a number as it is shown: the known part as it is, that of the others hidden or rounded.

    `most`: as much as there can be of the others, which a rounded number would else go beyond.
    """
    number = amount.known
    if amount.others is not None:
        if amount.others < FEWEST:
            # With a known part it may be more than a few.
            return untold() if amount.known else hidden()
        number += min(most, FEWEST * round(amount.others / FEWEST))
    return Cell(number, number_text(number))


def hidden() -> Cell:
    return Cell(None, _("under %(fewest)d") % {"fewest": FEWEST}, is_hidden=True)


def untold() -> Cell:
    """Return what stands where a hidden number would be given away, or is no number of anything."""
    return Cell(None, NOTHING.text, is_hidden=True)


def total(cells: Iterable[Cell]) -> Cell:
    """Return the sum of the cells that are shown; where all of them are hidden, nothing rather than 0."""
    summed = list(cells)
    number = sum(one.number for one in summed if one.number is not None)
    if not number and any(one.is_hidden for one in summed):
        return untold()
    return Cell(number, number_text(number))


def share(part: Cell, whole: Cell) -> Cell:
    """Return a share in whole per cent, of what is shown: none if one of the two is hidden or the whole is 0."""
    if part.is_hidden or whole.is_hidden:
        return untold()
    if not whole.number or part.number is None:
        return NOTHING
    percent = round(100 * part.number / whole.number)
    return Cell(percent, percent_text(percent))


def number_text(number: float) -> str:
    """Return a number as people write it: tenths only of what is small."""
    rounded = round(number, 1 if abs(number) < WHOLE_FROM else None)
    whole = rounded == int(rounded)
    return number_format(rounded, decimal_pos=0 if whole else 1, use_l10n=True, force_grouping=whole)


def percent_text(percent: float) -> str:
    return _("%(percent)d %%") % {"percent": percent}
