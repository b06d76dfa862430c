"""Who may do what with officers and their appointments (design, section 6). The admin asks here."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from officers.models import Assignment, User
from sectors.models import Sector, Station


def can_enter_admin(user: User | AnonymousUser | Any) -> bool:
    """Administrators, and who heads a station at this instant; nobody whose account is switched off."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or user.headed_stations().exists()


def can_appoint_officer(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The head of the sector's station, and administrators."""
    return user.is_active and Station.objects.visible_to(user, at=at).filter(pk=sector.station_id).exists()


def can_end_assignment(user: User, assignment: Assignment, *, at: datetime.datetime | None = None) -> bool:
    """Whoever may appoint in the sector. Withdrawing an appointment that has not begun is the same right."""
    return can_appoint_officer(user, assignment.sector, at=at)
