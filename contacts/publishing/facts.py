"""What the public may know of hours, notices, events and answer times; texts in the active language."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

Position = tuple[float, float]


def _chosen(english: str, danish: str) -> str:
    return danish if (get_language() or "en").startswith("da") else english


@dataclass(frozen=True, slots=True)
class PublicHours:
    """Hours to meet in person. The position is longitude, latitude (EPSG:4326).

    `days` are the next ones on which somebody can be met, `cancelled` those on which nobody can although it would
    be their day; either may be empty, not both. What is over today is in neither.
    """

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
    def next_day(self) -> datetime.date | None:
        """The next day on which somebody can be met; None if all that are known are cancelled."""
        return self.days[0] if self.days else None


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
    since: datetime.date


@dataclass(frozen=True, slots=True)
class Told:
    """All that a sector's page tells besides its officers; soonest first, the newest notice first.

    `survey_until` is the last day of the station's survey, while one is open.
    """

    hours: tuple[PublicHours, ...] = ()
    notices: tuple[PublicNotice, ...] = ()
    events: tuple[PublicEvent, ...] = ()
    answer_time: PublicAnswerTime | None = None
    survey_until: datetime.date | None = None
