"""How many officers a sector is to have: the sum that leads to a proposal, and the head's decision.

Rule: handbook, The sectors: four criteria, at least two persons a sector, changes of the basis may change the number.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from sectors.models import ManningBasis, ManningNorm, Sector, Station
from sectors.models.manning import LEAST_OFFICERS

if TYPE_CHECKING:
    from officers.models import User

CRITERIA = ("reported_crimes", "exposed_residents", "special_places", "inhabitants")


class AlreadyDecided(Exception):
    """The basis has its number. It stays; a new basis takes its place."""


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of the sum: so much of it, at so much per officer, asks for so many officers."""

    label: str
    figure: int
    per_officer: int

    @property
    def officers(self) -> float:
        return self.figure / self.per_officer


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a basis asks for, with the sum that leads to it."""

    lines: tuple[Line, ...]
    officers: int

    @property
    def mean(self) -> float:
        return sum(line.officers for line in self.lines) / len(self.lines)

    @property
    def is_least(self) -> bool:
        """Tell whether the figures ask for fewer than every sector has."""
        return self.mean <= LEAST_OFFICERS - 1


def norm_of(station: Station) -> ManningNorm:
    """Return the station's norm; one that has set none uses the norm's defaults."""
    try:
        return station.manning_norm
    except ManningNorm.DoesNotExist:
        return ManningNorm(station=station)


def proposal_for(basis: ManningBasis) -> Proposal:
    norm = norm_of(basis.sector.station)
    lines = (
        Line(str(_label(criterion)), getattr(basis, criterion), getattr(norm, criterion))
        for criterion in CRITERIA
    )
    return Proposal(tuple(lines), norm.proposal(basis))


def _label(criterion: str) -> Any:
    field: Any = ManningBasis._meta.get_field(criterion)
    return field.verbose_name


def required_on(sectors: Iterable[Sector], day: datetime.date) -> dict[int, int]:
    """Return how many officers each sector was to have on a day: as last decided, at least two. One query."""
    keys = [sector.pk for sector in sectors]
    decided = ManningBasis.objects.filter(sector__in=keys).exclude(required=None).on(day)
    numbers = decided.values_list("sector", "required")
    return dict.fromkeys(keys, LEAST_OFFICERS) | {
        sector: number or LEAST_OFFICERS for sector, number in numbers
    }


@transaction.atomic
def decide(basis: ManningBasis, required: int, *, by: User) -> None:
    """Fix the number of a basis, and with it the basis. Raises AlreadyDecided when somebody else was quicker."""
    present = ManningBasis.objects.select_for_update().get(pk=basis.pk)
    if present.required is not None:
        raise AlreadyDecided
    basis.required, basis.decided_by, basis.decided_at = required, by, timezone.now()
    basis.save()
