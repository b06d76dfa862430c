"""What officers tell the public, by sector: the process's own copy, so that a page needs no query (decision 0001)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from contacts.publishing.facts import (
    Position,
    PublicAnswerTime,
    PublicEvent,
    PublicHours,
    PublicNotice,
    Told,
)
from contacts.publishing.reading import read
from sectors.models import RegisterVersion
from sectors.snapshot import Loaded, Snapshot, Subject

__all__ = [
    "NOTHING",
    "Position",
    "PublicAnswerTime",
    "PublicEvent",
    "PublicHours",
    "PublicNotice",
    "Told",
    "told_by",
    "told_in",
]

NOTHING = Told()


@dataclass(frozen=True, slots=True)
class _Copy:
    of_sector: dict[int, Told]
    # By the station's short name: what is told to all of its sectors, and all its events.
    of_station: dict[str, Told] = field(default_factory=dict)


def told_in(sector_id: int) -> Told:
    """Return what is told about a sector now: its own and its station's. No query while the copy is current."""
    return _copy.get().of_sector.get(sector_id, NOTHING)


def told_by(station_slug: str) -> Told:
    """Return what a station tells: the notices to all of its sectors, and the events of any. No query."""
    return _copy.get().of_station.get(station_slug, NOTHING)


def _load(now: datetime.datetime) -> Loaded[_Copy]:
    """Read what is shown now; the copy holds until something begins or ends, and until midnight at the latest."""
    rows = list(read(now))
    of_sector = {row.sector_id: row.told for row in rows if row.told != NOTHING}
    by_station: dict[str, list[Told]] = {}
    for row in rows:
        by_station.setdefault(row.station, []).append(row.told)
    of_station = {slug: _of_station(told) for slug, told in by_station.items()}
    until = min((_next_midnight(now), *(instant for row in rows for instant in row.changes)))
    return Loaded(_Copy(of_sector, of_station), until=until)


def _of_station(in_sectors: Iterable[Told]) -> Told:
    """Join what the sectors of a station are told: each event once, and the notices to all of them."""
    events = {event.uuid: event for told in in_sectors for event in told.events}
    notices = {notice.uuid: notice for told in in_sectors for notice in told.notices if notice.is_of_station}
    return Told(
        notices=tuple(sorted(notices.values(), key=lambda notice: notice.shown_from, reverse=True)),
        events=tuple(sorted(events.values(), key=lambda event: event.begins_at)),
    )


def _next_midnight(now: datetime.datetime) -> datetime.datetime:
    tomorrow = timezone.localdate(now) + datetime.timedelta(days=1)
    return datetime.datetime.combine(tomorrow, datetime.time(), tzinfo=timezone.get_default_timezone())


_copy = Snapshot(_load, Subject(RegisterVersion.Subject.CONTACTS))
