"""The rows that gaps are found in: of all sectors and all of the window, in a query each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from contacts.models import ContactHours
from notifications.undeliverable import undeliverable
from officers.continuity import Tenure, joined
from officers.models import Absence, Assignment, Officer
from officers.rota import Rota, Rotas
from overview.gaps.window import Window
from sectorlog.models import Handover
from sectors.instants import instant_of
from sectors.models import ManningBasis, Sector

# An officer who took over longer ago without a hand-over has long found their way.
TAKEN_OVER_WITHIN = datetime.timedelta(days=60)
NEVER, ALWAYS = datetime.date.min, datetime.date.max


class Away(NamedTuple):
    """An absence: whose, of which station, from when until when."""

    pk: int
    officer_id: int
    station_id: int
    begins: datetime.datetime
    ends: datetime.datetime | None


class Made(NamedTuple):
    """A hand-over that was made."""

    uuid: str
    taker_id: int
    taker: str
    on: datetime.date
    made_at: datetime.datetime
    is_accepted: bool


class Required(NamedTuple):
    """From this day on, so many officers are to be there."""

    day: datetime.date
    officers: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one sector. `hours_until`: the last day on which its public page names hours in person."""

    sector: Sector
    rota: Rota
    required: tuple[Required, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    handovers: tuple[Made, ...] = ()
    hours_until: datetime.date = NEVER
    aways: tuple[Away, ...] = ()
    # By officer, the station that enters how to reach them.
    stations: tuple[tuple[int, int], ...] = ()
    # E-mail addresses of those officers that take no mail, in small letters.
    undeliverable: frozenset[str] = frozenset()


def read(sectors: Collection[Sector], window: Window) -> list[Facts]:
    """Return the facts of each sector, in their order. Eight queries, however many sectors."""
    keys = [sector.pk for sector in sectors]
    if not keys:
        return []
    rotas = Rotas.read(window.begins, keys)
    required, tenures = _required(keys, window), _tenures(keys, window)
    handovers, hours = _handovers(keys), _hours(keys, window)
    aways = _aways(rotas, window)
    stations = _stations(rotas)
    emails = {row.officer.email.lower() for rows in rotas.by_sector.values() for row in rows}
    returned = undeliverable(emails)
    facts = []
    for sector in sectors:
        rota = rotas.of(sector.pk)
        officers = sorted({row.officer_id for row in rota.rows})
        facts.append(
            Facts(
                sector,
                rota,
                tuple(required[sector.pk]),
                tuple(joined(tenures[sector.pk])),
                tuple(handovers[sector.pk]),
                hours.get(sector.pk, NEVER),
                tuple(away for officer in officers for away in aways[officer]),
                tuple((officer, stations[officer]) for officer in officers),
                frozenset(row.officer.email.lower() for row in rota.rows) & returned,
            )
        )
    return facts


def _aways(rotas: Rotas, window: Window) -> dict[int, list[Away]]:
    aways: dict[int, list[Away]] = defaultdict(list)
    rows = Absence.objects.from_instant(window.begins).filter(officer__in=list(rotas.absences))
    for pk, officer, station, period in rows.order_by("period").values_list(
        "pk", "officer", "officer__station", "period"
    ):
        aways[officer].append(Away(pk, officer, station, period.lower, period.upper))
    return aways


def _stations(rotas: Rotas) -> dict[int, int]:
    officers = {row.officer_id for rows in rotas.by_sector.values() for row in rows}
    return dict(Officer.objects.filter(pk__in=officers).order_by().values_list("pk", "station"))


def _required(keys: Collection[int], window: Window) -> dict[int, list[Required]]:
    """Return the numbers that were decided on, by the day from which they hold."""
    required: dict[int, list[Required]] = defaultdict(list)
    decided = ManningBasis.objects.filter(sector__in=keys, holds_from__lte=window.last, required__gt=0)
    for sector, day, officers in decided.order_by("holds_from").values_list(
        "sector", "holds_from", "required"
    ):
        required[sector].append(Required(day, officers or 0))
    return required


def _tenures(keys: Collection[int], window: Window) -> dict[int, list[Tenure]]:
    """Return the responsible officers of the window and of those who left shortly before it, in their order."""
    tenures: dict[int, list[Tenure]] = defaultdict(list)
    rows = Assignment.objects.from_instant(window.begins - TAKEN_OVER_WITHIN).filter(
        sector__in=keys, role=Assignment.Role.RESPONSIBLE
    )
    for sector, officer_id, officer, period, hand_over_on in rows.order_by("period").values_list(
        "sector", "officer", "officer__name", "period", "hand_over_on"
    ):
        tenures[sector].append(Tenure(officer_id, officer, period.lower, period.upper, hand_over_on))
    return tenures


def _handovers(keys: Collection[int]) -> dict[int, list[Made]]:
    made: dict[int, list[Made]] = defaultdict(list)
    rows = Handover.objects.filter(sector__in=keys).order_by("on", "made_at")
    for sector, uuid, taker_id, taker, on, made_at, signed in rows.values_list(
        "sector", "uuid", "taker", "taker__name", "on", "made_at", "taker_signed_at"
    ):
        made[sector].append(Made(str(uuid), taker_id, taker, on, made_at, signed is not None))
    return made


def _hours(keys: Collection[int], window: Window) -> dict[int, datetime.date]:
    """Return the last day on which each sector's public page still names hours in person."""
    until: dict[int, datetime.date] = {}
    rows: Any = ContactHours.objects.filter(sector__in=keys).from_day(window.first).order_by()
    for sector, on_date, last in rows.values_list("sector", "on_date", "until"):
        until[sector] = max(until.get(sector, NEVER), on_date or last or ALWAYS)
    return until


def required_at(facts: Facts, instant_day: datetime.date, least: int) -> int:
    """Return how many officers the sector is to have on the day: as last decided, never below `least`."""
    decided = (one.officers for one in reversed(facts.required) if one.day <= instant_day)
    return max(least, next(decided, least))


def midnights(facts: Facts) -> set[datetime.datetime]:
    """Return the instants at which the required number changes."""
    return {instant_of(one.day) for one in facts.required}
