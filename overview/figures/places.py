"""The places whose numbers stand beside each other: of a city its districts, of a district its sectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from overview.scope import Scope, key_of
from sectors.models import Sector


@dataclass(frozen=True, slots=True)
class Part:
    """A place of the table. `where` leads to a closer look at it, empty where there is none."""

    name: str
    where: str
    sectors: tuple[Sector, ...]

    def sum_of(self, numbers: Mapping[int, int]) -> int:
        """Return the sum of its sectors' numbers, by primary key."""
        return sum(numbers.get(sector.pk, 0) for sector in self.sectors)


def parts_of(scope: Scope) -> list[Part]:
    """Return the parts of a scope in their order: its districts, or its sectors where it is one district or sector.

    A district's name is told with its station's where there are several. No query.
    """
    districts = scope.districts
    if len(districts) > 1:
        several = len(scope.stations) > 1
        return [
            Part(
                f"{district.station}: {district}" if several else str(district),
                key_of(district),
                tuple(sector for sector in scope.sectors if sector.district_id == district.pk),
            )
            for district in districts
        ]
    return [
        Part(f"{sector.number} {sector.name}", "" if len(scope.sectors) == 1 else key_of(sector), (sector,))
        for sector in scope.sectors
    ]


def head_of(scope: Scope) -> str:
    """Return what stands above the names of the parts."""
    return _("District") if len(scope.districts) > 1 else _("Sector")
