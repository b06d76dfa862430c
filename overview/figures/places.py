"""The places whose numbers stand beside each other: of a city its districts, of a district its sectors."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from overview.scope import Scope, key_of
from sectors.models import Sector


@dataclass(frozen=True, slots=True)
class Part:
    """A place of the table. `where` leads to a closer look at it, empty where there is none.

    What is not present are sectors that are no longer drawn.
    """

    name: str
    where: str
    sectors: tuple[Sector, ...]
    is_present: bool = True


def parts_of(scope: Scope) -> list[Part]:
    """Return the parts of a scope in their order: its districts, or its sectors where it is one district or sector.

    A district's name is told with its station's where there are several. No query.
    """
    of_district: dict[int, list[Sector]] = {}
    for sector in scope.sectors:
        of_district.setdefault(sector.district_id, []).append(sector)
    if len(of_district) > 1:
        several = len({sector.station_id for sector in scope.sectors}) > 1
        return [_district(sectors, several=several) for sectors in of_district.values()]
    return [
        Part(f"{sector.number} {sector.name}", "" if len(scope.sectors) == 1 else key_of(sector), (sector,))
        for sector in scope.sectors
    ]


def head_of(scope: Scope) -> str:
    """Return what stands above the names of the parts."""
    return _("District") if len({sector.district_id for sector in scope.sectors}) > 1 else _("Sector")


def _district(sectors: list[Sector], *, several: bool) -> Part:
    district = sectors[0].district
    name = f"{district.station}: {district}" if several else str(district)
    return Part(name, key_of(district), tuple(sectors))
