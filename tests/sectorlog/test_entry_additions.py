import datetime
import uuid

import pytest
from django.utils import timezone

from sectorlog.models import Addendum
from tests.factories import (
    AssignmentFactory,
    LogEntryFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    head_of,
    head_of_district,
    link_to_past_entry,
)
from tests.sectorlog.entry_pages import officer_of

pytestmark = pytest.mark.django_db

LONG_AGO = datetime.timedelta(days=400)


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def officer(client, sector):
    user = officer_of(sector)
    client.force_login(user)
    return user


@pytest.fixture
def entry(sector):
    """Somebody else's entry, long settled."""
    return LogEntryFactory(sector=sector, happened_at=timezone.now() - LONG_AGO, text="At the square.")


def page_of(entry) -> str:
    return f"/log/entries/{entry.uuid}/"


# The page


def test_the_page_shows_all_that_an_entry_says(client, officer, sector):
    entry = LogEntryFactory(
        sector=sector, values={"met": "The owner", "card": "yes"}, outcome="advice", place_text="By the kiosk"
    )
    link_to_past_entry(entry, party=PartyFactory(sector=sector, name="Kiosk Hjørnet"))
    page = client.get(page_of(entry)).content.decode()
    for words in (
        "Visit",
        entry.text,
        "Whom you met",
        "The owner",
        "advice or guidance",
        "By the kiosk",
        "Kiosk",
    ):
        assert words in page


@pytest.mark.parametrize("reader", [head_of, head_of_district])
def test_heads_read_it_and_find_nothing_to_write_with(client, sector, entry, reader):
    client.force_login(reader(sector.station if reader is head_of else sector.district))
    page = client.get(page_of(entry)).content.decode()
    assert entry.text in page
    assert "data-addendum-form" not in page


def test_officers_of_other_sectors_do_not_find_it(client, sector, entry):
    client.force_login(officer_of(SectorFactory(district=sector.district)))
    assert client.get(page_of(entry)).status_code == 404


def test_the_page_costs_as_many_queries_with_much_on_it(
    client, officer, entry, django_assert_max_num_queries
):
    for number in range(8):
        Addendum.objects.create(entry=entry, text=f"Addendum {number}", author=officer)
        PromiseFactory(entry=entry)
    client.get(page_of(entry))
    with django_assert_max_num_queries(26):
        client.get(page_of(entry))


# Addenda


def test_an_addendum_stands_below_an_entry_that_is_settled(client, officer, entry):
    sent = {"uuid": uuid.uuid4(), "text": "He called back."}
    assert client.post(f"{page_of(entry)}addenda/", sent).status_code == 302
    page = client.get(page_of(entry)).content.decode()
    assert "He called back." in page
    assert Addendum.objects.get().author == officer


def test_the_same_addendum_sent_twice_is_one(client, officer, entry):
    sent = {"uuid": uuid.uuid4(), "text": "He called back."}
    for _ in range(2):
        assert client.post(f"{page_of(entry)}addenda/", sent).status_code == 302
    assert Addendum.objects.count() == 1


def test_the_number_of_somebody_elses_addendum_is_refused(client, officer, entry):
    theirs = Addendum.objects.create(entry=entry, text="Theirs.", author=entry.author)
    sent = {"uuid": theirs.uuid, "text": "Mine."}
    assert client.post(f"{page_of(entry)}addenda/", sent).status_code == 409
    assert [one.text for one in Addendum.objects.all()] == ["Theirs."]


@pytest.mark.parametrize("text", ["", " ", "x" * 20_001, "a\0b"])
def test_an_addendum_that_cannot_be_taken_stays_in_the_page(client, officer, entry, text):
    response = client.post(f"{page_of(entry)}addenda/", {"uuid": uuid.uuid4(), "text": text})
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert not Addendum.objects.exists()


def test_source_handling_is_asked_about_in_addenda(client, officer, entry):
    sent = {"uuid": uuid.uuid4(), "text": "The informant said so."}
    assert client.post(f"{page_of(entry)}addenda/", sent).status_code == 422
    assert client.post(f"{page_of(entry)}addenda/", {**sent, "source_answer": "keep"}).status_code == 302


@pytest.mark.parametrize("what", ["addenda", "promises", "attachments", "followed-up"])
def test_a_refusal_that_is_reloaded_leads_back_to_the_entry(client, officer, entry, what):
    assert client.get(f"{page_of(entry)}{what}/")["Location"] == page_of(entry)


# Follow-ups


def test_the_responsible_officer_notes_once_that_they_came_back_to_it(client, officer, sector):
    due = LogEntryFactory(sector=sector, follow_up_on=timezone.localdate())
    address = f"{page_of(due)}followed-up/"
    assert client.post(address, {"to_log": "1"})["Location"] == "/log/"
    due.refresh_from_db()
    assert (due.follow_up_done_by, due.follow_up_done_at is not None) == (officer, True)
    first = due.follow_up_done_at
    assert client.post(address)["Location"] == page_of(due)
    due.refresh_from_db()
    assert due.follow_up_done_at == first


def test_an_attached_officer_closes_their_own_only(client, sector):
    user = officer_of(sector, attached=True)
    client.force_login(user)
    own = LogEntryFactory(sector=sector, author=user, follow_up_on=timezone.localdate())
    other = LogEntryFactory(sector=sector, follow_up_on=timezone.localdate())
    assert client.post(f"{page_of(own)}followed-up/").status_code == 302
    assert client.post(f"{page_of(other)}followed-up/").status_code == 404


# The first page


def test_the_first_page_begins_with_the_button_and_names_what_is_due(client, officer, sector):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    LogEntryFactory(sector=sector, text="Look at the lamps.", follow_up_on=yesterday)
    LogEntryFactory(
        sector=sector, text="Not yet.", follow_up_on=timezone.localdate() + datetime.timedelta(days=1)
    )
    PromiseFactory(entry__sector=sector, what="Tell about the lamps.")
    LogEntryFactory(text="Elsewhere.", follow_up_on=yesterday)
    page = client.get("/log/").content.decode()
    assert page.index("Write an entry") < page.index("Come back to it") < page.index("Promises to citizens")
    assert "Look at the lamps." in page
    assert "Tell about the lamps." in page
    assert "Not yet." not in page
    assert "Elsewhere." not in page


def test_the_first_page_costs_as_many_queries_for_many_due_entries(
    client, officer, sector, django_assert_max_num_queries
):
    other = SectorFactory(district=sector.district)
    AssignmentFactory(sector=other, officer=officer.officer, attached=True)
    for place in (sector, other):
        LogEntryFactory.create_batch(10, sector=place, follow_up_on=timezone.localdate())
        PromiseFactory.create_batch(10, entry__sector=place)
    client.get("/log/")
    with django_assert_max_num_queries(60):
        page = client.get("/log/").content.decode()
    assert "There are more." in page


def test_who_works_in_no_sector_has_no_button(client, sector):
    client.force_login(head_of(sector.station))
    assert "Write an entry" not in client.get("/log/").content.decode()
