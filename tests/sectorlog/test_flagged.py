import pytest
from django.utils import timezone

from audit.models import ReadEntry
from officers.models import Unit
from sectorlog.models import Addendum
from tests.factories import (
    ChallengeFactory,
    ContactPersonFactory,
    FormVersionFactory,
    LiaisonFactory,
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    UserFactory,
    between,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return Unit.objects.get_or_create(name="Gang Division")[0]


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def contact(client, sector, unit):
    client.force_login(LiaisonFactory(unit=unit, sector=sector).user)
    return client


@pytest.fixture
def reader(contact):
    assert contact.post("/log/flagged/reason/", {"reason": "Case 12-34"})["Location"] == "/log/flagged/"
    return contact


def words(client, question="") -> str:
    response = client.get(f"/log/flagged/{question}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_reason_comes_first(contact, sector, unit):
    LogEntryFactory(sector=sector, text="Secret", flagged_for=unit)
    assert contact.get("/log/flagged/")["Location"] == "/log/flagged/reason/"
    answer = contact.post("/log/flagged/reason/", {"reason": "x"})
    assert answer.status_code == 422
    assert contact.get("/log/flagged/").status_code == 302


def test_what_is_shared_with_the_unit_in_the_sector_is_read_and_nothing_else(reader, sector, unit):
    shared = LogEntryFactory(sector=sector, text="Shared with us", flagged_for=unit)
    Addendum.objects.create(entry=shared, text="Added later", author=shared.author)
    LogEntryFactory(sector=sector, text="Secret, not shared")
    LogEntryFactory(sector=sector, text="Secret, other unit", flagged_for=Unit.objects.create(name="Other"))
    LogEntryFactory(text="Secret, other sector", flagged_for=unit)
    page = words(reader)
    assert "Shared with us" in page
    assert "Added later" in page
    assert "Secret" not in page


def test_challenges_and_parties_are_read_as_well(reader, sector, unit):
    challenge = ChallengeFactory(sector=sector, title="Shared trouble", flagged_for=unit)
    challenge.notes.create(text="A note on it", author=UserFactory())
    ChallengeFactory(sector=sector, title="Secret trouble")
    party = PartyFactory(sector=sector, name="Shared kiosk", flagged_for=unit)
    ContactPersonFactory(party=party, name="Asta Contact")
    ContactPersonFactory(party=party, name="Gone Person", left_at=timezone.now())
    PartyFactory(sector=sector, name="Secret kiosk")
    page = words(reader, "?show=challenges")
    assert "Shared trouble" in page
    assert "A note on it" in page
    assert "Secret" not in page
    page = words(reader, "?show=parties")
    assert "Shared kiosk" in page
    assert "Asta Contact" in page
    assert "Gone Person" not in page
    assert "Secret" not in page


def test_every_read_is_logged_with_the_reason(reader, sector, unit):
    party = PartyFactory(sector=sector, flagged_for=unit)
    entry = LogEntryFactory(sector=sector, flagged_for=unit, parties=[party])
    words(reader)
    words(reader, "?show=challenges")
    reads = ReadEntry.objects.filter(subject__startswith="sectorlog.").order_by("id")
    told = {(read.subject, *read.keys) for read in reads}
    assert told == {
        ("sectorlog.logentry", f"sectorlog.logentry:{entry.pk}"),
        ("sectorlog.party", f"sectorlog.party:{party.pk}"),
        ("sectorlog.challenge",),
    }
    assert {read.purpose for read in reads} == {"Case 12-34"}
    assert {tuple(read.sectors) for read in reads} == {(sector.pk,)}


def test_of_what_is_named_the_shared_alone_is_read_and_noted(reader, sector, unit):
    other = Unit.objects.create(name="Other")
    parties = [
        PartyFactory(sector=sector, name="Shared kiosk", flagged_for=unit),
        PartyFactory(sector=sector, name="Secret club"),
        PartyFactory(sector=sector, name="Secret shop", flagged_for=other),
    ]
    troubles = [
        ChallengeFactory(sector=sector, title="Shared trouble", flagged_for=unit),
        ChallengeFactory(sector=sector, title="Secret trouble"),
    ]
    troubles[0].parties.set(parties[:2])
    LogEntryFactory(sector=sector, flagged_for=unit, parties=parties, challenges=troubles)
    page = words(reader)
    assert "Shared kiosk" in page
    assert "Shared trouble" in page
    assert "and 3 others that are not shared with your unit" in page
    assert "Secret" not in page
    page = words(reader, "?show=challenges")
    assert "Shared kiosk" in page
    assert "and 1 other that is not shared with your unit" in page
    assert "Secret" not in page
    noted = {key for read in ReadEntry.objects.all() for key in read.keys}
    assert {key for key in noted if "party" in key} == {f"sectorlog.party:{parties[0].pk}"}
    assert {key for key in noted if "challenge" in key} == {f"sectorlog.challenge:{troubles[0].pk}"}


def test_a_party_in_an_answer_is_read_if_it_is_shared(reader, sector, unit):
    fields = [
        {"key": key, "kind": "party", "label": {"en": f"Which {key}"}, "choices": []}
        for key in ("one", "two")
    ]
    shared = PartyFactory(sector=sector, name="Shared kiosk", flagged_for=unit)
    secret = PartyFactory(sector=sector, name="Secret kiosk")
    values = {
        key: {"uuid": str(party.uuid), "name": party.name}
        for key, party in (("one", shared), ("two", secret))
    }
    form = FormVersionFactory(fields=fields)
    LogEntryFactory(sector=sector, flagged_for=unit, form_version=form, values=values)
    page = words(reader)
    assert "Shared kiosk" in page
    assert "not shared with your unit" in page
    assert "Secret" not in page
    noted = {key for read in ReadEntry.objects.all() for key in read.keys}
    assert {key for key in noted if "party" in key} == {f"sectorlog.party:{shared.pk}"}


def test_the_right_ends_with_the_appointment(client, sector, unit):
    user = LiaisonFactory(unit=unit, sector=sector, period=between(days=(-9, -1))).user
    client.force_login(user)
    assert client.get("/log/flagged/").status_code == 404
    assert client.get("/log/flagged/reason/").status_code == 404


def test_nothing_can_be_written(reader):
    assert reader.post("/log/flagged/").status_code == 405


def test_an_unknown_kind_is_not_there(reader):
    assert reader.get("/log/flagged/?show=x").status_code == 404


def test_the_menu_leads_there(reader):
    assert 'href="/log/flagged/"' in reader.get("/account/").content.decode()


def test_a_page_costs_the_same_for_many(reader, sector, unit, django_assert_max_num_queries):
    for _ in range(10):
        LogEntryFactory(sector=sector, flagged_for=unit, parties=[PartyFactory(sector=sector)])
    with django_assert_max_num_queries(18):
        words(reader)
