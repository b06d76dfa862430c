"""What needs a head's attention now: vacancies, departures without successor, absences without cover, manning.

Each list costs a query or two for all of the sectors that the account may see and that are in force.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from officers.cover import Gap, uncovered
from officers.manning import actual
from officers.models import Assignment, AssignmentQuerySet, User
from officers.vacancy import answered_at
from sectors.manning import required_on
from sectors.models import ManningBasis, Sector
from sectors.models.manning import ManningBasisQuerySet

if TYPE_CHECKING:
    from django.http import HttpRequest

# How far ahead a departure is looked for.
DEPARTURES_WITHIN = datetime.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class TooFew:
    """A sector with fewer officers than it is to have."""

    sector: Sector
    actual: int
    required: int


@dataclass(frozen=True, slots=True)
class Attention:
    """What a head looks at first. `undecided` are manning bases whose number nobody has decided on."""

    vacant: tuple[Sector, ...]
    departures: tuple[Assignment, ...]
    gaps: tuple[Gap, ...]
    below_manning: tuple[TooFew, ...]
    undecided: tuple[ManningBasis, ...]

    def __bool__(self) -> bool:
        return any((self.vacant, self.departures, self.gaps, self.below_manning, self.undecided))


def attention_for(user: User) -> Attention:
    """Return what needs attention among what the account heads, a station's head or a district's."""
    now, standing = timezone.now(), user.standing
    headed = Sector.objects.in_force_at(now).filter(
        Q(station__in=standing.stations) | Q(district__in=standing.districts)
    )
    sectors = list(headed.select_related("district", "station").order_by("station", "number"))
    return Attention(
        tuple(headed.exclude(answered_at(now)).order_by("station", "number")),
        tuple(departures(now).filter(sector__in=sectors).select_related("sector", "officer")),
        tuple(uncovered(sectors, now, None)),
        tuple(below_manning(sectors)),
        tuple(undecided().filter(sector__in=sectors).select_related("sector")),
    )


def departures(now: datetime.datetime) -> AssignmentQuerySet:
    """Return the responsible officers' appointments that end soon with nobody appointed from then on."""
    successor = Assignment.objects.valid().filter(
        sector=OuterRef("sector"),
        role=Assignment.Role.RESPONSIBLE,
        period__contains=OuterRef("period__endswith"),
    )
    ending = Assignment.objects.from_instant(now).filter(
        role=Assignment.Role.RESPONSIBLE, period__endswith__lte=now + DEPARTURES_WITHIN
    )
    return ending.exclude(Exists(successor)).order_by("period__endswith")


def below_manning(sectors: list[Sector]) -> list[TooFew]:
    """Return the sectors with fewer officers today than they are to have."""
    today = timezone.localdate()
    there, wanted = actual(sectors, today), required_on(sectors, today)
    return [
        TooFew(sector, there[sector.pk], wanted[sector.pk])
        for sector in sectors
        if there[sector.pk] < wanted[sector.pk]
    ]


def undecided() -> ManningBasisQuerySet:
    """Return the latest basis of each sector, where nobody has decided on the number yet."""
    latest = ManningBasis.objects.filter(sector=OuterRef("sector"), holds_from__gt=OuterRef("holds_from"))
    return ManningBasis.objects.filter(required=None).exclude(Exists(latest)).order_by("holds_from")


def gaps_of(request: HttpRequest) -> tuple[Gap, ...]:
    """Return the gaps of the sectors that the request's account sees, worked out once a request."""
    found = getattr(request, "gaps_in_cover", None)
    if found is None:
        sectors = list(Sector.objects.visible_to(request.user).select_related("district"))
        found = tuple(uncovered(sectors, timezone.now(), None))
        request.gaps_in_cover = found  # type: ignore[attr-defined]  # kept here alone
    return found
