"""Everything that public pages tell, and beside it what they must not: drafts, notes, people who have left."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from audit.models import Seal
from contacts.messages.receipts import token_of
from contacts.models import AnswerTime, Event, Message, Notice, SurveyRound
from notifications.models import TextNumber
from notifications.sending import notify
from officers.models import Assignment, DutyHours, Officer, Portrait, ProfileDraft
from sectors.models import Sector
from tests.access import world
from tests.factories import (
    AddressFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    ContactHoursFactory,
    EventFactory,
    ExchangeFactory,
    MessageFactory,
    MonthCountFactory,
    NoticeFactory,
    OfficerFactory,
    PrintRunFactory,
    SectorFactory,
    between,
    middle,
)

New = Callable[[str], str]
_DAY = datetime.timedelta(days=1)


@dataclass
class Scene:
    """What the public addresses name."""

    sector: Sector
    vacant: Sector
    officer: Officer
    portrait: Portrait
    hidden_portrait: Portrait
    event: UUID
    hidden_event: UUID
    outdated_print: str
    token: str
    withdrawn_token: str
    closed_token: str
    survey: SurveyRound


def build(hidden: New) -> Scene:
    """Set the scene; `hidden` makes a text that must not be found, for the kind of row it stands in."""
    everything = world.build()
    own, foreign = everything.own, everything.foreign
    officer = _shown_officer(own.sector)
    AddressFactory(location=Point(*middle(0), srid=4326), number=12)
    BoundaryReleaseFactory(station=own.station, name=hidden("a draft of boundaries"))
    SectorFactory(district=own.district, name=hidden("a sector not in force"))
    event = _told(own.sector, officer)
    hidden_event = _not_told(own.sector, officer, hidden)
    message, taken_back = _messages(own.sector, officer, hidden)
    return Scene(
        sector=own.sector,
        vacant=foreign.sector,
        officer=officer,
        portrait=officer.portrait,
        hidden_portrait=_gone(own.sector, hidden).portrait,
        event=event.uuid,
        hidden_event=hidden_event.uuid,
        outdated_print=PrintRunFactory(sector=own.sector, officer=officer, made_by=officer.user).code,
        token=token_of(message),
        withdrawn_token=token_of(taken_back),
        closed_token=token_of(_closed(own.sector)),
        survey=own.objects["contacts.surveyround"],
    )


def add_rows_of_other_apps(officer: Officer) -> None:
    """Write what takes a sentinel only in a row that makes sense: a sealed log, a mail, a number, a count.

    Only where all is rolled back: a seal stays.
    """
    now = timezone.now()
    Seal.objects.create(log="reads", from_xid=1, to_xid=9_000_000, rows=1, digest="a", previous="b", at=now)
    with transaction.atomic():
        notify("contacts.message_receipt", to_address="citizen@example.org", context={})
    TextNumber.objects.create(user=officer.user, phone="+4512345678")
    MonthCountFactory()


def _shown_officer(sector: Sector) -> Officer:
    """Return who answers for the sector at this moment: the responsible one is away, and this one covers."""
    assignment = Assignment.objects.active_at(timezone.now()).get(
        sector=sector, role=Assignment.Role.RESPONSIBLE
    )
    officer = assignment.officer
    _portrait(officer, "ab12")
    DutyHours.objects.create(officer=officer, weekday=1, begins=datetime.time(8), ends=datetime.time(15))
    return officer


def _portrait(officer: Officer, digest: str) -> Portrait:
    return Portrait.objects.create(
        officer=officer, digest=digest * 16, small=b"small", medium=b"medium", large=b"large"
    )


def _told(sector: Sector, officer: Officer) -> Event:
    """Tell what a sector can tell: hours, a notice, an answer to what people said, an event, an answer time."""
    ContactHoursFactory(sector=sector, place="The public library", point=Point(*middle(0), srid=4326))
    by = {"written_by": officer.user, "published": True}
    NoticeFactory(sector=sector, title_en="A public notice", **by)
    NoticeFactory(sector=sector, kind=Notice.Kind.YOU_SAID, said_en="You said", said_da="I sagde", **by)
    NoticeFactory(sector=None, station=sector.station, title_en="For all of the station", **by)
    EventFactory(station=sector.station, title_en="For all sectors", **by)
    today = timezone.localdate()
    AnswerTime.objects.create(
        district=sector.district,
        since=today - 90 * _DAY,
        until=today,
        answered=40,
        median_hours=20,
        p90_hours=60,
    )
    event: Event = EventFactory(station=sector.station, sectors=[sector], title_en="A public event", **by)
    event.presences.create(officer=officer, assigned_by=officer.user, task="To be there")
    return event


def _not_told(sector: Sector, officer: Officer, hidden: New) -> Event:
    """Write what must not be told: drafts, what waits, what was taken back, what is over, what is to come."""
    now, by = timezone.now(), {"written_by": officer.user}
    texts = ("title_en", "title_da", "text_en", "text_da")

    def says(what: str) -> dict[str, str]:
        return {name: hidden(f"{what}: {name}") for name in texts}

    for state in ("draft", "waiting", "withdrawn"):
        NoticeFactory(sector=sector, state=state, **says(f"a notice, {state}"), **by)
        EventFactory(
            station=sector.station, sectors=[sector], state=state, **says(f"an event, {state}"), **by
        )
    by["published"] = True
    NoticeFactory(sector=sector, shown_from=now + _DAY, **says("a notice of tomorrow"), **by)
    past = {"shown_from": now - 3 * _DAY, "shown_until": now - _DAY}
    NoticeFactory(sector=sector, **past, **says("a notice of yesterday"), **by)
    EventFactory(station=sector.station, begins_at=now - _DAY, **says("an event of yesterday"), **by)
    over = timezone.localdate() - _DAY
    ContactHoursFactory(sector=sector, until=over, place=hidden("hours that are over"))
    internal: Event = EventFactory(
        station=sector.station,
        sectors=[sector],
        is_internal=True,
        place=hidden("an internal event: place"),
        **says("an internal event"),
        **by,
    )
    return internal


def _gone(sector: Sector, hidden: New) -> Officer:
    """Return an officer who was appointed, is not any more, and had drawn up another profile."""
    officer: Officer = OfficerFactory(
        station=sector.station,
        name=hidden("an officer who left: name"),
        title=hidden("an officer who left: title"),
        email=f"{hidden('an officer who left: email')}@police.example",
    )
    AssignmentFactory(officer=officer, sector=sector, attached=True, period=between(days=(-20, -10)))
    _portrait(officer, "cd34")
    ProfileDraft.objects.create(
        officer=officer,
        title=hidden("a profile that waits: title"),
        phone="+45 00 00 99 99",
        email=f"{hidden('a profile that waits: email')}@police.example",
        submitted_at=timezone.now(),
    )
    return officer


def _messages(sector: Sector, officer: Officer, hidden: New) -> tuple[Message, Message]:
    """Return the message whose status page is visited, and one that its sender has taken back."""
    texts = ("text", "place", "name")
    message: Message = MessageFactory(sector=sector, text="My own words", name="Myself")
    said = {"message": message, "by": officer.user}
    ExchangeFactory(kind="note", text=hidden("an officers' note"), **said)
    ExchangeFactory(kind="call", text=hidden("what was noted of a call"), **said)
    ExchangeFactory(kind="reply", text="The answer", **said)
    other: Message = MessageFactory(
        sector=sector,
        email=f"{hidden('somebody else: email')}@example.org",
        phone=hidden("somebody else: phone"),
        **{name: hidden(f"somebody else: {name}") for name in texts},
    )
    ExchangeFactory(message=other, text=hidden("a word that somebody else added"))
    taken_back: Message = MessageFactory(sector=sector, withdrawn_at=timezone.now())
    return message, taken_back


def _closed(sector: Sector) -> Message:
    """Return a message that was closed, of which its sender may say how it went."""
    message: Message = MessageFactory(sector=sector, text="My other words", name="Myself")
    Message.objects.filter(pk=message.pk).update(
        closed_at=timezone.now(), result="settled", erase_on=timezone.localdate() + 90 * _DAY
    )
    return message
