"""The demonstration's manning: invented figures for each sector, three years old, and new ones where much changed."""

from __future__ import annotations

import datetime

from django.utils import timezone

from officers.demo import organisation as plan
from sectors.models import ManningBasis, ManningNorm, Sector, Station
from sectors.models.manning import LEAST_OFFICERS

# Sectors whose figures rose so much that more officers are required now.
GROWN = (4, 12, 16)
# The one whose proposal waits for the head's decision.
UNDECIDED = 9
SECTORS = sum(len(sectors) for sectors in plan.DISTRICTS.values())


def load_manning(station: Station, sectors: dict[int, Sector]) -> None:
    """Write the figures of a station that has none."""
    if ManningBasis.objects.filter(sector__station=station).exists():
        return
    ManningNorm.objects.get_or_create(station=station)
    bases = []
    for number, sector in sectors.items():
        bases.append(
            _basis(sector, number, days=-900, growth=1.0, reason="First count of the four criteria.")
        )
        if number in (*GROWN, UNDECIDED):
            grown = _basis(
                sector, number, days=-40, growth=1.9, reason="New housing, and more reports this year."
            )
            grown.required = None if number == UNDECIDED else LEAST_OFFICERS + 1
            bases.append(grown)
    ManningBasis.objects.bulk_create(bases)


def _basis(sector: Sector, number: int, *, days: int, growth: float, reason: str) -> ManningBasis:
    """Return invented figures that differ from sector to sector in a way that stays the same."""
    spread = number * 7 % SECTORS / SECTORS
    return ManningBasis(
        sector=sector,
        holds_from=timezone.localdate() + datetime.timedelta(days=days),
        reported_crimes=round((500 + 400 * spread) * growth),
        exposed_residents=round(2500 * spread * growth),
        special_places=round((6 + 10 * spread) * growth),
        inhabitants=round((7000 + 6000 * spread) * growth),
        reason=reason,
        required=LEAST_OFFICERS,
    )
