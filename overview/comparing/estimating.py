"""What a redrawn border would mean for manning: the basis of each sector, moved in proportion to its addresses.

An estimate and no more: people, crimes and places are not spread as evenly as doors are (handbook, The sectors).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import number_format

from officers.manning import actual
from overview.comparing.redrawing import Redrawing, addresses_today
from sectors.boundaries.moves import Move
from sectors.manning import CRITERIA, norm_of, required_on
from sectors.models import ManningBasis, Sector

Basis = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SectorThen:
    """A sector before and after. Addresses are counted; inhabitants and the officers asked for are estimates.

    `inhabitants` and `asks_for` are pairs of today and then, None where a figure is lacking. `required` is what was
    decided, `there` who is appointed, both today. `leaves`: the release does not draw the sector any more.
    """

    sector: Sector
    addresses: tuple[int, int]
    inhabitants: tuple[int, int] | None
    asks_for: tuple[int, int] | None
    required: int
    there: int
    leaves: bool = False

    @property
    def rounded(self) -> tuple[int, int] | None:
        """The inhabitants today and then; the latter to the nearest ten, as an estimate is not exact."""
        if self.inhabitants is None:
            return None
        today, later = self.inhabitants
        return today, later if later == today else round(later, -1)

    @property
    def people(self) -> str:
        """The same as people write it."""
        return " → ".join(number_format(number, force_grouping=True) for number in self.rounded or ())

    @property
    def is_short(self) -> bool:
        """Fewer officers are there than the estimate asks for."""
        return self.asks_for is not None and self.there < self.asks_for[1]


def sectors_then(found: Redrawing) -> list[SectorThen]:
    """Return the sectors that give or get ground, by number. A fixed number of queries."""
    sectors, today = found.sectors, timezone.localdate()
    before = addresses_today(sectors)
    holding = ManningBasis.objects.filter(sector__in=sectors).on(today).values("sector", *CRITERIA)
    bases: dict[int, Basis] = {
        basis["sector"]: {criterion: float(basis[criterion]) for criterion in CRITERIA} for basis in holding
    }
    moved = [one.move for one in found.passings]
    after = estimated(bases, before, moved)
    required, there = required_on(sectors, today), actual(sectors, today)
    drawn = set(found.release.boundaries.filter(sector__in=sectors).values_list("sector", flat=True))
    norm = norm_of(found.release.station)
    rows = []
    for sector in sectors:
        key = sector.pk
        pair = _pair(bases.get(key), after.get(key))
        rows.append(
            SectorThen(
                sector,
                (before[key], before[key] + _balance(moved, sector)),
                pair and (round(pair[0]["inhabitants"]), round(pair[1]["inhabitants"])),
                pair and (norm.proposal(_basis(pair[0])), norm.proposal(_basis(pair[1]))),
                required[key],
                there[key],
                leaves=key not in drawn,
            )
        )
    return rows


def estimated(
    bases: Mapping[int, Basis], addresses: Mapping[int, int], moved: Iterable[Move]
) -> dict[int, Basis | None]:
    """Return each sector's figures after the moves, None where a sector that gives or gets addresses has none."""
    change: dict[int, dict[str, float]] = defaultdict(lambda: dict.fromkeys(CRITERIA, 0.0))
    unknown: set[int] = set()
    for move in moved:
        if not move.addresses:
            continue
        giver, getter = (end.pk if end else None for end in (move.from_sector, move.to_sector))
        basis, doors = bases.get(giver or 0), addresses.get(giver or 0, 0)
        if basis is None or not doors:
            unknown.update(end for end in (giver, getter) if end)
            continue
        share = min(move.addresses / doors, 1.0)
        for end, sign in ((giver, -1), (getter, 1)):
            for criterion in CRITERIA if end else ():
                change[end or 0][criterion] += sign * share * basis[criterion]
    return {
        key: None if key in unknown else {one: max(basis[one] + change[key][one], 0.0) for one in CRITERIA}
        for key, basis in bases.items()
    }


def _balance(moved: Iterable[Move], sector: Sector) -> int:
    """Return by how many addresses the sector would grow."""
    return sum(move.addresses * ((move.to_sector == sector) - (move.from_sector == sector)) for move in moved)


def _basis(figures: Basis) -> ManningBasis:
    """Return the figures as a basis that is not stored, for the norm to work with."""
    return ManningBasis(**{criterion: round(figures[criterion]) for criterion in CRITERIA})


def _pair(before: Basis | None, after: Basis | None) -> tuple[Basis, Basis] | None:
    return (before, after) if before is not None and after is not None else None
