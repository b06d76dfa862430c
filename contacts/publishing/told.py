"""What officers tell the public, by sector: the process's own copy, so that a page needs no query (decision 0001)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from contacts.models import AnswerTime, ContactHours, Event, Notice
from sectors.models import RegisterVersion, Sector
from sectors.snapshot import Loaded, Snapshot, Subject

# For how many days hours in person are worked out.
DAYS_AHEAD = 60
Position = tuple[float, float]


def _chosen(english: str, danish: str) -> str:
    return danish if (get_language() or "en").startswith("da") else english


@dataclass(frozen=True, slots=True)
class PublicHours:
    """Hours to meet in person; `days` are the next ones. The position is longitude, latitude (EPSG:4326)."""

    uuid: UUID
    weekday: int | None
    week: int | None
    begins: datetime.time
    ends: datetime.time
    until: datetime.date | None
    days: tuple[datetime.date, ...]
    cancelled: tuple[datetime.date, ...]
    place: str
    address: str
    position: Position | None
    note_en: str
    note_da: str

    @property
    def note(self) -> str:
        return _chosen(self.note_en, self.note_da)

    @property
    def next_day(self) -> datetime.date:
        return self.days[0]


@dataclass(frozen=True, slots=True)
class PublicNotice:
    uuid: UUID
    kind: str
    title_en: str
    title_da: str
    said_en: str
    said_da: str
    text_en: str
    text_da: str
    shown_from: datetime.datetime
    is_of_station: bool

    @property
    def title(self) -> str:
        return _chosen(self.title_en, self.title_da)

    @property
    def said(self) -> str:
        return _chosen(self.said_en, self.said_da)

    @property
    def text(self) -> str:
        return _chosen(self.text_en, self.text_da)


@dataclass(frozen=True, slots=True)
class PublicEvent:
    uuid: UUID
    title_en: str
    title_da: str
    text_en: str
    text_da: str
    begins_at: datetime.datetime
    ends_at: datetime.datetime
    place: str
    position: Position | None
    is_cancelled: bool
    published_at: datetime.datetime

    @property
    def title(self) -> str:
        return _chosen(self.title_en, self.title_da)

    @property
    def text(self) -> str:
        return _chosen(self.text_en, self.text_da)


@dataclass(frozen=True, slots=True)
class PublicAnswerTime:
    """How long people waited for an answer, in hours of the 72-hour clock; never of fewer than five messages."""

    answered: int
    median_hours: float
    p90_hours: float


@dataclass(frozen=True, slots=True)
class Told:
    """All that a sector's page tells besides its officers; soonest first, the newest notice first."""

    hours: tuple[PublicHours, ...] = ()
    notices: tuple[PublicNotice, ...] = ()
    events: tuple[PublicEvent, ...] = ()
    answer_time: PublicAnswerTime | None = None


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
    """Return what a station tells: the notices to all of its sectors, and all of its events. No query."""
    return _copy.get().of_station.get(station_slug, NOTHING)


def _load(now: datetime.datetime) -> Loaded[_Copy]:
    """Read what is shown now; the copy holds until something begins or ends, and until midnight at the latest."""
    hours, hours_end = _hours(now), _next_midnight(now)
    notices, notice_ends = _notices(now)
    events, event_ends = _events(now)
    times = _answer_times()
    of_sector = {
        sector["id"]: Told(
            tuple(hours[sector["id"]]),
            _newest_first(notices[sector["id"], None] + notices[None, sector["station__slug"]]),
            _soonest_first(events[sector["id"], None] + events[None, sector["station__slug"]]),
            times.get(sector["district"]),
        )
        for sector in Sector.objects.values("id", "station__slug", "district")
    }
    ends = [end for end in (hours_end, *notice_ends, *event_ends) if end > now]
    return Loaded(_Copy(_shared(of_sector), _of_stations(notices, events)), until=min(ends))


def _shared(of_sector: dict[int, Told]) -> dict[int, Told]:
    return {sector: told for sector, told in of_sector.items() if told != NOTHING}


Keyed = dict[tuple[int | None, str | None], list[Any]]


def _of_stations(notices: Keyed, events: Keyed) -> dict[str, Told]:
    stations = {slug for _sector, slug in (*notices, *events) if slug}
    return {
        slug: Told(
            notices=_newest_first(notices[None, slug]),
            events=_soonest_first([*events[None, slug], *events[-1, slug]]),
        )
        for slug in stations
    }


def _hours(now: datetime.datetime) -> dict[int, list[PublicHours]]:
    today = timezone.localdate(now)
    found = defaultdict(list)
    for row in ContactHours.objects.from_day(today):
        # What is over today has its next day tomorrow: seen at midnight, said until then.
        days = tuple(row.days(today, DAYS_AHEAD))
        if days:
            found[row.sector_id].append(_public_hours(row, days, today))
    for rows in found.values():
        rows.sort(key=lambda hours: (hours.next_day, hours.begins))
    return found


def _public_hours(row: ContactHours, days: tuple[datetime.date, ...], today: datetime.date) -> PublicHours:
    return PublicHours(
        row.uuid,
        row.weekday,
        row.week,
        row.begins,
        row.ends,
        row.until,
        days[:6],
        tuple(sorted(day for day in row.cancelled_on if day >= today)),
        row.place,
        row.address,
        _position(row.point),
        row.note_en,
        row.note_da,
    )


def _notices(now: datetime.datetime) -> tuple[Keyed, list[datetime.datetime]]:
    found: Keyed = defaultdict(list)
    rows = Notice.objects.published().select_related("station")
    ends = []
    for row in rows.exclude(shown_until__lte=now):
        ends += [instant for instant in (row.shown_from, row.shown_until) if instant]
        if row.shown_from <= now:
            key = (row.sector_id, None) if row.sector_id else (None, row.station.slug)
            found[key].append(
                PublicNotice(
                    row.uuid,
                    row.kind,
                    row.title_en,
                    row.title_da,
                    row.said_en,
                    row.said_da,
                    row.text_en,
                    row.text_da,
                    row.shown_from,
                    row.sector_id is None,
                )
            )
    return found, ends


def _events(now: datetime.datetime) -> tuple[Keyed, list[datetime.datetime]]:
    """Return events by sector, by station for all its sectors, and by (-1, station) those of some sectors."""
    found: Keyed = defaultdict(list)
    ends = []
    rows = Event.objects.public().ending_after(now).select_related("station").prefetch_related("sectors")
    for row in rows:
        ends.append(row.ends_at)
        event = _public_event(row)
        of = [sector.pk for sector in row.sectors.all()]
        for sector in of:
            found[sector, None].append(event)
        found[-1 if of else None, row.station.slug].append(event)
    return found, ends


def _public_event(row: Event) -> PublicEvent:
    return PublicEvent(
        row.uuid,
        row.title_en,
        row.title_da,
        row.text_en,
        row.text_da,
        row.begins_at,
        row.ends_at,
        row.place,
        _position(row.point),
        row.cancelled_at is not None,
        row.published_at or row.written_at,
    )


def _answer_times() -> dict[int, PublicAnswerTime]:
    rows = AnswerTime.objects.filter(answered__gte=AnswerTime.FEWEST)
    return {row.district_id: PublicAnswerTime(row.answered, row.median_hours, row.p90_hours) for row in rows}


def _position(point: Any) -> Position | None:
    return (point.x, point.y) if point else None


def _newest_first(notices: Iterable[PublicNotice]) -> tuple[PublicNotice, ...]:
    return tuple(sorted(notices, key=lambda notice: notice.shown_from, reverse=True))


def _soonest_first(events: Iterable[PublicEvent]) -> tuple[PublicEvent, ...]:
    return tuple(sorted(events, key=lambda event: event.begins_at))


def _next_midnight(now: datetime.datetime) -> datetime.datetime:
    tomorrow = timezone.localdate(now) + datetime.timedelta(days=1)
    return datetime.datetime.combine(tomorrow, datetime.time(), tzinfo=timezone.get_default_timezone())


_copy = Snapshot(_load, Subject(RegisterVersion.Subject.CONTACTS))
