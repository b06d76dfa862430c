"""The one act that mends a gap, as far as the account may do it: a link never leads where it answers 404.

A station's head appoints and arranges cover (design, section 6). A district's head looks at the sector, and tells the
station's head.
"""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import Event
from contacts.permissions import can_tell_public
from officers.models import Assignment, User
from officers.permissions import can_appoint_officer
from overview.gaps.reading import Away
from sectorlog.permissions import can_hand_over
from sectors.models import Sector


class Act(NamedTuple):
    """What to do, and where."""

    name: str
    url: str


def look_at(sector: Sector) -> Act:
    """Return the way out for who cannot mend it: the sector's page, which every head may read."""
    url = reverse("officers:sector_dossier", args=[sector.slug])
    return Act(_("Look at the sector, and tell the station’s head"), url)


def appoint(user: User, sector: Sector, *, is_departure: bool) -> Act:
    """Return how a vacancy ends; `is_departure`: somebody is responsible now, and nobody follows."""
    if not can_appoint_officer(user, sector):
        return look_at(sector)
    if is_departure:
        return Act(_("Name the successor"), reverse("admin:sectors_sector_replace", args=[sector.pk]))
    return Act(_("Appoint"), _appointing(sector, Assignment.Role.RESPONSIBLE))


def attach(user: User, sector: Sector) -> Act:
    if not can_appoint_officer(user, sector):
        return look_at(sector)
    return Act(_("Appoint an attached officer"), _appointing(sector, Assignment.Role.ATTACHED))


def arrange_cover(user: User, sector: Sector, away: Away | None, *, is_another: bool) -> Act:
    """Return how the absence gets a cover, or another one."""
    if away is None or away.station_id not in user.standing.stations:
        return look_at(sector)
    url = f"{reverse('admin:officers_cover_add')}?absence={away.pk}&sector={sector.pk}"
    return Act(_("Arrange another cover") if is_another else _("Arrange cover"), url)


def enter_reach(user: User, sector: Sector, officer_id: int, station_id: int | None) -> Act:
    """Return where the officer's telephone number and e-mail are entered."""
    if station_id not in user.standing.stations:
        return look_at(sector)
    return Act(
        _("Enter how to reach the officer"), reverse("admin:officers_officer_change", args=[officer_id])
    )


def add_hours(user: User, sector: Sector) -> Act:
    if not can_tell_public(user, sector):
        return look_at(sector)
    return Act(_("Add hours"), reverse("contacts:hours_create", args=[sector.slug]))


def hand_over(user: User, sector: Sector) -> Act:
    if not can_hand_over(user, sector):
        return look_at(sector)
    return Act(_("Prepare the hand-over"), reverse("sectorlog:handover_new", args=[sector.slug]))


def remind_of(handover: str) -> Act:
    """Return the page of the hand-over that waits for its taker."""
    return Act(_("Look at the hand-over"), reverse("sectorlog:handover_detail", args=[handover]))


def assign_to(event: Event) -> Act:
    """Return where officers are assigned: heads of the station and of all its districts do it."""
    return Act(_("Assign officers"), reverse("contacts:event_presence", args=[event.uuid]))


def _appointing(sector: Sector, role: str) -> str:
    return f"{reverse('admin:officers_assignment_add')}?sector={sector.pk}&role={role}"
