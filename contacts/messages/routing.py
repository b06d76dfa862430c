"""Who is told that a message has come in: whoever answers for its sector, by account (handbook, leave a message)."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from django.db.models import Q

from officers.models import Leadership, User
from officers.rota import Kind, Rota, Rotas
from sectors.models import Sector


def recipients(sector: Sector, at: datetime.datetime) -> tuple[User, ...]:
    """Return the accounts that are told of a message to the sector at the instant, each once.

    Whoever answers, and the responsible officer who is away: both know. Where neither has an account, the attached
    officers who are at work. While nobody answers, the attached officers and the district's heads; without attached
    officers the station's heads as well, who alone could open it. Nobody where nobody has an account.
    """
    rota = Rotas.read(at, [sector.pk]).of(sector.pk)
    decision = rota.decide(at)
    named = _accounts(row.officer_id for row in (decision.answering, decision.responsible) if row)
    if decision.answering and named:
        return named
    attached = _accounts(_attached(rota, at))
    if decision.answering and attached:
        return attached
    return _once(named, attached, _heads(sector, at, with_station=not attached))


def is_unanswered(sector: Sector, at: datetime.datetime) -> bool:
    """Tell whether nobody answers for the sector at the instant, so that heads must see to it."""
    return Rotas.read(at, [sector.pk]).of(sector.pk).decide(at).answering is None


def _attached(rota: Rota, at: datetime.datetime) -> set[int]:
    away = {row.officer_id for row in rota.absences if row.holds_at(at)}
    kinds = (Kind.ATTACHED, Kind.STAND_IN)
    return {row.officer_id for row in rota.rows if row.kind in kinds and row.holds_at(at)} - away


def _accounts(officers: Iterable[int]) -> tuple[User, ...]:
    """Return the officers' accounts that are not switched off, by name."""
    wanted = set(officers)
    if not wanted:
        return ()
    return tuple(User.objects.filter(is_active=True, officer__in=wanted).order_by("officer__name", "pk"))


def _heads(sector: Sector, at: datetime.datetime, *, with_station: bool) -> tuple[User, ...]:
    """Return the heads of the sector's district; those of its station too if wanted, or if the district has none."""
    of_district = _leading(at, Q(district=sector.district_id))
    if of_district and not with_station:
        return of_district
    return _once(of_district, _leading(at, Q(station=sector.station_id, district=None)))


def _leading(at: datetime.datetime, what: Q) -> tuple[User, ...]:
    leads = Leadership.objects.active_at(at).filter(what, user__is_active=True).select_related("user")
    return tuple(lead.user for lead in leads)


def _once(*groups: Collection[User]) -> tuple[User, ...]:
    return tuple(dict.fromkeys(user for group in groups for user in group))
