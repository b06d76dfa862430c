"""What is made from citizens' messages, and told to the public of the log."""

import datetime
import uuid

import pytest
from django.utils import timezone

from contacts.messages.follow_ups import follow_ups_of
from contacts.models import Notice
from sectorlog.models import Challenge, LogEntry, MessageFollowUp
from tests.factories import (
    EventFactory,
    LogEntryFactory,
    MessageFactory,
    NoticeFactory,
    OfficerFactory,
    SectorFactory,
    head_of,
)
from tests.sectorlog.entry_pages import NEW, officer_of, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory(name="Bellahøj", slug="bellahoej")


@pytest.fixture
def officer(client, sector):
    user = officer_of(sector)
    client.force_login(user)
    return user


@pytest.fixture
def message(sector):
    return MessageFactory(sector=sector, text="A van without plates.", place="Behind number 14")


def test_an_entry_begins_with_the_words_of_the_message_and_is_tied_to_it(client, officer, sector, message):
    page = client.get(f"/log/messages/{message.uuid}/entry/", follow=True)
    assert page.context["form"]["text"].value() == "A van without plates."
    assert page.context["form"]["place_text"].value() == "Behind number 14"
    sent = typed(sector, text="Looked at the van.", message=page.context["form"]["message"].value())
    assert client.post(NEW, sent).status_code == 302
    entry = LogEntry.objects.get()
    assert (entry.text, entry.from_message.message) == ("Looked at the van.", message)
    [made] = follow_ups_of(message, officer)
    assert str(entry.uuid) in made.url


def test_the_words_are_read_for_the_log_of_reads(client, officer, message):
    from audit.models import ReadEntry

    client.get(f"/log/messages/{message.uuid}/entry/", follow=True)
    assert ReadEntry.objects.filter(subject="contacts.message", actor=officer).exists()


def test_a_challenge_begins_with_the_words_and_is_tied_to_the_message(client, officer, sector, message):
    page = client.get(f"/log/messages/{message.uuid}/challenge/", follow=True)
    assert page.context["form"]["description"].value() == "A van without plates."
    address = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    sent = {"title": "Left vans", "severity": 2, "description": "In the yard.", "seen": ""}
    assert client.post(address, sent).status_code == 302
    assert Challenge.objects.get().from_message.message == message


@pytest.mark.parametrize("named", ["elsewhere", "erased", "nonsense"])
def test_a_message_out_of_reach_ties_nothing_and_loses_no_entry(client, officer, sector, message, named):
    match named:
        case "elsewhere":
            name = str(MessageFactory().uuid)
        case "erased":
            message.text = message.place = message.name = message.email = message.phone = ""
            message.erased_at = timezone.now()
            message.save()
            name = str(message.uuid)
        case _:
            name = str(uuid.uuid4())
    assert client.post(NEW, typed(sector, message=name)).status_code == 302
    assert LogEntry.objects.count() == 1
    assert not MessageFollowUp.objects.exists()


def test_who_does_not_work_in_the_sector_makes_nothing_of_its_messages(client, sector, message):
    client.force_login(head_of(sector.station))
    assert client.get(f"/log/messages/{message.uuid}/entry/").status_code == 404
    assert client.get(f"/log/messages/{message.uuid}/challenge/").status_code == 404


def test_what_was_made_is_told_to_those_who_read_the_log(officer, sector, message):
    entry = LogEntryFactory(sector=sector)
    MessageFollowUp.objects.create(message=message, entry=entry, by=officer)
    assert len(follow_ups_of(message, officer)) == 1
    assert follow_ups_of(message, officer_of(SectorFactory())) == []


def test_you_said_we_did_begins_empty_and_once(client, officer, sector):
    entry = LogEntryFactory(sector=sector, text="Words of the log")
    for _time in range(2):
        client.post(f"/log/entries/{entry.uuid}/tell/")
    notice = Notice.objects.get()
    assert (notice.kind, notice.sector, notice.state) == ("you_said", sector, "draft")
    assert not any((notice.title_en, notice.text_en, notice.said_en, notice.text_da))
    assert notice.about_entry.entry == entry


def test_the_entry_names_its_message_and_its_notice(client, officer, sector, message):
    entry = LogEntryFactory(sector=sector)
    MessageFollowUp.objects.create(message=message, entry=entry, by=officer)
    notice = NoticeFactory(sector=sector, title_en="Lights are back")
    notice.about_entry = entry.told_public.create(notice=notice)
    page = client.get(f"/log/entries/{entry.uuid}/").content.decode()
    assert f"/inbox/{message.uuid}/" in page
    assert "Lights are back" in page


def test_the_pack_tells_the_events_to_come_with_who_is_present(officer, sector):
    from sectorlog.handover.pack import pack_of
    from sectorlog.handover.reading import read

    event = EventFactory(
        station=sector.station, sectors=[sector], published=True, title_en="Street party", is_major=True,
        required_presence=2, begins_at=timezone.now() + datetime.timedelta(days=3),
    )  # fmt: skip
    event.presences.create(officer=OfficerFactory(name="Nora Next"), assigned_by=officer)
    EventFactory(station=sector.station, sectors=[SectorFactory(district=sector.district)], published=True)
    EventFactory(station=sector.station, sectors=[sector])
    told = read(pack_of(sector, timezone.localdate()))
    assert [(one["name"], one["required"], one["present"]) for one in told["to_come"]] == [
        ("Street party", 2, ["Nora Next"])
    ]
