"""What an account is at an instant: everything that its rights follow from (design, section 6).

Gathered in one query from the dated rows, once a request; a right ends with its row, at the next request.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from officers.models import Absence, Assignment, Cover, Leadership, Liaison, StaffRole

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from officers.models import User

IDs = frozenset[int]
NONE: IDs = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Primary keys of what the account heads, is appointed to, covers, is liaison in, and its staff roles.

    `home` holds the stations in which one works: whose division into sectors one may look at.
    """

    stations: IDs = NONE  # S
    districts: IDs = NONE  # D
    responsible: IDs = NONE  # R
    attached: IDs = NONE  # O
    covering: IDs = NONE  # C
    liaison: IDs = NONE  # G
    # Each with its station, None for all of them.
    roles: frozenset[tuple[str, int | None]] = frozenset()
    home: IDs = NONE

    @property
    def sectors(self) -> IDs:
        """The account's present sectors, as responsible, attached or covering officer."""
        return self.responsible | self.attached | self.covering

    def has_role(self, role: str) -> bool:
        return any(held == role for held, _station in self.roles)

    def stations_as(self, role: str) -> IDs:
        return frozenset(station for held, station in self.roles if held == role and station is not None)

    @property
    def is_administrator(self) -> bool:
        return self.has_role(StaffRole.Role.ADMINISTRATOR)

    @property
    def is_reviewer(self) -> bool:
        return self.has_role(StaffRole.Role.REVIEWER)

    @property
    def sees_all_accounts(self) -> bool:
        return self.is_administrator or self.is_reviewer

    @property
    def letters(self) -> frozenset[str]:
        """The columns of the table of rights (design, section 6) that hold for this account."""
        held = {
            "S": self.stations,
            "D": self.districts,
            "R": self.responsible,
            "O": self.attached,
            "C": self.covering,
            "G": self.liaison,
            "H": self.has_role(StaffRole.Role.EDITOR),
            "P": self.has_role(StaffRole.Role.ANALYST),
            "X": self.is_administrator,
            "V": self.is_reviewer,
        }
        return frozenset(letter for letter, holds in held.items() if holds)


NOBODY = Standing()


def standing_of(user: User, at: datetime.datetime | None = None) -> Standing:
    """Return the account's standing at the instant `at`, now by default; nothing once it is switched off."""
    if not user.is_active or user.pk is None:
        return NOBODY
    return entered_for(user, at)


def entered_for(user: User, at: datetime.datetime | None = None) -> Standing:
    """Return what the account is at `at` by its rows: what it would be if it is switched off. Gives no right."""
    instant = at or timezone.now()
    first, *others = _rows(user, instant)
    gathered: dict[str, set[int]] = {}
    roles, home = set(), set()
    for kind, key, station in first.union(*others, all=True):
        if kind.startswith("role:"):
            roles.add((kind.removeprefix("role:"), station))
        else:
            gathered.setdefault(kind, set()).add(key)
        if station is not None:
            home.add(station)
    kinds = {kind: frozenset(keys) for kind, keys in gathered.items()}
    return Standing(roles=frozenset(roles), home=frozenset(home), **kinds)


def _rows(user: User, instant: datetime.datetime) -> list[QuerySet]:
    """Return queries of (kind, primary key, station), one for each kind of dated row."""
    leads = Leadership.objects.active_at(instant).filter(user=user)
    appointed = Assignment.objects.active_at(instant).filter(officer__user=user)
    away = Absence.objects.active_at(instant)
    covers = (
        Cover.objects.active_at(instant)
        .filter(officer__user=user, absence__in=away)
        .exclude(officer__in=away.values("officer"))
    )
    liaisons = Liaison.objects.active_at(instant).filter(user=user)
    roles = StaffRole.objects.active_at(instant).filter(user=user)
    return [
        _kind("stations", leads.filter(district=None), "station", "station"),
        _kind("districts", leads.exclude(district=None), "district", "station"),
        _kind("responsible", appointed.filter(role=Assignment.Role.RESPONSIBLE), "sector", "sector__station"),
        _kind("attached", appointed.filter(role=Assignment.Role.ATTACHED), "sector", "sector__station"),
        _kind("covering", covers, "sector", "sector__station"),
        _kind("liaison", liaisons, "sector", None),
        _kind(Concat(Value("role:"), F("role")), roles, "pk", "station"),
    ]


def _kind(kind: str | Concat, rows: QuerySet, key: str, station: str | None) -> QuerySet:
    what = Value(kind, CharField()) if isinstance(kind, str) else kind
    home = F(station) if station else Value(None, BigIntegerField())
    return rows.order_by().values_list(what, F(key), home)
