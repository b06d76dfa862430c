"""Who may do what with the sector log (design, section 6). All of it ends with the dated row it follows from."""

from __future__ import annotations

import datetime

from django.utils import timezone

from officers.models import User
from sectorlog.models import Challenge, Effort, FormTemplate, LogEntry, Party
from sectors.models import District, Sector, Station


def can_read_log(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """Who works in the sector now, attached or covering too, and who heads its district or station."""
    standing = user.standing_at(at)
    return sector.pk in standing.sectors or can_head_sector(user, sector, at=at)


def can_head_sector(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The head of the sector's district, and that of its station."""
    standing = user.standing_at(at)
    return sector.district_id in standing.districts or sector.station_id in standing.stations


def can_write_entry(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """Who works in the sector now: responsible, attached, covering. Opens challenges and enters parties as well."""
    return sector.pk in user.standing_at(at).sectors


def can_correct_entry(user: User, entry: LogEntry, *, at: datetime.datetime | None = None) -> bool:
    """The author, for 24 hours, while they work in the sector."""
    instant = at or timezone.now()
    return (
        entry.author_id == user.pk
        and instant < entry.correctable_until
        and can_write_entry(user, entry.sector, at=instant)
    )


def can_add_to_entry(user: User, entry: LogEntry, *, at: datetime.datetime | None = None) -> bool:
    """Who may write in the sector: an addendum, a file, an answer to a promise."""
    return can_write_entry(user, entry.sector, at=at)


def can_close_entry(user: User, entry: LogEntry, *, at: datetime.datetime | None = None) -> bool:
    """The sector's responsible officer, and the author while they work there: a follow-up is done."""
    standing = user.standing_at(at)
    return entry.sector_id in standing.responsible or (
        entry.author_id == user.pk and entry.sector_id in standing.sectors
    )


def can_update_sector_log(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The responsible officer: what is agreed for target groups, parties, and challenges."""
    return sector.pk in user.standing_at(at).responsible


def can_update_party(user: User, party: Party, *, at: datetime.datetime | None = None) -> bool:
    return can_update_sector_log(user, party.sector, at=at)


def can_import_parties(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The responsible officer, and the heads of district and station, who may have a list of them."""
    return can_update_sector_log(user, sector, at=at) or can_head_sector(user, sector, at=at)


def can_update_challenge(user: User, challenge: Challenge, *, at: datetime.datetime | None = None) -> bool:
    return can_update_sector_log(user, challenge.sector, at=at)


def can_plan_effort(user: User, *, at: datetime.datetime | None = None) -> bool:
    """Responsible officers, for their sectors, and heads."""
    standing = user.standing_at(at)
    return bool(standing.responsible or standing.districts or standing.stations)


def can_update_effort(user: User, effort: Effort, *, at: datetime.datetime | None = None) -> bool:
    """The responsible officers of its sectors and their heads, as long as it runs."""
    standing = user.standing_at(at)
    return effort.closed_at is None and any(
        sector.pk in standing.responsible or can_head_sector(user, sector, at=at)
        for sector in effort.sectors.all()
    )


def can_add_group(user: User, station: Station, *, at: datetime.datetime | None = None) -> bool:
    """The heads of the station and of its districts."""
    standing = user.standing_at(at)
    return station.pk in standing.stations or any(
        district.pk in standing.districts for district in station.districts.all()
    )


def can_draw_up_form(
    user: User, station: Station, district: District | None, *, at: datetime.datetime | None = None
) -> bool:
    """The station's head for all of it or a district, a district's head for theirs."""
    standing = user.standing_at(at)
    return station.pk in standing.stations or (district is not None and district.pk in standing.districts)


def can_change_form(user: User, template: FormTemplate, *, at: datetime.datetime | None = None) -> bool:
    """Whoever may draw it up; nobody changes the first set."""
    return template.station is not None and can_draw_up_form(user, template.station, template.district, at=at)


def can_export_log(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The station's head, who says why."""
    return sector.station_id in user.standing_at(at).stations


def can_hand_over(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The responsible officer, and the heads of district and station: they make the pack."""
    return can_update_sector_log(user, sector, at=at) or can_head_sector(user, sector, at=at)


def can_read_referrals(user: User, district: District, *, at: datetime.datetime | None = None) -> bool:
    """The district's head, and nobody else; the station's head gets counts and ages."""
    return district.pk in user.standing_at(at).districts


def can_agree_group(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The responsible officer, and the heads of district and station: what is agreed for a target group."""
    return can_update_sector_log(user, sector, at=at) or can_head_sector(user, sector, at=at)


def can_read_forms(user: User, *, at: datetime.datetime | None = None) -> bool:
    """Heads of stations and districts, analysts, the reviewer; officers meet forms where they write."""
    standing = user.standing_at(at)
    return bool(
        standing.stations or standing.districts or standing.is_reviewer or standing.has_role("analyst")
    )
