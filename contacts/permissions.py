"""Who may do what on the public side (design, section 6). All of it ends with the dated row it follows from."""

from __future__ import annotations

import datetime

from contacts.models import ContactHours, Event, Message, Notice
from officers.models import StaffRole, User
from sectors.models import District, Sector, Station


def can_tell_public(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """Who works in the sector now, attached or covering too, and its heads: hours, notices, events, prints."""
    return sector.pk in user.standing_at(at).sectors or can_head_sector(user, sector, at=at)


def can_head_sector(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """The head of the sector's district, and that of its station."""
    standing = user.standing_at(at)
    return sector.district_id in standing.districts or sector.station_id in standing.stations


def can_head_station(user: User, station: Station, *, at: datetime.datetime | None = None) -> bool:
    return station.pk in user.standing_at(at).stations


def can_change_hours(user: User, hours: ContactHours, *, at: datetime.datetime | None = None) -> bool:
    return can_tell_public(user, hours.sector, at=at)


def can_approve_notice(user: User, notice: Notice, *, at: datetime.datetime | None = None) -> bool:
    """The heads of its sector; of a notice to the whole station, the station's head."""
    if notice.sector is None:
        return can_head_station(user, notice.station, at=at)
    return can_head_sector(user, notice.sector, at=at)


def can_change_notice(user: User, notice: Notice, *, at: datetime.datetime | None = None) -> bool:
    """Who may write it in its sector, and the heads; of the whole station's, the station's head."""
    if notice.sector is None:
        return can_head_station(user, notice.station, at=at)
    return can_tell_public(user, notice.sector, at=at)


def can_approve_event(user: User, event: Event, *, at: datetime.datetime | None = None) -> bool:
    """The station's head; a district's head if it takes place in their sectors alone."""
    standing = user.standing_at(at)
    sectors = list(event.sectors.all())
    in_districts = bool(sectors) and all(sector.district_id in standing.districts for sector in sectors)
    return event.station_id in standing.stations or in_districts


def can_change_event(user: User, event: Event, *, at: datetime.datetime | None = None) -> bool:
    """Who may approve it; its author, while they work in one of its sectors; who works in all of them."""
    if can_approve_event(user, event, at=at):
        return True
    reached = [can_tell_public(user, sector, at=at) for sector in event.sectors.all()]
    return any(reached) if event.written_by_id == user.pk else bool(reached) and all(reached)


def can_assign_presence(user: User, event: Event, *, at: datetime.datetime | None = None) -> bool:
    """The heads of the station and of its districts."""
    standing = user.standing_at(at)
    return event.station_id in standing.stations or bool(
        standing.districts & set(event.station.districts.values_list("pk", flat=True))
    )


def can_keep_partners(
    user: User, station: Station, district: District | None, *, at: datetime.datetime | None = None
) -> bool:
    """The station's head for all of it, a district's head for the district (handbook: external parties)."""
    standing = user.standing_at(at)
    return station.pk in standing.stations or (district is not None and district.pk in standing.districts)


def can_reply_message(user: User, message: Message, *, at: datetime.datetime | None = None) -> bool:
    """Who works in the sector now: responsible, attached, covering; and the station's head."""
    standing = user.standing_at(at)
    return message.sector_id in standing.sectors or message.sector.station_id in standing.stations


def can_assign_message(user: User, message: Message, *, at: datetime.datetime | None = None) -> bool:
    """The responsible officer and the station's head: who takes care of it, which sector it belongs to."""
    standing = user.standing_at(at)
    return message.sector_id in standing.responsible or message.sector.station_id in standing.stations


def must_say_why(user: User, message: Message, *, at: datetime.datetime | None = None) -> bool:
    """A head who does not work in the sector reads a citizen's words for a reason, which is logged."""
    return message.sector_id not in user.standing_at(at).sectors


def can_see_surveys(user: User, *, at: datetime.datetime | None = None) -> bool:
    """Who works in a sector, the heads, and analysts: each sees what `contacts.surveys.rounds` lets through."""
    standing = user.standing_at(at)
    whole = standing.stations | standing.stations_as(StaffRole.Role.ANALYST)
    return bool(standing.sectors or standing.districts or whole)


def can_hold_survey(user: User, station: Station, *, at: datetime.datetime | None = None) -> bool:
    """The station's head."""
    return can_head_station(user, station, at=at)


def can_export_survey(user: User, station: Station, *, at: datetime.datetime | None = None) -> bool:
    """The heads of the station and of its districts, and its analysts."""
    standing = user.standing_at(at)
    if station.pk in standing.stations | standing.stations_as(StaffRole.Role.ANALYST):
        return True
    return bool(standing.districts) and station.districts.filter(pk__in=standing.districts).exists()


def can_enter_paper(user: User, sector: Sector, *, at: datetime.datetime | None = None) -> bool:
    """Who works in the sector now, and its heads: prints the survey, types in what comes back on paper."""
    return can_tell_public(user, sector, at=at)
