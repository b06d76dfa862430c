"""What an appointment would change: who answers, which gaps close or open, manning. Nothing is stored.

Rule: handbook, Sector responsible officers: each sector has one, and replacing them often frustrates.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from officers.appointment import in_the_way
from officers.continuity import continuity_of, months_between, months_text
from officers.fields import end_text
from officers.models import Absence, Assignment, Officer
from officers.rota import Kind, Rota, Rotas, Row
from overview.comparing.answers import SectorCompared, compared, public
from overview.gaps import DAYS_AHEAD
from overview.gaps.too_few import APPOINTED
from overview.gaps.wording import up_to
from sectors.instants import instant_text
from sectors.manning import required_on
from sectors.models import Sector

Role = Assignment.Role


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to be appointed to which sector and when. `leaves`: out of all other sectors at that instant."""

    sector: Sector
    officer: Officer
    role: str
    begins: datetime.datetime
    ends: datetime.datetime | None = None
    leaves: bool = False

    @property
    def is_responsible(self) -> bool:
        return self.role == Role.RESPONSIBLE

    @property
    def row(self) -> Row:
        kind = Kind.RESPONSIBLE if self.is_responsible else Kind.ATTACHED
        return Row(kind, self.sector.pk, self.officer.pk, self.begins, self.ends, public(self.officer))


@dataclass(frozen=True, slots=True)
class Appointing:
    """What would come of it. With `refusals` the database would not take it, and nothing is compared.

    `ending` are appointments that would end then; `kept` those that the officer would hold besides.
    """

    wanted: Wanted
    refusals: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    sectors: tuple[SectorCompared, ...] = ()
    ending: tuple[Assignment, ...] = ()
    kept: tuple[Assignment, ...] = ()

    @property
    def makes_room(self) -> bool:
        """Something in the sector itself ends for it."""
        return any(one.sector_id == self.wanted.sector.pk for one in self.ending)

    @property
    def officers(self) -> frozenset[int]:
        """Return the primary keys of everybody who is named."""
        named = {one.officer_id for one in (*self.ending, *self.kept)} | {self.wanted.officer.pk}
        return frozenset(named.union(*(sector.officers for sector in self.sectors)))


def appointing(wanted: Wanted, sees: Callable[[Sector], bool]) -> Appointing:
    """Return what the appointment would change from its beginning on, in the sectors that `sees` lets through.

    About ten queries. The beginning is now or later.
    """
    now = timezone.now()
    until = max(now, wanted.begins) + datetime.timedelta(days=DAYS_AHEAD)
    in_way = list(in_the_way(_assignment(wanted)))
    if refusals := tuple(_refusals(wanted, in_way)):
        return Appointing(wanted, refusals)
    others = _others(wanted)
    left = [one for one in others if wanted.leaves and sees(one.sector)]
    sectors = list(dict.fromkeys([wanted.sector, *(one.sector for one in left)]))
    ending = (*in_way, *(one for one in left if one.period.upper is None or one.period.upper > wanted.begins))
    return Appointing(
        wanted,
        remarks=tuple(_remarks(wanted, in_way, ending)),
        sectors=tuple(_compared(wanted, sectors, now, until)),
        ending=ending,
        kept=tuple(one for one in others if not wanted.leaves and sees(one.sector)),
    )


def _assignment(wanted: Wanted) -> Assignment:
    period = DateTimeTZRange(wanted.begins, wanted.ends)
    return Assignment(sector=wanted.sector, officer=wanted.officer, role=wanted.role, period=period)


def _others(wanted: Wanted) -> list[Assignment]:
    """Return what the officer holds elsewhere at the beginning, or is to hold later."""
    held = Assignment.objects.from_instant(wanted.begins).filter(officer=wanted.officer)
    elsewhere = held.exclude(sector=wanted.sector).select_related("sector__district", "officer")
    return list(elsewhere.order_by("sector__number", "period"))


def _refusals(wanted: Wanted, in_way: list[Assignment]) -> Iterator[str]:
    """Yield what the page of the appointment would answer, in words, before anybody fills it in."""
    name = {"officer": wanted.officer, "sector": wanted.sector}
    if wanted.officer.station_id != wanted.sector.station_id:
        yield (
            _("%(officer)s belongs to another station than this sector. Choose an officer of its own.") % name
        )
    if wanted.officer.user is not None and not wanted.officer.user.is_active:
        yield _("The account of %(officer)s is switched off. Choose somebody else.") % name
    for other in in_way:
        facts = {
            "officer": other.officer,
            "sector": other.sector,
            "begins": instant_text(other.period.lower),
            "ends": end_text(other.period.upper),
        }
        if other.officer_id == wanted.officer.pk and not (
            wanted.is_responsible and other.role == Role.ATTACHED
        ):
            yield _("%(officer)s is appointed to %(sector)s already, from %(begins)s %(ends)s.") % facts
        elif other.period.lower >= wanted.begins:
            yield (
                _(
                    "%(officer)s is to begin in %(sector)s on %(begins)s. Let this appointment end by then, "
                    "or withdraw that one first."
                )
                % facts
            )


def _remarks(wanted: Wanted, in_way: list[Assignment], ending: tuple[Assignment, ...]) -> Iterator[str]:
    """Yield what a head should know: who makes room, who is away then, whose time as the one known officer ends."""
    if any(other.officer_id != wanted.officer.pk for other in in_way):
        yield _("Choose “Takes over” when you appoint: the sector has one responsible officer at a time.")
    away = Absence.objects.active_at(wanted.begins).filter(officer=wanted.officer).first()
    if away is not None:
        facts = {"officer": wanted.officer, "until": up_to(away.period.upper)}
        yield _("%(officer)s is away then, %(until)s.") % facts
    yield from _tenures(wanted, ending)


def _tenures(wanted: Wanted, ending: tuple[Assignment, ...]) -> Iterator[str]:
    """Yield how long an officer will have been the one whom people know, where that ends. One query."""
    known = continuity_of([one.sector for one in ending if one.role == Role.RESPONSIBLE], wanted.begins)
    for one in ending:
        present = known[one.sector_id].present if one.sector_id in known else None
        if present and one.role == Role.RESPONSIBLE and present.officer_id == one.officer_id:
            months = months_text(months_between(present.begins, wanted.begins))
            facts = {"officer": one.officer, "sector": one.sector, "months": months}
            yield (
                _("%(officer)s will have been responsible for %(sector)s for %(months)s. That ends then.")
                % facts
            )


def _compared(
    wanted: Wanted, sectors: list[Sector], now: datetime.datetime, until: datetime.datetime
) -> Iterator[SectorCompared]:
    """Yield the sectors without and with the appointment. Three queries."""
    rotas = Rotas.read(now, [sector.pk for sector in sectors])
    required = required_on(sectors, timezone.localdate(wanted.begins))
    away = Absence.objects.from_instant(now).filter(officer=wanted.officer).values_list("period", flat=True)
    absences = [
        Row(Kind.ABSENCE, None, wanted.officer.pk, one.lower, one.upper, public(wanted.officer))
        for one in away
    ]
    for sector in sectors:
        before = rotas.of(sector.pk)
        after = rotas.of(sector.pk, also=absences)
        if sector == wanted.sector:
            after = _ended(after, wanted.begins, lambda row: _makes_room(row, wanted))
            after = replace(after, rows=(*after.rows, wanted.row))
        else:
            after = _ended(after, wanted.begins, lambda row: row.officer_id == wanted.officer.pk)
        yield compared(sector, before, after, now, wanted.begins, until, required[sector.pk])


def _makes_room(row: Row, wanted: Wanted) -> bool:
    """Tell whether an appointment in the sector ends for the new one; what begins later stays."""
    in_its_place = wanted.is_responsible and row.kind is Kind.RESPONSIBLE
    return (in_its_place or row.officer_id == wanted.officer.pk) and row.begins < wanted.begins


def _ended(rota: Rota, at: datetime.datetime, ends: Callable[[Row], bool]) -> Rota:
    """Return the rota in which the appointments that `ends` names end at the instant."""
    rows = (
        replace(row, ends=at)
        if row.kind in APPOINTED and ends(row) and (row.ends is None or row.ends > at)
        else row
        for row in rota.rows
    )
    return Rota(tuple(row for row in rows if row.ends is None or row.begins < row.ends), rota.absences)
