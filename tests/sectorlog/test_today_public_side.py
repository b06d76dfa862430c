"""The start page names the messages that wait, and the events to come."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EventFactory, MessageFactory, SectorFactory, head_of
from tests.sectorlog.entry_pages import officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory(name="Bellahøj", slug="bellahoej")


@pytest.fixture
def officer(client, sector):
    user = officer_of(sector)
    client.force_login(user)
    return user


def start_page(client) -> str:
    return client.get("/log/").content.decode()


def test_messages_that_wait_are_counted_and_the_first_due_stand_first(client, officer, sector):
    answered = MessageFactory(sector=sector)
    answered.answered_at = timezone.now()
    answered.save()
    MessageFactory()
    new, overdue = MessageFactory(sector=sector), MessageFactory(sector=sector, overdue=True)
    page = start_page(client)
    assert "2 messages wait for an answer" in page
    assert page.index(str(overdue.uuid)) < page.index(str(new.uuid))
    assert new.text not in page


def test_without_a_message_the_page_says_nothing_of_messages(client, officer, sector):
    assert "for an answer" not in start_page(client)


def test_a_head_finds_the_messages_in_the_inbox_alone(client, sector):
    MessageFactory(sector=sector)
    client.force_login(head_of(sector.station))
    assert "for an answer" not in start_page(client)


def test_events_where_one_is_to_be_stand_before_the_others_of_two_weeks(client, officer, sector):
    def event(title, days, **more):
        begins = timezone.now() + datetime.timedelta(days=days)
        given = {"station": sector.station, "published": True, "title_en": title, "begins_at": begins}
        return EventFactory(**given | more)

    mine = event("Match", 5, sectors=[SectorFactory(district=sector.district)])
    mine.presences.create(officer=officer.officer, assigned_by=officer)
    event("Market", 3, sectors=[sector])
    event("Next month", 40, sectors=[sector])
    event("Elsewhere", 3, sectors=[SectorFactory(district=sector.district)])
    page = start_page(client)
    assert page.index("Match") < page.index("Market")
    assert "You are to be there." in page
    assert "Next month" not in page
    assert "Elsewhere" not in page
