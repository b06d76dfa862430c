"""Reading what the public is told of every sector, by one query of public columns alone.

One row a sector, with its hours, notices and events as JSON: a process that has just started, or an officer who has
just told something, costs the next page one query and not six.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FloatField, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from contacts.models import AnswerTime, ContactHours, Event, Notice, SurveyRound
from contacts.publishing.facts import (
    Position,
    PublicAnswerTime,
    PublicEvent,
    PublicHours,
    PublicNotice,
    Told,
)
from sectors.models import Sector

# For how many days hours in person are worked out.
DAYS_AHEAD = 60
_TITLE_AND_TEXT = ("title_en", "title_da", "text_en", "text_da")
_HOURS = ("uuid", "weekday", "week", "on_date", "begins", "ends", "since", "until", "cancelled_on")
_PLACE = ("place", "address", "note_en", "note_da")
_NOTICE = ("uuid", "kind", *_TITLE_AND_TEXT, "said_en", "said_da", "shown_from", "shown_until", "sector_id")
_EVENT = ("uuid", *_TITLE_AND_TEXT, "begins_at", "ends_at", "place", "cancelled_at", "published_at")
_ANSWER_TIME = ("answered", "median_hours", "p90_hours", "since")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SectorTold:
    """What is told about one sector, and the instants at which that changes with the clock alone."""

    sector_id: int
    station: str
    told: Told
    changes: tuple[datetime.datetime, ...]


def read(now: datetime.datetime) -> Iterator[SectorTold]:
    """Yield what is told about each sector at `now`."""
    for row in _rows(now):
        hours, notices, events = row["shown_hours"], row["shown_notices"], row["shown_events"]
        told = Told(
            tuple(sorted(_hours_of(hours, now), key=_soonest)),
            tuple(sorted(_notices_of(notices, now), key=lambda notice: notice.shown_from, reverse=True)),
            tuple(sorted((_event_of(event) for event in events), key=lambda event: event.begins_at)),
            _answer_time_of(row),
            row["survey_until"],
        )
        changes = (
            *_ends_today(told.hours, now),
            *_changes(notices),
            *(event.ends_at for event in told.events),
        )
        later = tuple(instant for instant in changes if instant > now)
        yield SectorTold(row["id"], row["station__slug"], told, later)


def _rows(now: datetime.datetime) -> QuerySet[Sector, Json]:
    here = Q(sector=OuterRef("pk")) | Q(sector=None, station=OuterRef("station"))
    notices = Notice.objects.published().filter(here).exclude(shown_until__lte=now)
    own_or_all = Q(sectors=OuterRef("pk")) | Q(sectors=None, station=OuterRef("station"))
    events = Event.objects.public().ending_after(now).filter(own_or_all)
    hours = ContactHours.objects.from_day(timezone.localdate(now)).filter(sector=OuterRef("pk"))
    # Of one station only one is open; it opens and closes at midnight, when all of this is read anew.
    surveys = SurveyRound.objects.open_on(timezone.localdate(now)).filter(station=OuterRef("station"))
    return Sector.objects.values(
        "id",
        "station__slug",
        *(f"district__answer_time__{field}" for field in _ANSWER_TIME),
        shown_hours=_as_json(hours, *_HOURS, *_PLACE, with_point=True),
        shown_notices=_as_json(notices, *_NOTICE),
        shown_events=_as_json(events, *_EVENT, with_point=True),
        survey_until=Subquery(surveys.order_by().values("closes_on")[:1]),
    )


def _as_json(rows: Any, *fields: str, with_point: bool = False) -> ArraySubquery:
    values: dict[str, Any] = {field: F(field) for field in fields}
    if with_point:
        values |= {name: Func("point", function=f"ST_{name}", output_field=FloatField()) for name in "XY"}
    return ArraySubquery(rows.order_by().values(json=JSONObject(**values)))


def _hours_of(rows: list[Json], now: datetime.datetime) -> Iterator[PublicHours]:
    for row in rows:
        hours = _public_hours(row, timezone.localtime(now))
        if hours.days or hours.cancelled:
            yield hours


def _public_hours(row: Json, now: datetime.datetime) -> PublicHours:
    pattern = ContactHours(
        weekday=row["weekday"],
        week=row["week"],
        on_date=_date(row["on_date"]),
        since=_date(row["since"]),
        until=_date(row["until"]),
        cancelled_on=[],
    )
    begins, ends = (datetime.time.fromisoformat(row[field]) for field in ("begins", "ends"))
    # What is over today comes again another day.
    first = now.date() + datetime.timedelta(days=1 if ends <= now.time() else 0)
    days = pattern.days(first, DAYS_AHEAD)
    cancelled = {_date(day) for day in row["cancelled_on"]}
    return PublicHours(
        UUID(row["uuid"]),
        row["weekday"],
        row["week"],
        begins,
        ends,
        pattern.until,
        tuple(day for day in days if day not in cancelled),
        tuple(day for day in days if day in cancelled),
        row["place"],
        row["address"],
        _position(row),
        row["note_en"],
        row["note_da"],
    )


def _soonest(hours: PublicHours) -> tuple[datetime.date, datetime.time]:
    return min((*hours.days, *hours.cancelled)), hours.begins


def _ends_today(all_hours: tuple[PublicHours, ...], now: datetime.datetime) -> Iterator[datetime.datetime]:
    today = timezone.localdate(now)
    for hours in all_hours:
        if today in hours.days or today in hours.cancelled:
            yield datetime.datetime.combine(today, hours.ends, timezone.get_default_timezone())


def _notices_of(rows: list[Json], now: datetime.datetime) -> Iterator[PublicNotice]:
    for row in rows:
        shown_from = datetime.datetime.fromisoformat(row["shown_from"])
        if shown_from <= now:
            yield PublicNotice(
                UUID(row["uuid"]),
                row["kind"],
                row["title_en"],
                row["title_da"],
                row["said_en"],
                row["said_da"],
                row["text_en"],
                row["text_da"],
                shown_from,
                row["sector_id"] is None,
            )


def _changes(notices: list[Json]) -> Iterator[datetime.datetime]:
    for row in notices:
        for instant in (row["shown_from"], row["shown_until"]):
            if instant:
                yield datetime.datetime.fromisoformat(instant)


def _event_of(row: Json) -> PublicEvent:
    begins, ends, published = (
        datetime.datetime.fromisoformat(row[field]) for field in ("begins_at", "ends_at", "published_at")
    )
    return PublicEvent(
        UUID(row["uuid"]),
        row["title_en"],
        row["title_da"],
        row["text_en"],
        row["text_da"],
        begins,
        ends,
        row["place"],
        _position(row),
        row["cancelled_at"] is not None,
        published,
    )


def _answer_time_of(row: Json) -> PublicAnswerTime | None:
    answered, median, p90, since = (row[f"district__answer_time__{field}"] for field in _ANSWER_TIME)
    if answered is None or answered < AnswerTime.FEWEST:
        return None
    return PublicAnswerTime(answered, median, p90, since)


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _position(row: Json) -> Position | None:
    return None if row["X"] is None else (row["X"], row["Y"])
