import uuid

import pytest
from django.db import connection
from django.urls import reverse
from jwcrypto.jwk import JWK

from notifications.models import Notification
from officers.models import Leadership
from sectorlog.models import SourceKey, SourceReferral
from sectorlog.source_handling.keys import public_key
from tests.factories import (
    AssignmentFactory,
    LeadershipFactory,
    PartyFactory,
    SectorFactory,
    SourceReferralFactory,
    StationFactory,
)
from tests.sectorlog.source_handling import key_for, key_pair, officer_in, opened

pytestmark = pytest.mark.django_db

TEXT = "He keeps it in the cellar of number 12"


@pytest.fixture
def sector():
    return SectorFactory(number=7, name="Brønshøj")


@pytest.fixture
def key(sector):
    return key_for(sector, key_pair())


@pytest.fixture
def officer(sector, client):
    user = officer_in(sector, name="Rita Fictional", email="rita@police.example")
    client.force_login(user)
    return user


def head_of(key: SourceKey):
    return Leadership.objects.get(district=key.district).user


def words(response) -> str:
    return " ".join(response.content.decode().split())


def send(client, sector, text: str = TEXT, **more):
    return client.post("/log/source/", {"text": text, "sector": sector.pk, "send": "1", **more})


def test_what_was_typed_elsewhere_is_shown_for_checking_and_not_stored(client, officer, key):
    typed = {"text": TEXT, "place_text": "Cellar", "source_fields": "text", "uuid": str(uuid.uuid4())}
    response = client.post("/log/source/", typed)
    assert response.status_code == 200
    assert TEXT in words(response)
    assert "Cellar" not in words(response)
    assert "no-store" in response["Cache-Control"]
    assert not SourceReferral.objects.exists()


def test_a_form_with_the_reminder_empties_what_was_sent_when_one_comes_back(client, officer, sector):
    party = PartyFactory(sector=sector)
    page = client.get(f"/log/parties/{party.uuid}/contacts/new/").content.decode()
    assert "data-source-referral" in page
    assert "js/log/source-typed" in page


def test_several_texts_are_taken_along_once_each(client, officer, key):
    typed = {"a": "One", "b": "Two", "source_fields": ["a", "b", "a"]}
    assert client.post("/log/source/", typed).context["form"].initial["text"] == "One\n\nTwo"


def test_a_form_that_names_no_fields_loses_nothing_typed(client, officer, key):
    chosen = {
        "day": "2026-11-22",
        "at": "10:15",
        "near": "12.5",
        "party": str(uuid.uuid4()),
        "sector": "north",
    }
    typed = {"title": "One", "note": "Two", "csrfmiddlewaretoken": "x", "uuid": str(uuid.uuid4()), **chosen}
    assert client.post("/log/source/", typed).context["form"].initial["text"] == "One\n\nTwo"


def test_sent_it_is_sealed_for_the_districts_head(client, officer, sector, key):
    response = send(client, sector)
    assert response.status_code == 302
    assert response["Location"] == "/log/source/sent/"
    referral = SourceReferral.objects.get()
    assert (referral.district, referral.key) == (sector.district, key)
    found = opened(referral, key_pair())
    assert found["text"] == TEXT
    assert found["who"] == "Rita Fictional <rita@police.example>"
    assert found["sector"] == "7 Brønshøj"
    assert (
        abs((referral.received_at.fromisoformat(found["when"]) - referral.received_at).total_seconds()) < 60
    )


def test_the_same_text_twice_looks_different(client, officer, sector, key):
    send(client, sector)
    send(client, sector)
    first, second = SourceReferral.objects.values_list("sealed", flat=True)
    assert first.split(".")[1:] != second.split(".")[1:]


def test_the_draft_of_the_form_is_named_to_be_discarded(client, officer, sector, key):
    draft = str(uuid.uuid4())
    response = client.get(send(client, sector, draft=draft)["Location"])
    assert f'data-discard-draft="{draft}"' in words(response)
    assert "no-store" in response["Cache-Control"]
    assert "draft" not in send(client, sector, draft="javascript:typed text")["Location"]
    assert "data-discard-draft" not in words(client.get("/log/source/sent/?draft=typed"))


def test_the_head_is_told_that_something_came_and_not_what(
    client, officer, sector, key, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=False):
        send(client, sector)
    told = Notification.objects.get(event="sectorlog.source_referral")
    assert told.recipient == head_of(key)
    assert told.context == {"path": "/log/source/referrals/"}


def test_without_a_key_it_says_whom_to_tell_and_keeps_the_text(client, officer, sector):
    LeadershipFactory(station=sector.station, district=sector.district, user__name="Dorte Head")
    assert "Tell Dorte Head yourself" in words(client.get("/log/source/"))
    response = send(client, sector)
    assert response.status_code == 422
    assert f"Nothing was sent: {sector.district} has no key" in words(response)
    assert TEXT in words(response)
    assert not SourceReferral.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 100_001, "a\x00b"])
def test_unfit_texts_are_refused_with_a_word_and_kept(client, officer, sector, key, text):
    response = send(client, sector, text)
    assert response.status_code == 422
    assert not SourceReferral.objects.exists()


def test_a_long_text_in_any_script_is_sealed_whole(client, officer, sector, key):
    text = "مخبر 😀 <b>æøå</b> " * 5_000
    send(client, sector, text)
    assert opened(SourceReferral.objects.get(), key_pair())["text"] == text.strip()


def test_files_of_the_form_it_came_from_are_passed_over(client, officer, key):
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = client.post(
        "/log/source/", {"note": TEXT, "file": SimpleUploadedFile("a.txt", b"x" * 5_000_000)}
    )
    assert response.status_code == 200
    assert response.wsgi_request.FILES == {}


def test_an_officer_of_two_sectors_chooses(client, officer, sector, key):
    other = SectorFactory(district=sector.district)
    AssignmentFactory(officer=officer.officer, sector=other, attached=True)
    assert client.post("/log/source/", {"text": TEXT, "send": "1"}).status_code == 422
    page = client.post("/log/source/", {"note": TEXT, "source_sector": other.slug})
    assert page.context["form"].initial["sector"] == other.pk
    foreign = SectorFactory()
    assert send(client, foreign).status_code == 422


def test_whoever_works_in_no_sector_sends_nothing(client, key, sector):
    client.force_login(head_of(key))
    assert client.get("/log/source/").status_code == 404
    assert send(client, sector).status_code == 404


# Reading


@pytest.fixture
def referral(client, officer, sector, key):
    send(client, sector)
    client.force_login(head_of(key))
    return SourceReferral.objects.get()


def test_the_list_names_those_that_wait_the_oldest_first(client, referral, django_assert_max_num_queries):
    for _number in range(3):
        SourceReferralFactory(district=referral.district, key=referral.key)
    with django_assert_max_num_queries(16):
        response = client.get("/log/source/referrals/")
    received = [one.received_at for one in response.context["waiting"]]
    assert len(received) == 4
    assert received == sorted(received)
    assert TEXT not in words(response)
    assert referral.sealed not in words(response)


def test_the_stations_head_sees_count_and_age_alone(client, referral):
    client.force_login(LeadershipFactory(station=referral.district.station).user)
    page = words(client.get("/log/source/referrals/"))
    assert str(referral.district) in page
    assert str(referral.uuid) not in page
    assert client.get(f"/log/source/referrals/{referral.uuid}/").status_code == 404


def test_reading_asks_for_a_reason_and_logs_it(client, referral):
    from audit.models import ReadEntry

    address = f"/log/source/referrals/{referral.uuid}/"
    assert referral.sealed not in words(client.get(address))
    assert "This field is required." in words(client.post(address))
    refused = client.post(address, {"purpose": " "})
    assert refused.status_code == 422
    assert referral.sealed not in words(refused)
    assert referral.sealed in words(client.post(address, {"purpose": "To hand it over"}))
    entry = ReadEntry.objects.get(verb="shown", subject="sectorlog.sourcereferral")
    assert entry.purpose == "To hand it over"
    assert entry.keys == [f"sectorlog.sourcereferral:{referral.pk}"]


def test_handed_over_its_text_is_gone_and_a_receipt_stays(client, referral):
    address = f"/log/source/referrals/{referral.uuid}/handed-over/"
    refused = client.post(address, {"to": ""})
    assert refused.status_code == 422
    assert referral.sealed not in words(refused)
    response = client.post(address, {"to": "Poul, Gang Division"}, follow=True)
    receipt = words(response)
    referral.refresh_from_db()
    assert (referral.sealed, referral.handed_over_to) == ("", "Poul, Gang Division")
    assert str(referral.uuid) in receipt
    assert "Poul, Gang Division" in receipt
    listed = client.get("/log/source/referrals/")
    assert list(listed.context["page"]) == [referral]
    assert not listed.context["waiting"]


def test_handing_over_twice_keeps_the_first_receipt(client, referral):
    address = f"/log/source/referrals/{referral.uuid}/handed-over/"
    client.post(address, {"to": "Poul"})
    assert client.post(address, {"to": "Another"}).status_code == 302
    referral.refresh_from_db()
    assert referral.handed_over_to == "Poul"
    assert client.get(f"/log/source/referrals/{referral.uuid}/").status_code == 302


def test_heads_see_on_their_start_page_how_many_wait_and_for_how_long(client, referral):
    assert "1 referral waits" in words(client.get("/log/"))
    client.force_login(LeadershipFactory(station=referral.district.station).user)
    assert "1 referral waits" in words(client.get("/log/"))
    client.force_login(LeadershipFactory(station=StationFactory()).user)
    assert "referral waits" not in words(client.get("/log/"))


def test_heads_see_on_their_start_page_which_district_has_no_key(client, sector):
    client.force_login(LeadershipFactory(station=sector.station, district=sector.district).user)
    assert f"{sector.district} has no key: officers cannot send anything." in words(client.get("/log/"))


def test_the_addresses_are_as_the_includes_name_them():
    assert reverse("sectorlog:source_referral") == "/log/source/"


def test_nothing_is_sealed_for_a_key_that_is_not_the_one_of_its_fingerprint(client, officer, sector, key):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE sectorlog_sourcekey DISABLE TRIGGER sourcekey_stays")
        SourceKey.objects.update(public_key=public_key(JWK.generate(kty="RSA", size=3072).export_public()))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE sectorlog_sourcekey ENABLE TRIGGER sourcekey_stays")
    response = send(client, sector)
    assert response.status_code == 422
    assert TEXT in words(response)
    assert not SourceReferral.objects.exists()
