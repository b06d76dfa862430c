import datetime
import threading

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from sectorlog.models import LogEntry, Outcome, Promise, TargetGroup
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    EffortFactory,
    FormTemplateFactory,
    FormVersionFactory,
    LiaisonFactory,
    LogEntryFactory,
    PartyFactory,
    PatrolFactory,
    SectorFactory,
    TargetGroupFactory,
    UserFactory,
    between,
    first_form,
    since,
)
from tests.sectorlog.entry_pages import JSON, NEW, officer_of, typed

pytestmark = pytest.mark.django_db

NASTY = (
    "<script>alert(1)</script> & 'quoted' \"twice\"",
    "Ræven 🦊 løb over vejen 👩‍👩‍👧",
    "مرحبا بالعالم — שלום",
    "\u202e turned around \u202c",
    "=cmd|' /C calc'!A0",
)


@pytest.fixture
def sector():
    return SectorFactory(name="Bellahøj", slug="bellahoej")


@pytest.fixture
def officer(client, sector):
    user = officer_of(sector)
    client.force_login(user)
    return user


def errors_of(response) -> dict[str, list[str]]:
    assert response.status_code == 422
    return response.json()["errors"]


@pytest.fixture
def many_parties(sector):
    """Forty parties, the last of which by name was seen last."""
    parties = [PartyFactory(sector=sector, name=f"Party {number:02}") for number in range(40)]
    LogEntryFactory(sector=sector, parties=[parties[39]])
    return parties


def test_of_many_parties_those_seen_last_are_offered(
    client, officer, sector, many_parties, django_assert_max_num_queries
):
    with django_assert_max_num_queries(45):
        page = client.get(f"{NEW}?party={many_parties[38].uuid}")
    offered = list(page.context["form"].fields["parties"].queryset)
    assert len(offered) == 31
    assert offered[0] == many_parties[39]
    assert many_parties[38] in offered
    assert "Another party, by its name" in page.content.decode()


def test_another_party_is_named(client, officer, sector, many_parties):
    assert client.post(NEW, typed(sector, another_party="party 37")).status_code == 302
    assert list(LogEntry.objects.latest("pk").parties.all()) == [many_parties[37]]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Nobody", "No party of this sector has this name."),
        ("party", "Several parties have this name: Party 00"),
    ],
)
def test_a_party_that_cannot_be_told_by_its_name_is_asked_for(
    client, officer, sector, many_parties, name, sentence
):
    PartyFactory(name="Nobody elsewhere")
    response = client.post(NEW, typed(sector, another_party=name))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert f'value="{name}"' in page
    assert "Talked with the owner." in page


def test_a_quick_entry_is_written_with_form_text_and_who_and_leads_to_its_page(client, officer, sector):
    party, group = PartyFactory(sector=sector), TargetGroupFactory(station=sector.station)
    sent = typed(sector, parties=[party.uuid], groups=[group.pk], **{"value-met": "The owner"})
    response = client.post(NEW, sent)
    entry = LogEntry.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/log/entries/{entry.uuid}/"
    assert (entry.author, entry.sector, entry.text) == (officer, sector, "Talked with the owner.")
    assert (list(entry.parties.all()), list(entry.groups.all())) == ([party], [group])
    assert entry.values == {"met": "The owner"}
    assert timezone.now() - entry.happened_at < datetime.timedelta(seconds=20)
    assert "The entry is saved." in client.get(response["Location"]).content.decode()


def test_everything_that_can_wait_is_taken_too(client, officer, sector):
    unit = LiaisonFactory(sector=sector).unit
    challenge, effort = ChallengeFactory(sector=sector), EffortFactory(sectors=[sector])
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    client.post(
        NEW,
        typed(
            sector,
            outcome=Outcome.WARNING,
            challenges=[challenge.uuid],
            effort=effort.uuid,
            flagged_for=unit.pk,
            follow_up_on=tomorrow,
            promise_what="To call back",
            promise_to_whom="The owner",
            promise_due_on=tomorrow,
            place_text="At the square",
        ),
    )
    entry = LogEntry.objects.get()
    assert (entry.outcome, entry.effort, entry.flagged_for) == (Outcome.WARNING, effort, unit)
    assert list(entry.challenges.all()) == [challenge]
    assert (entry.follow_up_on, entry.place_text) == (tomorrow, "At the square")
    promise = Promise.objects.get()
    assert (promise.entry, promise.sector) == (entry, sector)
    assert (promise.what, promise.to_whom, promise.due_on) == ("To call back", "The owner", tomorrow)


def test_a_program_gets_the_address_of_the_entry(client, officer, sector):
    sent = typed(sector)
    response = client.post(NEW, sent, headers=JSON)
    assert response.status_code == 201
    assert response.json() == {"uuid": sent["uuid"], "url": f"/log/entries/{sent['uuid']}/"}


def test_the_same_entry_sent_again_is_one_entry_and_nothing_is_doubled(client, officer, sector):
    due = timezone.localdate()
    sent = typed(sector, promise_what="To call back", promise_due_on=due)
    client.post(NEW, sent)
    again = client.post(NEW, sent, headers=JSON)
    assert again.status_code == 200
    assert again.json() == {"uuid": sent["uuid"], "url": f"/log/entries/{sent['uuid']}/"}
    assert client.post(NEW, sent)["Location"] == f"/log/entries/{sent['uuid']}/"
    assert (LogEntry.objects.count(), Promise.objects.count()) == (1, 1)


def test_an_entry_that_arrived_is_known_when_it_is_sent_again_after_the_rights_ended(client, sector):
    user = officer_of(sector, period=between(days=(-50, 0.5)))
    client.force_login(user)
    sent = typed(sector)
    client.post(NEW, sent)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        client.force_login(user)
        assert client.post(NEW, sent, headers=JSON).status_code == 200
        assert client.post(NEW, typed(sector), headers=JSON).status_code == 422


def test_the_number_of_somebody_elses_entry_is_refused(client, officer, sector):
    theirs = LogEntryFactory(sector=sector)
    sent = typed(sector, uuid=str(theirs.uuid))
    assert client.post(NEW, sent, headers=JSON).status_code == 409
    assert client.post(NEW, sent)["Location"] == NEW
    assert LogEntry.objects.get() == theirs


@pytest.mark.django_db(transaction=True)
def test_two_that_arrive_at_the_same_instant_are_one_entry():
    sector = SectorFactory()
    user = officer_of(sector)
    sent = typed(sector, FormVersionFactory(template__station=sector.station))
    start, answers = threading.Barrier(4), []
    clients = [Client() for _ in range(4)]
    for one in clients:
        one.force_login(user)

    def post(one: Client) -> None:
        try:
            start.wait(10)
            answers.append(one.post(NEW, sent, headers=JSON).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post, args=(one,)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [200, 200, 200, 201]
    assert LogEntry.objects.count() == 1


def test_a_sector_that_one_does_not_work_in_any_more_is_refused_and_says_who_takes_the_entry(
    client, officer, sector
):
    successor = AssignmentFactory(
        sector=SectorFactory(district=sector.district, slug="husum", name="Husum"),
        officer__name="Bo Efterfølger",
    )
    sent = typed(successor.sector)
    (sentence,) = errors_of(client.post(NEW, sent, headers=JSON))["sector"]
    assert "You do not work in Husum any more" in sentence
    assert "copy it and give it to Bo Efterfølger" in sentence
    page = client.post(NEW, sent)
    assert page.status_code == 422
    assert "Talked with the owner." in page.content.decode()
    assert not LogEntry.objects.exists()


def test_whose_rights_have_all_ended_gets_what_they_typed_back(client, sector):
    user = officer_of(sector, period=between(days=(-50, -1)))
    client.force_login(user)
    response = client.post(NEW, typed(sector, place_text="At the square", **{"value-met": "Somebody"}))
    page = response.content.decode()
    assert response.status_code == 422
    assert "You do not work in Bellahøj any more" in page
    for words in ("Talked with the owner.", "At the square", "Somebody"):
        assert words in page


def test_without_a_sector_the_page_says_so(client):
    client.force_login(UserFactory())
    page = client.get(NEW).content.decode()
    assert "You do not work in a sector at the moment" in page
    assert "data-entry-form" not in page


def test_100000_characters_are_refused_with_a_sentence_and_stay_in_the_form(client, officer, sector):
    sent = typed(sector, text="ø" * 100_000)
    (sentence,) = errors_of(client.post(NEW, sent, headers=JSON))["text"]
    assert "100000 characters" in sentence
    assert "room for 20000" in sentence
    page = client.post(NEW, sent)
    assert page.status_code == 422
    assert page.content.decode().count("ø") >= 100_000
    assert 'maxlength="20000"' not in page.content.decode()


def test_lines_count_once_however_a_browser_ends_them(client, officer, sector):
    client.post(NEW, typed(sector, text="one\r\ntwo" + "\r\n" * 9_990 + "end"))
    assert LogEntry.objects.get().text.startswith("one\ntwo\n")


@pytest.mark.parametrize("text", NASTY)
def test_whatever_is_typed_is_stored_and_shown_as_text(client, officer, sector, text):
    location = client.post(NEW, typed(sector, text=text, place_text=text))["Location"]
    entry = LogEntry.objects.get()
    assert (entry.text, entry.place_text) == (text, text)
    page = client.get(location).content.decode()
    assert "<script>alert" not in page
    assert text[-6:].replace("'", "&#x27;").replace('"', "&quot;") in page


@pytest.mark.parametrize(
    "field", ["text", "place_text", "value-met", "promise_what", "form", "uuid", "sector"]
)
def test_nul_bytes_are_refused_with_a_sentence(client, officer, sector, field):
    assert field in str(errors_of(client.post(NEW, typed(sector, **{field: "a\0b"}), headers=JSON)))
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("form", "x"),
        ("form", "9" * 40),
        ("form", ""),
        ("uuid", "x"),
        ("parties", "x"),
        ("parties", "7d3c1f0e-0000-4000-8000-000000000000"),
        ("groups", "9" * 40),
        ("challenges", "x"),
        ("effort", "x"),
        ("flagged_for", "x"),
        ("lat", "nan"),
        ("accuracy", "-1"),
        ("outcome", "murder"),
        ("happened_on", "yesterday"),
        ("happened_on", "0001-01-01"),
        ("happened_time", "25:00"),
        ("seconds_ago", "-5"),
        ("seconds_ago", str(40 * 24 * 3600)),
        ("follow_up_on", "9999-12-31"),
        ("follow_up_on", "2020-01-01"),
        ("promise_to_whom", "Somebody"),
        ("promise_what", "Something without a day"),
    ],
)
def test_made_up_values_are_refused_with_a_sentence(client, officer, sector, field, value):
    found = errors_of(client.post(NEW, typed(sector, **{field: value}), headers=JSON))
    assert set(found) & {field, "promise_what", "promise_due_on"}
    assert all(line for lines in found.values() for line in lines)
    assert not LogEntry.objects.exists()


def test_what_belongs_to_another_sector_is_not_taken(client, officer, sector):
    other = SectorFactory(district=sector.district)
    sent = typed(
        sector,
        parties=[PartyFactory(sector=other).uuid],
        challenges=[ChallengeFactory(sector=other).uuid],
        effort=EffortFactory(sectors=[other]).uuid,
        groups=[TargetGroupFactory().pk],
    )
    assert set(errors_of(client.post(NEW, sent, headers=JSON))) == {
        "parties",
        "challenges",
        "effort",
        "groups",
    }


def test_an_entry_that_says_nothing_is_refused(client, officer, sector):
    assert "text" in errors_of(client.post(NEW, typed(sector, text=" "), headers=JSON))
    party = PartyFactory(sector=sector)
    assert client.post(NEW, typed(sector, text="", parties=[party.uuid]), headers=JSON).status_code == 201


# Time


def at(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


@pytest.fixture
def half_past_nine():
    with time_machine.travel(at("2027-05-03T21:30:00"), tick=False):
        yield


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, "2027-05-03T21:30:00"),
        ({"seconds_ago": 3600}, "2027-05-03T20:30:00"),
        ({"happened_time": "14:05"}, "2027-05-03T14:05:00"),
        ({"happened_on": "2027-05-03"}, "2027-05-03T21:30:00"),
        ({"happened_on": "2027-05-01"}, "2027-05-01T12:00:00"),
        ({"happened_on": "2027-05-01", "happened_time": "23:15"}, "2027-05-01T23:15:00"),
        # Written before midnight two days ago, without a network since.
        ({"happened_time": "20:00", "seconds_ago": 2 * 86400}, "2027-05-01T20:00:00"),
        # The night in which the clocks are put forward has no such time: an hour later.
        ({"happened_on": "2027-03-28", "happened_time": "02:30"}, "2027-03-28T03:30:00"),
    ],
)
def test_when_it_happened_follows_from_what_was_typed_and_how_long_ago(
    client, sector, half_past_nine, sent, expected
):
    client.force_login(officer_of(sector))
    client.post(NEW, typed(sector, **sent))
    assert LogEntry.objects.get().happened_at == at(expected)


@pytest.mark.parametrize(
    "sent", [{"happened_on": "2027-05-04"}, {"happened_time": "21:45"}, {"happened_on": "2028-01-01"}]
)
def test_the_future_is_refused_with_a_sentence(client, sector, half_past_nine, sent):
    client.force_login(officer_of(sector))
    found = errors_of(client.post(NEW, typed(sector, **sent), headers=JSON))
    assert list(found.values()) == [["This lies in the future. Look at the date and the time."]]


def test_a_phone_without_a_network_for_days_may_plan_what_is_over_by_now(client, sector, half_past_nine):
    client.force_login(officer_of(sector, period=since(days=500)))
    sent = typed(sector, seconds_ago=5 * 86400, follow_up_on="2027-04-30")
    assert client.post(NEW, sent, headers=JSON).status_code == 201


# Place


def test_a_place_is_kept_no_more_exactly_than_was_chosen(client, officer, sector):
    position = {"lat": "55.712345678", "lon": "12.512345678", "accuracy": "8.5"}
    for precision, kept in (("", 100), ("100", 100), ("exact", 10), ("sector", None)):
        sent = typed(sector, **position, place_precision=precision)
        client.post(NEW, sent)
        entry = LogEntry.objects.get(uuid=sent["uuid"])
        assert entry.place_precision == kept
        if kept:
            assert abs(entry.place.y - 55.712345678) * 111_320 <= kept
            assert entry.place.y != 55.712345678
        else:
            assert entry.place is None


def test_a_place_outside_the_area_of_the_site_is_refused(client, officer, sector):
    found = errors_of(client.post(NEW, typed(sector, lat="-33.8", lon="151.2"), headers=JSON))
    assert "outside the area" in found["place_text"][0]


# Forms


def test_a_form_that_was_replaced_meanwhile_is_taken_and_the_entry_keeps_it(client, officer, sector):
    old = FormVersionFactory(template=FormTemplateFactory(station=sector.station), name={"en": "Night walk"})
    FormVersionFactory(template=old.template, number=2)
    response = client.post(NEW, typed(sector, old))
    assert LogEntry.objects.get().form_version == old
    page = client.get(response["Location"]).content.decode()
    assert "The form “Night walk” was changed meanwhile." in page


def test_a_form_that_was_withdrawn_meanwhile_is_taken(client, officer, sector):
    version = FormVersionFactory(template__station=sector.station)
    sent = typed(sector, version)
    version.template.retired_at = timezone.now()
    version.template.save()
    assert client.post(NEW, sent, headers=JSON).status_code == 201


def test_drafts_and_forms_of_other_stations_are_not_taken(client, officer, sector):
    draft = FormVersionFactory(template__station=sector.station, draft=True)
    foreign = FormVersionFactory()
    for version in (draft, foreign):
        assert "form" in errors_of(client.post(NEW, typed(sector, version), headers=JSON))


def test_a_required_question_of_the_form_is_asked(client, officer, sector):
    question = {"key": "who", "kind": "text", "label": {"en": "Who"}, "required": True, "choices": []}
    version = FormVersionFactory(template__station=sector.station, fields=[question])
    assert "value-who" in errors_of(client.post(NEW, typed(sector, version), headers=JSON))


def test_all_forms_are_in_the_page_and_the_chosen_ones_questions_open(client, officer, sector):
    visit, meeting = first_form(), first_form("meeting")
    page = client.get(f"{NEW}?form=visit").content.decode()
    assert page.count("data-form-choice") == 8
    assert f'data-form-fields="{visit.pk}"\n' in page
    questions = page.split("data-form-fields=")[1:]
    shown = [one for one in questions if "hidden disabled" not in one.split(">")[0]]
    assert [one.split('"')[1] for one in shown] == [str(visit.pk)]
    assert str(meeting.pk) in {one.split('"')[1] for one in questions}


def test_without_javascript_another_form_is_shown_with_what_was_typed(client, officer, sector):
    response = client.post(NEW, typed(sector, first_form("meeting"), show="form"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Talked with the owner." in page
    assert "field-error" not in page
    assert not LogEntry.objects.exists()
    shown = [one for one in page.split("data-form-fields=")[1:] if "hidden disabled" not in one.split(">")[0]]
    assert [one.split('"')[1] for one in shown] == [str(first_form("meeting").pk)]


# The page


def test_the_address_fills_in_sector_party_challenge_and_effort(client, officer, sector):
    AssignmentFactory(sector=SectorFactory(district=sector.district), officer=officer.officer, attached=True)
    party, challenge = PartyFactory(sector=sector), ChallengeFactory(sector=sector)
    effort = EffortFactory(sectors=[sector])
    address = f"{NEW}?sector={sector.slug}&party={party.uuid}&challenge={challenge.uuid}&effort={effort.uuid}"
    page = client.get(address).content.decode()
    assert f'value="{sector.slug}"' in page
    for one in (party, challenge):
        chip = page[page.index(f'value="{one.uuid}"') :]
        assert " checked" in chip[: chip.index(">")]
    assert f'<option value="{effort.uuid}" selected>' in page


def test_the_address_ticks_the_target_group_and_no_other(client, officer, sector):
    page = client.get(f"{NEW}?sector={sector.slug}&group=young").content.decode()
    ticked = [
        tag.split(">")[0] for tag in page.split("<input") if 'name="groups"' in tag and " checked" in tag
    ]
    young = TargetGroup.objects.get(station=None, slug="young")
    assert [f'value="{young.pk}"' in tag for tag in ticked] == [True]


def test_a_foreign_sector_or_party_in_the_address_shows_nothing_of_it(client, officer, sector):
    foreign = PartyFactory(name="Foreign party", sector__name="Foreignland")
    page = client.get(f"{NEW}?sector={foreign.sector.slug}&party={foreign.uuid}").content.decode()
    assert "Foreign" not in page


@pytest.mark.parametrize(
    "given", ["sector=%00", "form=%00", "party=%00", "group=%00", "effort=x", "challenge=%ff"]
)
def test_made_up_addresses_open_an_ordinary_page(client, officer, sector, given):
    assert client.get(f"{NEW}?{given}").status_code == 200


def test_parties_that_were_seen_lately_come_first(client, officer, sector):
    for name in ("Alfa", "Beta", "Gamma"):
        PartyFactory(sector=sector, name=name)
    seen = PartyFactory(sector=sector, name="Zeta")
    PartyFactory(sector=sector, name="Gone", gone_at=timezone.now())
    LogEntryFactory(sector=sector, parties=[seen])
    page = client.get(NEW).content.decode()
    places = [page.index(f"<span>{name}</span>") for name in ("Zeta", "Alfa", "Beta", "Gamma")]
    assert places == sorted(places)
    assert "Gone" not in page


def chosen_sector(client) -> str:
    chosen = [one for one in client.get(NEW).content.decode().split("<input")[1:] if 'name="sector"' in one]
    return next((one.split('value="')[1].split('"')[0] for one in chosen if "checked" in one), "")


def test_of_several_sectors_that_of_the_patrol_is_chosen_else_of_the_last_entry_else_ones_own(client, sector):
    user = officer_of(sector, attached=True)
    client.force_login(user)
    other = SectorFactory(district=sector.district, slug="husum")
    AssignmentFactory(sector=other, officer=user.officer, attached=True)
    assert chosen_sector(client) == ""
    entry = LogEntryFactory(sector=sector, author=user)
    assert chosen_sector(client) == sector.slug
    PatrolFactory(sector=other, user=user, period=since(hours=1))
    assert chosen_sector(client) == "husum"
    assert entry.sector == sector


def test_another_account_has_another_mark_for_its_drafts(client, sector):
    marks = set()
    for user in (officer_of(sector), officer_of(sector, attached=True)):
        client.force_login(user)
        page = client.get(NEW).content.decode()
        marks.add(page.split('data-account="')[1].split('"')[0])
        assert user.email not in page
    assert len(marks) == 2


def test_what_looks_like_source_handling_is_asked_about_before_it_is_saved(client, officer, sector):
    sent = typed(sector, text="A source told me who sells.")
    asked = client.post(NEW, sent, headers=JSON)
    assert asked.status_code == 409
    assert "source handling" in asked.json()["question"]
    assert "data-source-question" in client.post(NEW, sent).content.decode()
    assert not LogEntry.objects.exists()
    assert client.post(NEW, {**sent, "source_answer": "keep"}, headers=JSON).status_code == 201


def test_the_question_is_asked_about_the_forms_own_questions_too(client, officer, sector):
    sent = typed(sector, **{"value-met": "An informant"})
    assert client.post(NEW, sent, headers=JSON).status_code == 409


def test_the_page_costs_no_more_queries_with_many_parties_and_forms(
    client, officer, sector, django_assert_max_num_queries
):
    PartyFactory.create_batch(40, sector=sector)
    ChallengeFactory.create_batch(5, sector=sector)
    client.get(NEW)
    with django_assert_max_num_queries(32):
        client.get(NEW)
