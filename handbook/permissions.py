"""Who may do what with a station's handbook (design, section 6). It ends with the dated row it follows from."""

from __future__ import annotations

from django.db.models import Q

from handbook.models import Contribution
from officers.models import StaffRole, User
from sectors.models import Sector, Station


def can_edit_handbook(user: User, station: Station) -> bool:
    """The station's handbook editors."""
    return station.pk in user.standing.stations_as(StaffRole.Role.EDITOR)


def can_agree_to_chapter(user: User, station: Station) -> bool:
    """The station's head, who changes a fixed chapter together with the editor."""
    return station.pk in user.standing.stations


def can_contribute(user: User, station: Station) -> bool:
    """Who works in one of its sectors now, attached and covering too, and the heads of its districts and its own."""
    standing = user.standing
    if station.pk in standing.stations:
        return True
    if station.pk not in standing.home:
        return False
    works_in = Q(pk__in=standing.sectors) | Q(district__in=standing.districts)
    return Sector.objects.filter(works_in, station=station).exists()


def can_answer_contribution(user: User, contribution: Contribution) -> bool:
    """Its author, while it is not decided."""
    return contribution.author_id == user.pk and contribution.is_open


def can_review_contribution(user: User, contribution: Contribution) -> bool:
    """The editors of its handbook."""
    return contribution.passage.station_id in user.standing.stations_as(StaffRole.Role.EDITOR)


def can_see_readers(user: User, station: Station) -> bool:
    """Who sees who has confirmed to have read: the station's head, and the heads of its districts for their own."""
    standing = user.standing
    return station.pk in standing.stations or station.districts.filter(pk__in=standing.districts).exists()
