import datetime
import uuid

import pytest
from django.utils import timezone

from sectorlog.models import Promise
from tests.factories import LogEntryFactory, PromiseFactory, SectorFactory, head_of
from tests.sectorlog.entry_pages import officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def officer(client, sector):
    user = officer_of(sector)
    client.force_login(user)
    return user


def tomorrow() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=1)


def test_a_promise_is_noted_on_an_entry_once(client, officer, sector):
    entry = LogEntryFactory(sector=sector, happened_at=timezone.now() - datetime.timedelta(days=90))
    sent = {
        "uuid": uuid.uuid4(),
        "what": "To ask the council",
        "to_whom": "The caretaker",
        "due_on": tomorrow(),
    }
    for _ in range(2):
        response = client.post(f"/log/entries/{entry.uuid}/promises/", sent)
        assert response["Location"] == f"/log/entries/{entry.uuid}/"
    promise = Promise.objects.get()
    assert (promise.entry, promise.sector, promise.due_on) == (entry, sector, tomorrow())
    assert "To ask the council" in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    "more",
    [{"what": ""}, {"due_on": ""}, {"due_on": "2020-01-01"}, {"due_on": "9999-12-31"}, {"what": "x" * 301}],
)
def test_a_promise_that_says_too_little_stays_in_the_page(client, officer, sector, more):
    entry = LogEntryFactory(sector=sector)
    sent = {"uuid": uuid.uuid4(), "what": "To ask", "to_whom": "Somebody", "due_on": tomorrow(), **more}
    response = client.post(f"/log/entries/{entry.uuid}/promises/", sent)
    assert response.status_code == 422
    assert "Somebody" in response.content.decode()
    assert not Promise.objects.exists()


def test_what_the_citizen_was_told_is_noted_with_who_and_when(client, officer, sector):
    promise = PromiseFactory(entry__sector=sector)
    address = f"/log/promises/{promise.uuid}/"
    assert promise.what in client.get(address).content.decode()
    response = client.post(address, {"told_back": "The lamps come in May."})
    assert response["Location"] == f"/log/entries/{promise.entry.uuid}/"
    promise.refresh_from_db()
    assert (promise.told_back, promise.told_back_by) == ("The lamps come in May.", officer)
    assert promise.told_back_at is not None
    assert not Promise.objects.open().exists()


def test_the_second_of_two_who_told_them_is_told_and_keeps_what_was_typed(client, officer, sector):
    promise = PromiseFactory(entry__sector=sector)
    address = f"/log/promises/{promise.uuid}/"
    client.post(address, {"told_back": "The lamps come in May."})
    response = client.post(address, {"told_back": "They come in June."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "They come in June.</textarea>" in page
    assert "The lamps come in May." in page
    promise.refresh_from_db()
    assert promise.told_back == "The lamps come in May."


@pytest.mark.parametrize("told", ["", "  ", "x" * 301, "a\0b"])
def test_what_they_were_told_is_asked_for(client, officer, sector, told):
    promise = PromiseFactory(entry__sector=sector)
    assert client.post(f"/log/promises/{promise.uuid}/", {"told_back": told}).status_code == 422
    assert Promise.objects.open().exists()


def test_a_head_reads_a_promise_and_does_not_answer_it(client, sector):
    promise = PromiseFactory(entry__sector=sector)
    client.force_login(head_of(sector.station))
    page = client.get(f"/log/promises/{promise.uuid}/").content.decode()
    assert promise.what in page
    assert "<textarea" not in page
    assert client.post(f"/log/promises/{promise.uuid}/", {"told_back": "Yes"}).status_code == 404


def test_promises_of_other_sectors_are_not_found(client, officer):
    promise = PromiseFactory()
    assert client.get(f"/log/promises/{promise.uuid}/").status_code == 404
