"""Loading the public side of the demonstration. What is there already stays: twice is the same as once."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from uuid import uuid4

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from contacts.demo import stories
from contacts.demo.stories import Planned, Told, Written
from contacts.demo.surveys import load_surveys
from contacts.messages.answer_times import count_answer_times
from contacts.messages.clock import DUE_AFTER, WARN_AFTER, instant_after
from contacts.models import (
    ContactHours,
    Event,
    Exchange,
    Message,
    MessageEvent,
    Notice,
    PartnerContact,
    PrintRun,
)
from officers.demo import organisation as plan
from officers.demo.streets import doors
from officers.models import Assignment, Officer, User
from officers.responsibility import answerable
from sectors.models import Sector, Station

# Sectors with a full page: that of the officer who logs in, and the one that changes hands.
RICH = (1, plan.SUCCESSION_SECTOR)


@transaction.atomic
def load_public_side(station: Station) -> None:
    """Make surveys; hours, notices, events, partners, prints and messages unless it has any hours or messages."""
    head = User.objects.get(email=plan.STATION_HEAD.email)
    load_surveys(station, head)
    told = ContactHours.objects.filter(sector__station=station)
    if told.exists() or Message.objects.filter(sector__station=station).exists():
        return
    sectors = list(station.sectors.select_related("station", "district").order_by("number"))
    _notice(stories.STATION_NOTICE, station, None, head)
    _event(stories.STATION_EVENT, station, [], head)
    _event(stories.INTERNAL_EVENT, station, sectors[:3], head)
    _partners(station)
    for sector in sectors:
        _load_sector(sector, head)
    count_answer_times()


def _load_sector(sector: Sector, head: User) -> None:
    _hours(sector)
    officer = _account(sector)
    if officer is None:
        return
    notices = stories.NOTICES if sector.number in RICH else stories.NOTICES[sector.number % 2 :][:1]
    for notice in notices:
        _notice(notice, sector.station, sector, officer, head)
    events = stories.EVENTS if sector.number in RICH else stories.EVENTS[:1]
    if sector.number in RICH or sector.number % 3 == 0:
        for event in events:
            _event(event, sector.station, [sector], officer, head)
    if sector.number in RICH:
        _notice(stories.WAITING_NOTICE, sector.station, sector, officer, None)
        for count, written in enumerate(stories.MESSAGES):
            _message(sector, written, officer, count)
        _print(sector, officer)
    _answered(sector, officer)


def _account(sector: Sector) -> User | None:
    """Return the account of the responsible officer."""
    now, role = timezone.now(), Assignment.Role.RESPONSIBLE
    appointed = (
        Assignment.objects.active_at(now).filter(sector=sector, role=role).select_related("officer__user")
    )
    return next((one.officer.user for one in appointed), None)


def _instant(days: int, hour: int, minute: int = 0) -> datetime.datetime:
    """Return an hour of the day so many days from today, or ago."""
    day = timezone.localdate() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hour, minute), timezone.get_current_timezone())


def _hours(sector: Sector) -> None:
    mine = stories.HOURS[sector.number % len(stories.HOURS)]
    second = (stories.HOURS[(sector.number + 2) % len(stories.HOURS)],) if sector.number in RICH else ()
    near = [door for door in doors() if door.sector == sector.number]
    for count, hours in enumerate((mine, *second)):
        door = near[count * 11 % len(near)]
        ContactHours.objects.create(
            sector=sector,
            weekday=hours.weekday,
            week=hours.week,
            begins=datetime.time(hours.begins),
            ends=datetime.time(hours.ends),
            place=hours.place.format(sector=sector.name),
            address=f"{door.street} {door.number}{door.letter}, {door.postcode} {door.city}",
            point=Point(door.lon, door.lat, srid=4326),
            note_en=hours.note[0],
            note_da=hours.note[1],
        )


def _notice(
    told: Told, station: Station, sector: Sector | None, author: User, approver: User | None = None
) -> None:
    """Write a notice; without an approver an officer's waits for one."""
    shown_from = timezone.now() - datetime.timedelta(days=told.since)
    notice = Notice.objects.create(
        station=station,
        sector=sector,
        kind=told.kind,
        title_en=told.title[0],
        title_da=told.title[1],
        said_en=told.said[0],
        said_da=told.said[1],
        text_en=told.text[0],
        text_da=told.text[1],
        written_by=author,
        written_at=shown_from,
        shown_from=shown_from,
        shown_until=shown_from + datetime.timedelta(days=told.lasts),
        state=Notice.State.WAITING,
    )
    if approver or sector is None:
        notice.publish(approver or author, shown_from)


def _event(
    planned: Planned, station: Station, sectors: list[Sector], author: User, approver: User | None = None
) -> None:
    name = sectors[0].name if sectors else station.name
    event = Event.objects.create(
        station=station,
        title_en=planned.title[0].format(sector=name),
        title_da=planned.title[1].format(sector=name),
        text_en=planned.text[0],
        text_da=planned.text[1],
        begins_at=_instant(planned.days, planned.begins),
        ends_at=_instant(planned.days, planned.ends),
        place=planned.place.format(sector=name),
        is_internal=planned.is_internal,
        is_major=planned.required > 0,
        required_presence=planned.required,
        written_by=author,
        cancelled_at=timezone.now() if planned.is_cancelled else None,
    )
    event.sectors.set(sectors)
    event.publish(approver or author, timezone.now())
    for officer in Officer.objects.filter(station=station).order_by("name")[: planned.required // 2]:
        event.presences.create(officer=officer, assigned_by=author, task="On foot among the stalls")


def _partners(station: Station) -> None:
    today = timezone.localdate()
    for district, partner in itertools.product(station.districts.order_by("pk"), stories.PARTNERS):
        if partner.is_of_district or district == station.districts.order_by("pk").first():
            PartnerContact.objects.create(
                station=station,
                district=district if partner.is_of_district else None,
                kind=partner.kind,
                organisation=partner.organisation,
                name=partner.name,
                role=partner.role,
                phone=partner.phone,
                note=partner.note,
                confirmed_on=today - datetime.timedelta(days=partner.confirmed),
            )


def _message(sector: Sector, written: Written, officer: User, count: int) -> None:
    received = min(_instant(-written.days, written.hour), timezone.now() - datetime.timedelta(minutes=50))
    last = received + datetime.timedelta(minutes=40)
    message = _received(sector, received, written, count)
    _step(message, MessageEvent.Kind.RECEIVED, received)
    if written.is_read:
        message.read_at = last
        _step(message, MessageEvent.Kind.READ, last, officer)
    for kind, hours, text in written.since:
        last = min(received + datetime.timedelta(hours=hours), timezone.now())
        by = None if kind in Exchange.FROM_CITIZEN else officer
        Exchange.objects.create(message=message, kind=kind, text=text, at=last, by=by)
        if kind in Exchange.ANSWERS and message.answered_at is None:
            message.answered_at = last
            _step(message, MessageEvent.Kind.ANSWERED, last, officer)
    if written.result:
        message.closed_at, message.result = last, written.result
        _step(message, MessageEvent.Kind.CLOSED, last, officer)
    message.save()


def _received(sector: Sector, received: datetime.datetime, written: Written, count: int) -> Message:
    return Message.objects.create(
        form_token=uuid4(),
        sector=sector,
        text=written.text,
        place=written.place,
        name=written.name,
        answer_by=written.answer_by,
        email=f"citizen{count}@example.org" if written.answer_by == Message.AnswerBy.EMAIL else "",
        phone="00 00 50 01" if written.answer_by == Message.AnswerBy.PHONE else "",
        language=written.language,
        seemed_urgent=written.seemed_urgent,
        received_at=received,
        warn_at=instant_after(received, WARN_AFTER),
        due_at=instant_after(received, DUE_AFTER),
    )


def _step(message: Message, kind: MessageEvent.Kind, at: datetime.datetime, by: User | None = None) -> None:
    MessageEvent.objects.create(message=message, kind=kind, at=at, by=by)


def _answered(sector: Sector, officer: User) -> None:
    """Write a few messages of the last months whose words have been erased since: what answer times come from."""
    for count, hours in enumerate(_some(stories.ANSWERED_AFTER, sector.number)):
        received = _instant(-30 - 9 * count, 10, sector.number)
        answered = received + datetime.timedelta(hours=hours)
        written = Written("…", days=0, hour=0, result=Message.Result.SETTLED)
        message = _received(sector, received, written, count)
        message.read_at = message.answered_at = message.closed_at = answered
        message.result, message.erased_at = Message.Result.SETTLED, timezone.now()
        message.text = message.name = message.place = message.email = message.phone = ""
        message.save()
        for kind in (MessageEvent.Kind.READ, MessageEvent.Kind.ANSWERED, MessageEvent.Kind.CLOSED):
            _step(message, kind, answered, officer)


def _some(hours: Iterable[int], number: int) -> list[int]:
    return list(hours)[number % 3 :: 2]


def _print(sector: Sector, officer: User) -> None:
    """Cards of the present officer, and of the one before: still in people's drawers."""
    answer = answerable(sector.pk)
    for name, days in ((answer.officer.name if answer.officer else "", 40), (plan.FORMER, 400)):
        printed = Officer.objects.filter(station=sector.station, name=name).first()
        if printed:
            PrintRun.objects.create(
                kind=PrintRun.Kind.CARDS,
                sector=sector,
                officer=printed,
                name=printed.name,
                phone=printed.phone,
                email=printed.email,
                made_at=timezone.now() - datetime.timedelta(days=days),
                made_by=officer,
            )
