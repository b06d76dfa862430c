"""A sector's challenges: opened, noted of, changed by one at a time, closed with a result, opened again."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from sectorlog.challenges.story import PER_PAGE, silent, story_of, with_last_sign
from sectorlog.models import Challenge, ProgressNote
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    LiaisonFactory,
    LogEntryFactory,
    OfficerFactory,
    PartyFactory,
    SectorFactory,
    TargetGroupFactory,
    UserFactory,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory()


def colleague(sector, **appointment):
    officer = OfficerFactory(station=sector.station, user=UserFactory())
    AssignmentFactory(sector=sector, officer=officer, **appointment)
    return officer.user


@pytest.fixture
def responsible(sector):
    return colleague(sector)


@pytest.fixture
def client(client, responsible):
    """A browser in which the sector's responsible officer is logged in."""
    client.force_login(responsible)
    return client


@pytest.fixture
def challenge(sector):
    return ChallengeFactory(sector=sector, title="Fast driving", description="Past the school.")


def at(page, challenge):
    return reverse(f"sectorlog:challenge_{page}", args=[challenge.uuid])


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def words(response):
    return " ".join(response.content.decode().split())


def typed(challenge, **changed):
    """Return what the form of the challenge holds as it is now, with what was changed in it."""
    values = {"title": challenge.title, "description": challenge.description, "severity": challenge.severity}
    return values | changed


def seen(client, challenge):
    """Return the digest of what the page shows when it is opened."""
    return client.get(at("update", challenge)).context["form"]["seen"].value()


# The list


def listed(client, sector):
    response = client.get(reverse("sectorlog:challenge_list", args=[sector.slug]))
    return [(one.title, one.standing) for one in response.context["challenges"]]


def test_open_ones_come_by_severity_then_silent_ones_then_closed_ones(client, sector):
    ChallengeFactory(sector=sector, title="closed", closed_at=timezone.now(), result="Solved")
    ChallengeFactory(sector=sector, title="silent", opened_at=ago(31), severity=3)
    ChallengeFactory(sector=sector, title="minor", severity=1)
    ChallengeFactory(sector=sector, title="grave", severity=3)
    ChallengeFactory(title="elsewhere")
    assert listed(client, sector) == [("grave", 0), ("minor", 0), ("silent", 1), ("closed", 2)]
    page = words(client.get(reverse("sectorlog:challenge_list", args=[sector.slug])))
    assert "Solved" in page


def test_fifty_rows_cost_no_more_queries_than_one(client, sector, django_assert_max_num_queries):
    for _each in range(50):
        one = ChallengeFactory(sector=sector)
        one.notes.create(text="Noted", author=one.opened_by)
    with django_assert_max_num_queries(10):
        assert len(listed(client, sector)) == 50


def test_the_list_says_in_the_read_log_what_it_showed(client, sector, challenge):
    listed(client, sector)
    assert f"sectorlog.challenge:{challenge.pk}" in ReadEntry.objects.get(subject="sectorlog.challenge").keys


def test_a_note_or_an_entry_ends_the_silence_and_nothing_else_does(sector):
    made = {name: ChallengeFactory(sector=sector, title=name, opened_at=ago(40)) for name in "abcd"}
    made["a"].notes.create(text="New", author=made["a"].opened_by)
    LogEntryFactory(sector=sector, challenges=[made["b"]])
    made["c"].notes.create(text="Old", author=made["c"].opened_by, at=ago(31))
    ChallengeFactory(sector=sector, title="fresh", opened_at=ago(29))
    found = with_last_sign(Challenge.objects.all()).filter(silent())
    assert sorted(found.values_list("title", flat=True)) == ["c", "d"]


# Opening


def test_anyone_who_works_in_the_sector_opens_a_challenge(client, sector):
    attached = colleague(sector, attached=True)
    client.force_login(attached)
    group = TargetGroupFactory(station=sector.station)
    party = PartyFactory(sector=sector)
    response = client.post(
        reverse("sectorlog:challenge_create", args=[sector.slug]),
        {"title": "Noise", "severity": 2, "groups": [group.pk], "parties": [str(party.uuid)]},
    )
    made = Challenge.objects.get(title="Noise")
    assert response["Location"] == at("detail", made)
    assert (made.sector, made.opened_by) == (sector, attached)
    assert ([*made.groups.all()], [*made.parties.all()]) == ([group], [party])


def test_the_same_challenge_sent_twice_is_one(client, sector):
    address = reverse("sectorlog:challenge_create", args=[sector.slug])
    places = {client.post(address, {"title": "Noise", "severity": 2})["Location"] for _each in range(2)}
    assert len(places) == Challenge.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 151},
        {"severity": "9"},
        {"description": "x" * 100_000},
        {"groups": ["999999"]},
        {"parties": ["no-uuid"]},
        {"title": "a\x00b"},
    ],
)
def test_what_cannot_be_is_refused_and_kept(client, sector, wrong):
    data = {"title": "Noise", "severity": 2, "description": "<u>مرحبا</u> 🚲"} | wrong
    response = client.post(reverse("sectorlog:challenge_create", args=[sector.slug]), data)
    assert response.status_code == 422
    assert ("مرحبا" in words(response)) is ("description" not in wrong)
    assert "<u>" not in words(response)
    assert not Challenge.objects.exists()


def test_another_sectors_party_cannot_be_chosen(client, sector):
    party = PartyFactory()
    data = {"title": "Noise", "severity": 2, "parties": [str(party.uuid)]}
    response = client.post(reverse("sectorlog:challenge_create", args=[sector.slug]), data)
    assert response.status_code == 422
    assert party.name not in words(response)


def test_what_looks_like_source_handling_is_asked_about_first(client, sector, challenge):
    told = {"text": "Somebody told us that 010190-1234 sells."}
    asked = client.post(at("note", challenge), told)
    assert asked.status_code == 422
    assert "data-source-keep" in words(asked)
    assert not challenge.notes.exists()
    client.post(at("note", challenge), {**told, "source_answer": "keep"})
    assert challenge.notes.count() == 1


# How it goes on


def test_a_note_is_added_once_and_never_changed(client, challenge, responsible):
    for _each in range(2):
        assert client.post(at("note", challenge), {"text": "The bump is ordered."}).status_code == 302
    note = challenge.notes.get()
    assert (note.text, note.author) == ("The bump is ordered.", responsible)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressNote.objects.filter(pk=note.pk).update(text="No bump.")


def test_a_head_reads_and_writes_no_note(client, sector, challenge):
    client.force_login(head_of_district(sector.district))
    page = client.get(at("detail", challenge))
    assert page.status_code == 200
    assert "Add the note" not in words(page)
    assert client.post(at("note", challenge), {"text": "From above"}).status_code == 404


def test_an_empty_note_comes_back_and_a_reload_leads_to_the_challenge(client, challenge):
    assert client.post(at("note", challenge), {"text": " "}).status_code == 422
    assert client.get(at("note", challenge))["Location"] == at("detail", challenge)


def test_a_note_on_what_was_closed_meanwhile_is_not_lost(client, challenge, responsible):
    Challenge.objects.filter(pk=challenge.pk).update(closed_at=timezone.now(), result="Solved")
    response = client.post(at("note", challenge), {"text": "Still going on"})
    assert response.status_code == 409
    assert "Still going on" in words(response)
    assert at("reopen", challenge) in words(response)
    client.post(at("reopen", challenge), {"text": "Still going on"})
    assert "Still going on" in challenge.notes.get().text


def test_the_story_is_one_list_newest_first(sector, challenge, responsible):
    Challenge.objects.filter(pk=challenge.pk).update(opened_at=ago(9), closed_at=ago(1), result="Solved")
    challenge.refresh_from_db()
    challenge.notes.create(text="Second", author=responsible, at=ago(7))
    LogEntryFactory(sector=sector, challenges=[challenge], happened_at=ago(5), text="Third")
    kinds = [event.kind for event in story_of(challenge, responsible).events]
    assert kinds == ["closed", "entry", "note", "opened"]


def test_a_long_story_goes_on_another_page_and_loses_nothing(client, challenge, responsible):
    Challenge.objects.filter(pk=challenge.pk).update(opened_at=ago(9))
    challenge.refresh_from_db()
    same = ago(3)
    for number in range(PER_PAGE + 5):
        challenge.notes.create(text=f"Note {number}", author=responsible, at=same)
    first, second = (story_of(challenge, responsible, page) for page in (1, 2))
    told = [event.row.text for event in (*first.events, *second.events) if event.kind == "note"]
    assert len(told) == len(set(told)) == PER_PAGE + 5
    assert (first.has_more, second.has_more) == (True, False)
    assert second.events[-1].kind == "opened"
    assert client.get(at("detail", challenge), {"page": "2"}).status_code == 200
    assert client.get(at("detail", challenge), {"page": "x" * 50}).status_code == 200


def test_a_page_of_a_story_costs_the_same_however_long_it_is(
    client, sector, challenge, responsible, django_assert_max_num_queries
):
    for number in range(20):
        challenge.notes.create(text=f"Note {number}", author=responsible)
        LogEntryFactory(sector=sector, challenges=[challenge])
    with django_assert_max_num_queries(16):
        assert client.get(at("detail", challenge)).status_code == 200


def test_entries_of_the_story_stand_in_the_read_log(client, sector, challenge):
    entry = LogEntryFactory(sector=sector, challenges=[challenge])
    client.get(at("detail", challenge))
    assert f"sectorlog.logentry:{entry.pk}" in ReadEntry.objects.get(subject="sectorlog.logentry").keys


def test_the_challenge_leads_to_an_entry_about_it(client, sector, challenge):
    address = f"{reverse('sectorlog:entry_create')}?sector={sector.slug}&amp;challenge={challenge.uuid}"
    assert address in words(client.get(at("detail", challenge)))


# Changing, closing, opening again


def test_the_responsible_officer_changes_it(client, challenge):
    group = TargetGroupFactory(station=challenge.sector.station)
    data = typed(challenge, severity=3, groups=[group.pk], seen=seen(client, challenge))
    assert client.post(at("update", challenge), data).status_code == 302
    challenge.refresh_from_db()
    assert challenge.severity == 3
    assert [*challenge.groups.all()] == [group]


def test_the_later_of_two_is_told_and_loses_nothing(client, challenge):
    opened = seen(client, challenge)
    Challenge.objects.filter(pk=challenge.pk).update(description="Now in the evening too.")
    response = client.post(at("update", challenge), typed(challenge, description="Mine", seen=opened))
    assert response.status_code == 409
    assert "Mine" in words(response)
    assert "Now in the evening too." in words(response)
    assert Challenge.objects.get().description == "Now in the evening too."
    again = response.context["form"]["seen"].value()
    assert (
        client.post(at("update", challenge), typed(challenge, description="Mine", seen=again)).status_code
        == 302
    )


def test_a_party_that_has_gone_stays_with_the_challenge(client, challenge):
    party = PartyFactory(sector=challenge.sector, gone_at=timezone.now(), name="Gone shop")
    challenge.parties.add(party)
    page = client.get(at("update", challenge))
    assert "Gone shop" in words(page)
    data = typed(challenge, parties=[str(party.uuid)], seen=page.context["form"]["seen"].value())
    assert client.post(at("update", challenge), data).status_code == 302
    assert [*challenge.parties.all()] == [party]


def test_it_is_shared_with_units_that_have_a_contact_there(client, challenge):
    assert "flagged_for" not in client.get(at("update", challenge)).context["form"].fields
    unit = LiaisonFactory(sector=challenge.sector).unit
    data = typed(challenge, flagged_for=unit.pk, seen=seen(client, challenge))
    client.post(at("update", challenge), data)
    challenge.refresh_from_db()
    assert challenge.flagged_for == unit


def test_an_attached_officer_neither_changes_nor_closes(client, challenge):
    client.force_login(colleague(challenge.sector, attached=True))
    for page in ("update", "close", "reopen"):
        assert client.get(at(page, challenge)).status_code == 404
        assert client.post(at(page, challenge), {"result": "Solved", "text": "Again"}).status_code == 404


def test_it_closes_with_a_result_and_not_without(client, challenge, responsible):
    refused = client.post(at("close", challenge), {"result": " "})
    assert refused.status_code == 422
    assert "Say what came of it" in words(refused)
    client.post(at("close", challenge), {"result": "A bump was built."})
    challenge.refresh_from_db()
    assert (challenge.result, challenge.closed_by) == ("A bump was built.", responsible)


def test_who_closes_what_somebody_else_closed_is_told_the_result(client, challenge):
    other = UserFactory(name="Somebody Else")
    Challenge.objects.filter(pk=challenge.pk).update(
        closed_at=timezone.now(), closed_by=other, result="Theirs"
    )
    response = client.post(at("close", challenge), {"result": "Mine"})
    assert response.status_code == 409
    assert all(text in words(response) for text in ("Mine", "Theirs", "Somebody Else"))
    assert Challenge.objects.get().result == "Theirs"
    assert client.get(at("close", challenge))["Location"] == at("detail", challenge)


def test_opened_again_it_keeps_what_had_come_of_it(client, challenge):
    client.post(at("close", challenge), {"result": "A bump was built."})
    client.post(at("reopen", challenge), {"text": "They drive fast again."})
    challenge.refresh_from_db()
    assert (challenge.closed_at, challenge.closed_by, challenge.result) == (None, None, "")
    note = challenge.notes.get().text
    assert "They drive fast again." in note
    assert "A bump was built." in note


def test_who_opens_what_is_open_already_may_add_a_note_instead(client, challenge):
    response = client.post(at("reopen", challenge), {"text": "Again"})
    assert response.status_code == 409
    assert at("note", challenge) in words(response)
    assert not challenge.notes.exists()


# The start page


def test_grave_and_silent_ones_stand_on_the_start_page_and_others_do_not(client, sector):
    ChallengeFactory(sector=sector, title="Grave one", severity=3)
    ChallengeFactory(sector=sector, title="Silent one", opened_at=ago(31))
    ChallengeFactory(sector=sector, title="Minor one", severity=1)
    ChallengeFactory(sector=sector, title="Over", severity=3, closed_at=timezone.now(), result="Solved")
    ChallengeFactory(title="Elsewhere", severity=3)
    for page in (client.get("/log/"), client.get(reverse("sectorlog:sector_overview", args=[sector.slug]))):
        text = words(page)
        assert "Grave one" in text
        assert "Silent one" in text
        assert not any(title in text for title in ("Minor one", "Elsewhere"))
        assert ">Over<" not in text
