"""Who may do what with officers and their appointments (design, section 6). The admin asks here."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from officers.models import Absence, Assignment, Officer, User
from officers.rights import TABLE
from sectors.models import Sector


def can_enter_admin(user: User | AnonymousUser | Any) -> bool:
    """Whoever has a permission in the table of rights: heads, analysts, administrators, reviewers."""
    return isinstance(user, User) and any(letter in TABLE for letter in user.standing.letters)


def can_appoint_officer(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The head of the sector's station."""
    return sector.station_id in user.standing_at(at).stations


def can_end_assignment(user: User, assignment: Assignment, *, at: datetime.datetime | None = None) -> bool:
    """Whoever may appoint in the sector. Withdrawing an appointment that has not begun is the same right."""
    return can_appoint_officer(user, assignment.sector, at=at)


def can_arrange_cover(user: User, absence: Absence, *, at: datetime.datetime | None = None) -> bool:
    """The head of the absent officer's station."""
    return absence.officer.station_id in user.standing_at(at).stations


def can_view_sector(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """Who works in the sector, who heads its district or station, the station's analysts, a reviewer."""
    standing = user.standing_at(at)
    return (
        sector.pk in standing.sectors
        or sector.district_id in standing.districts
        or sector.station_id in standing.stations | standing.stations_as("analyst")
        or standing.is_reviewer
    )


def can_decide_manning(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The head of the sector's station."""
    return can_appoint_officer(user, sector, at=at)


def can_view_manning(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The sector's responsible officer, who heads its district or station."""
    standing = user.standing_at(at)
    return (
        sector.pk in standing.responsible
        or sector.district_id in standing.districts
        or sector.station_id in standing.stations
    )


def can_upload_document(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The station's analysts and head, and the head of the sector's district."""
    standing = user.standing_at(at)
    return (
        sector.station_id in standing.stations | standing.stations_as("analyst")
        or sector.district_id in standing.districts
    )


def can_draft_profile(user: User, officer: Officer, *, at: datetime.datetime | None = None) -> bool:
    """Officers themselves, of their own profile."""
    return officer.user_id is not None and officer.user_id == user.pk and user.is_active


def can_publish_profile(user: User, officer: Officer, *, at: datetime.datetime | None = None) -> bool:
    """The head of the officer's station."""
    return officer.station_id in user.standing_at(at).stations
