"""What waits on paper: how much of each kind is past its time in each district, and the most urgent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from officers.models import User
from overview.attention import Item, ItemKind
from overview.attention.asking import Asked
from overview.attention.gathering import gather, urgent_counts
from overview.scope import Scope, key_of
from sectors.models import District

MOST_ITEMS = 25
# Each is counted by a statement of its own. No station has as many.
MOST_DISTRICTS = 20


@dataclass(frozen=True, slots=True)
class DistrictWaiting:
    """How much of each kind is past its time in a district."""

    district: District
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class PrintedWaiting:
    """`kinds` are those of which something is late, in the order of each row's counts; `left_out` districts."""

    kinds: tuple[ItemKind, ...]
    districts: tuple[DistrictWaiting, ...]
    counts: tuple[int, ...]
    left_out: int
    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def waiting_by_district(user: User, scope: Scope) -> PrintedWaiting:
    """Return what is past its time. One statement for each district, and those of the list."""
    found = gather(Asked(user, scope), limit=MOST_ITEMS)
    late = found.urgent_counts
    kinds = tuple(kind for kind in ItemKind if late.get(kind))
    districts = scope.districts if kinds else ()
    return PrintedWaiting(
        kinds=kinds,
        districts=tuple(_district(user, scope, one, kinds) for one in districts[:MOST_DISTRICTS]),
        counts=tuple(late[kind] for kind in kinds),
        left_out=max(0, len(districts) - MOST_DISTRICTS),
        items=tuple(item for item in found.items if item.is_past),
    )


def _district(user: User, scope: Scope, district: District, kinds: tuple[ItemKind, ...]) -> DistrictWaiting:
    late = urgent_counts(user, _within(scope, district))
    return DistrictWaiting(district, tuple(late.get(kind, 0) for kind in kinds))


def _within(scope: Scope, district: District) -> Scope:
    """Return the district's part of the scope; a scope that is no more than a part of a district stays as it is."""
    sectors = tuple(sector for sector in scope.sectors if sector.district == district)
    if sectors == scope.sectors:
        return scope
    return replace(scope, where=key_of(district), place=district, sectors=sectors)
