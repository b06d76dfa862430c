"""Who could cover a sector, and what an absence leaves open (handbook, The sectors: during holidays).

Nothing is changed here; the acts are in `officers.absence`, the rule of who answers is in `officers.rota`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from officers.models import Absence, Assignment, Cover, Officer
from officers.rota import Basis, Kind, PublicOfficer, Rotas, Row
from sectors import division
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.absence import PlannedCover


class Nearness(IntEnum):
    """How an officer stands to a sector, in the order in which they are offered."""

    NEIGHBOUR = 1
    ATTACHED = 2
    DISTRICT = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An officer who could cover. `sector` is the one by which they are known: a neighbour, or the sector itself.

    `begins` and `ends` are set where the officer's appointment there begins or ends within the period asked for:
    the neighbour's responsible officer changes then. `other_covers` are promised for that period already.
    """

    officer: Officer
    sector: Sector
    nearness: Nearness
    is_own_district: bool
    begins: datetime.datetime | None
    ends: datetime.datetime | None
    other_covers: tuple[Cover, ...]

    @property
    def changes(self) -> bool:
        return self.begins is not None or self.ends is not None


@dataclass(frozen=True, slots=True)
class Gap:
    """A sector's responsible officer is away and nobody covers. `ends` is None where no end is known.

    `stand_in` answers meanwhile; without one it is the district.
    """

    sector: Sector
    absent_id: int
    absent: PublicOfficer
    begins: datetime.datetime
    ends: datetime.datetime | None
    stand_in: PublicOfficer | None = None


@dataclass(frozen=True, slots=True)
class LostCover:
    """A cover that an officer has promised and cannot keep between these instants, because they are away."""

    cover: Cover
    begins: datetime.datetime
    ends: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an absence leaves open: own sectors without cover, and promised covers that fall away."""

    gaps: tuple[Gap, ...]
    lost_covers: tuple[LostCover, ...]

    def __bool__(self) -> bool:
        return bool(self.gaps or self.lost_covers)


def suggest_covers(sector: Sector, period: DateTimeTZRange) -> list[Suggestion]:
    """Return who could cover the sector in the period, in the order in which they should be asked.

    First responsible officers of neighbouring sectors, in other districts too, then officers attached to the sector,
    then others of its district. Left out: who is responsible for the sector or away in the period, and who is
    switched off. Two queries while the division is at hand.
    """
    neighbours = _neighbours(sector)
    appointments = _appointments(sector, neighbours, period)
    other_covers = _covers_of({row.officer_id for row in appointments}, period)
    found: dict[int, Suggestion] = {}
    for appointment in sorted(appointments, key=lambda row: _order(row, sector, neighbours, other_covers)):
        found.setdefault(
            appointment.officer_id,
            Suggestion(
                appointment.officer,
                appointment.sector,
                _nearness(appointment, sector, neighbours),
                appointment.sector.district_id == sector.district_id,
                *_bounds_within(appointment.period, period),
                tuple(other_covers.get(appointment.officer_id, ())),
            ),
        )
    return list(found.values())


def consequences(
    officer: Officer, period: DateTimeTZRange, covers: Sequence[PlannedCover] = ()
) -> Consequences:
    """Return what stays open if the officer is away in the period and `covers` are entered with it. Nothing is saved.

    The period's beginning must be now or later. At most three queries.
    """
    away = Row(Kind.ABSENCE, None, officer.pk, period.lower, period.upper, _public(officer))
    planned = [
        Row(Kind.COVER, c.sector.pk, c.officer.pk, c.period.lower, c.period.upper, _public(c.officer))
        for c in covers
    ]
    own = Assignment.objects.overlapping(period).filter(officer=officer, role=Assignment.Role.RESPONSIBLE)
    sectors = Sector.objects.filter(pk__in=own.values("sector")).select_related("district")
    gaps = tuple(gap for gap in _gaps(list(sectors), period, [away, *planned]) if gap.absent_id == officer.pk)
    return Consequences(gaps, tuple(_lost(officer, period)))


def responsible_sectors(officer: Officer, period: DateTimeTZRange) -> list[Sector]:
    """Return the sectors that the officer is responsible for at some time in the period."""
    own = Assignment.objects.overlapping(period).filter(officer=officer, role=Assignment.Role.RESPONSIBLE)
    sectors = Sector.objects.filter(pk__in=own.values("sector"))
    return list(sectors.select_related("district", "station").order_by("number"))


def uncovered(
    sectors: Collection[Sector], begins: datetime.datetime, ends: datetime.datetime | None
) -> list[Gap]:
    """Return when a responsible officer is away and nobody answers, between the instants; open without `ends`.

    By sector in the order given, then by time. Vacant sectors are not among them. One query.
    """
    period = DateTimeTZRange(begins, ends)
    return [gap for gap in _gaps(sectors, period) if gap.stand_in is None]


def _gaps(sectors: Collection[Sector], period: DateTimeTZRange, also: Collection[Row] = ()) -> Iterator[Gap]:
    if not sectors:
        return
    rotas = Rotas.read(period.lower, [sector.pk for sector in sectors])
    for sector in sectors:
        for begins, ends, decision in rotas.of(sector.pk, also=also).stretches(period.lower, period.upper):
            if decision.responsible and decision.basis in (Basis.STAND_IN, Basis.DISTRICT):
                away, stand_in = decision.responsible, decision.answering
                yield Gap(
                    sector,
                    away.officer_id,
                    away.officer,
                    begins,
                    ends,
                    stand_in.officer if stand_in else None,
                )


def _lost(officer: Officer, period: DateTimeTZRange) -> Iterator[LostCover]:
    promised = Cover.objects.overlapping(period).filter(officer=officer).order_by("period")
    for cover in promised.select_related("sector", "absence__officer"):
        ends = min((end for end in (cover.period.upper, period.upper) if end), default=None)
        yield LostCover(cover, max(cover.period.lower, period.lower), ends)


def _public(officer: Officer) -> PublicOfficer:
    return PublicOfficer(officer.name, officer.title, officer.phone, officer.email)


def _neighbours(sector: Sector) -> frozenset[int]:
    current = division.current()
    drawn = current.by_slug.get(sector.slug)
    return frozenset(other.id for other in current.neighbours(drawn)) if drawn else frozenset()


def _appointments(sector: Sector, neighbours: frozenset[int], period: DateTimeTZRange) -> list[Assignment]:
    """Return the appointments around the sector of officers who are not away in the period."""
    away = Absence.objects.overlapping(period)
    around = Assignment.objects.overlapping(period).filter(
        Q(sector__in=neighbours, role=Assignment.Role.RESPONSIBLE) | Q(sector__district=sector.district_id)
    )
    responsible = Assignment.objects.overlapping(period).filter(
        sector=sector, role=Assignment.Role.RESPONSIBLE
    )
    return list(
        around.exclude(officer__in=away.values("officer"))
        .exclude(officer__in=responsible.values("officer"))
        .exclude(officer__user__is_active=False)
        .select_related("officer", "sector__district")
    )


def _covers_of(officers: Collection[int], period: DateTimeTZRange) -> dict[int, list[Cover]]:
    covers: dict[int, list[Cover]] = defaultdict(list)
    for cover in Cover.objects.overlapping(period).filter(officer__in=officers).select_related("sector"):
        covers[cover.officer_id].append(cover)
    return covers


def _nearness(appointment: Assignment, sector: Sector, neighbours: frozenset[int]) -> Nearness:
    if appointment.sector_id in neighbours and appointment.role == Assignment.Role.RESPONSIBLE:
        return Nearness.NEIGHBOUR
    return Nearness.ATTACHED if appointment.sector_id == sector.pk else Nearness.DISTRICT


def _order(
    appointment: Assignment,
    sector: Sector,
    neighbours: frozenset[int],
    other_covers: dict[int, list[Cover]],
) -> tuple[Nearness, int, bool, int, datetime.datetime]:
    """Nearest first; then those who cover least already, those of the own district, and by sector and time."""
    return (
        _nearness(appointment, sector, neighbours),
        len(other_covers.get(appointment.officer_id, ())),
        appointment.sector.district_id != sector.district_id,
        appointment.sector.number,
        appointment.period.lower,
    )


def _bounds_within(
    inner: DateTimeTZRange, outer: DateTimeTZRange
) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """Return where one period begins and ends within the other, None for a bound that lies outside."""
    begins = inner.lower if inner.lower > outer.lower else None
    ends = inner.upper if inner.upper and (outer.upper is None or inner.upper < outer.upper) else None
    return begins, ends
