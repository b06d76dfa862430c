"""The matrix of neglect: sector by target group, at a glance who is overlooked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import shown
from officers.models import User
from sectorlog.groups.neglect import Cell, State, attention
from sectorlog.models import TargetGroup
from sectorlog.views.home import headed_sectors
from sectors.models import Sector

# So many sectors are looked over without choosing a district.
SHORT = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A sector: a cell or None (not a group of its station) for each column, and the same worst first."""

    sector: Sector
    cells: tuple[Cell | None, ...]
    by_urgency: tuple[Cell, ...]

    @property
    def neglected(self) -> int:
        return sum(cell.is_neglected for cell in self.by_urgency)

    @property
    def due(self) -> tuple[Cell, ...]:
        """What asks for something: neglected, due soon, not agreed."""
        return tuple(cell for cell in self.by_urgency if cell.state != State.IN_TIME)

    @property
    def in_time(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.by_urgency if cell.state == State.IN_TIME)


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the account's sectors and those that it heads, the most neglected first; of one district if asked."""
    user = cast("User", request.user)
    sectors = _sectors(user)
    districts = {sector.district.slug: sector.district for sector in sectors}
    is_long = len(sectors) > SHORT
    chosen = request.GET.get("district", "")
    if chosen in districts:
        sectors = [sector for sector in sectors if sector.district.slug == chosen]
    cells = attention(sectors, timezone.now())
    keys = [cell.agreement for cell in cells if cell.agreement is not None]
    shown(request, keys, subject="sectorlog.groupinsector", sectors=[sector.pk for sector in sectors])
    groups = _columns(cells)
    counts = Counter(cell.state for cell in cells)
    context = {
        "rows": _rows(sectors, groups, cells),
        "groups": [(group, _neglected_in(group, cells)) for group in groups],
        "legend": [(state, counts[state]) for state in State],
        "neglected": counts[State.NEVER] + counts[State.OVERDUE],
        "districts": districts.values() if is_long and len(districts) > 1 else (),
        "chosen": chosen,
        "can_add": bool(user.standing.stations or user.standing.districts),
    }
    return render(request, "sectorlog/matrix.html", context)


def _sectors(user: User) -> list[Sector]:
    """Return the sectors that `user` works in, and those in force that they head."""
    heads = headed_sectors(user, timezone.now()).order_by().values("pk")
    seen = Q(pk__in=user.standing.sectors) | Q(pk__in=heads)
    return list(Sector.objects.filter(seen).select_related("district").order_by("station", "number"))


def _columns(cells: Iterable[Cell]) -> list[TargetGroup]:
    groups = {cell.group.pk: cell.group for cell in cells}
    return sorted(groups.values(), key=lambda group: (group.position, str(group)))


def _rows(sectors: Sequence[Sector], groups: Sequence[TargetGroup], cells: Iterable[Cell]) -> list[Row]:
    found = {(cell.sector.pk, cell.group.pk): cell for cell in cells}
    rows = []
    for sector in sectors:
        across = tuple(found.get((sector.pk, group.pk)) for group in groups)
        by_urgency = sorted((cell for cell in across if cell), key=lambda cell: cell.urgency)
        rows.append(Row(sector, across, tuple(by_urgency)))
    # The sectors are in the order of their numbers, which stays among equals.
    return sorted(rows, key=lambda row: -row.neglected)


def _neglected_in(group: TargetGroup, cells: Iterable[Cell]) -> int:
    return sum(cell.is_neglected for cell in cells if cell.group.pk == group.pk)
