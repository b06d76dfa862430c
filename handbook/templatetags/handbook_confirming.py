"""Whom the pages of the handbook offer to ask for confirmations and to follow them."""

from __future__ import annotations

from django import template

from handbook.models import Passage
from handbook.permissions import can_see_readers
from officers.models import StaffRole, User
from sectors.models import Station

register = template.Library()


@register.filter
def edits_handbook_of(user: User, passage: Passage) -> bool:
    """Whether the account edits the passage's handbook: as `can_edit_handbook`, without fetching the station."""
    return passage.station_id in user.standing.stations_as(StaffRole.Role.EDITOR)


@register.filter
def follows_confirming_in(user: User, station: Station) -> bool:
    """Whether the account sees what is to be confirmed in the station: its heads, and its editors."""
    return station.pk in user.standing.stations_as(StaffRole.Role.EDITOR) or can_see_readers(user, station)
