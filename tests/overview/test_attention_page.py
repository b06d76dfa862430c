"""The page of what waits and its file: choices, pages, what is noted, what never stands there."""

import csv
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from overview.scope import key_of
from tests.factories import (
    AssignmentFactory,
    BoundaryReleaseFactory,
    ChallengeFactory,
    DistrictFactory,
    LeadershipFactory,
    LogEntryFactory,
    OfficerFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    SourceKeyFactory,
    SourceReferralFactory,
    StaffRoleFactory,
    UserFactory,
    days_ago,
    head_of_district,
    square,
)
from tests.overview.waiting import city_of, group, message, noon

pytestmark = pytest.mark.django_db

# Session, account, standing, scope, the list, its words, the read log.
QUERIES = 16
PAGE, FILE = reverse("overview:attention"), reverse("overview:attention_csv")


@pytest.fixture
def city():
    return city_of()


@pytest.fixture
def head(client, city):
    client.force_login(city.head)
    return client


def names(response):
    """Return the names of the rows, in their order."""
    return re.findall(r'dir="auto">([^<]+)<', response.content.decode())


def lines(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


# --- The page -----------------------------------------------------------------------------------


def test_what_is_past_its_time_stands_before_what_comes_near(head, city):
    near = group(city.sector, met=19, interval=20)
    past = group(city.sector, met=30, interval=20)
    response = head.get(PAGE)
    assert names(response) == [past.group.name, near.group.name]
    text = response.content.decode()
    assert text.index(past.group.name) < text.index("Comes near") < text.index(near.group.name)
    assert "<strong>1</strong> thing is past its time." in text


def test_kinds_can_be_chosen_several_at_once(head, city):
    neglected = group(city.sector, met=30)
    party = PartyFactory(sector=city.sector, interval_days=20, created_at=noon(50))
    challenge = ChallengeFactory(sector=city.sector, opened_at=days_ago(40))
    assert len(names(head.get(PAGE))) == 3
    assert names(head.get(PAGE, {"kind": "group"})) == [neglected.group.name]
    assert set(names(head.get(PAGE, {"kind": ["party", "challenge"]}))) == {party.name, challenge.title}


def test_links_to_things_of_the_same_name_are_told_apart_by_their_sector(head, city):
    """Heard without the rows around them, as a screen reader lists links."""
    first = group(city.sector, met=30)
    second = group(city.southern, met=29)
    second.group = first.group
    second.save()
    text = head.get(PAGE).content.decode()
    for sector in (city.sector, city.southern):
        assert f'>{first.group.name}<span class="visually-hidden">, {sector}</span></a>' in text


def test_the_order_can_be_by_days(head, city):
    urgent = group(city.sector, met=50, interval=20)
    longest = group(city.sector, met=100, interval=60)
    assert names(head.get(PAGE)) == [urgent.group.name, longest.group.name]
    assert names(head.get(PAGE, {"order": "longest"})) == [longest.group.name, urgent.group.name]


def test_a_choice_of_a_place_is_kept_with_the_other_choices(head, city):
    group(city.sector, met=30)
    text = head.get(
        PAGE, {"where": key_of(city.sector), "kind": "group", "order": "longest"}
    ).content.decode()
    assert f'<input type="hidden" name="where" value="{key_of(city.sector)}">' in text
    assert '<input type="hidden" name="kind" value="group">' in text
    assert '<input type="hidden" name="order" value="longest">' in text
    assert f"{FILE}?where={key_of(city.sector).replace(':', '%3A')}&amp;kind=group" in text


def test_an_officer_finds_their_own_among_all_and_a_head_is_not_asked(client, head, city):
    assert "Mine" not in head.get(PAGE).content.decode()
    user = UserFactory()
    AssignmentFactory(officer=OfficerFactory(station=city.station, user=user), sector=city.sector)
    AssignmentFactory(officer=user.officer, sector=city.southern, role="attached")
    here, there = group(city.sector, met=30), group(city.southern, met=30)
    client.force_login(user)
    assert set(names(client.get(PAGE))) == {here.group.name, there.group.name}
    assert names(client.get(PAGE, {"mine": "1"})) == [here.group.name]


def test_where_nothing_waits_the_page_says_so(head, city):
    assert "Nothing waits here" in head.get(PAGE).content.decode()
    group(city.sector, met=30)
    text = head.get(PAGE, {"kind": "message"}).content.decode()
    assert "Nothing of this kind waits here." in text
    assert "Show everything that waits" in text


def test_a_station_without_sectors_has_a_page(client):
    client.force_login(LeadershipFactory().user)
    response = client.get(PAGE)
    assert response.status_code == 200
    assert "There are no sectors here yet." in response.content.decode()
    assert len(lines(client.get(FILE))) == 1


def test_an_unknown_kind_is_left_out_and_said(head, city):
    neglected = group(city.sector, met=30)
    for nonsense in ("nonsense", "\x00", "'", "x" * 5000, "GROUP"):
        response = head.get(PAGE, {"kind": [nonsense, "group"]})
        assert response.status_code == 200
        assert names(response) == [neglected.group.name]
        assert "asks for a kind that does not exist" in response.content.decode()
    assert "does not exist" not in head.get(PAGE, {"kind": ["", "group"]}).content.decode()


def test_an_officer_cannot_ask_for_referrals(client, city):
    user = UserFactory()
    AssignmentFactory(officer=OfficerFactory(station=city.station, user=user), sector=city.sector)
    SourceReferralFactory(district=city.north)
    client.force_login(user)
    text = client.get(PAGE, {"kind": "referral"}).content.decode()
    assert "asks for a kind that does not exist" in text
    assert "Referral" not in text


@pytest.mark.parametrize("page", ["999999", "9" * 30, "0", "-1", "x", "²", "1.5", "", "\x00"])
def test_a_page_that_does_not_exist_is_the_first_or_the_last(head, city, page):
    for number in range(27):
        PartyFactory(sector=city.sector, name=f"P{number}", interval_days=20, created_at=noon(50 + number))
    response = head.get(PAGE, {"page": page})
    assert response.status_code == 200
    assert len(names(response)) == (2 if page.startswith("9") else 25)


def test_another_place_and_another_account_find_no_page(client, head, city):
    assert head.get(PAGE, {"where": "sector:elsewhere"}).status_code == 404
    analyst = StaffRoleFactory(role="analyst", station=city.station).user
    client.force_login(analyst)
    assert client.get(PAGE).status_code == 404
    assert client.get(FILE).status_code == 404


@pytest.mark.parametrize("sectors", [1, 20])
def test_the_page_costs_as_many_queries_whatever_there_is(client, django_assert_max_num_queries, sectors):
    district = DistrictFactory()
    places = SectorFactory.create_batch(sectors, district=district)
    areas = {one: square(at) for at, one in enumerate(places)}
    BoundaryReleaseFactory(station=district.station, areas=areas, in_force=True)
    for sector in places:
        group(sector, met=30)
        message(sector, hours_over=4)
        PartyFactory.create_batch(100 // sectors, sector=sector, interval_days=20, created_at=noon(50))
    client.force_login(head_of_district(district))
    client.get(PAGE)
    with django_assert_max_num_queries(QUERIES):
        assert len(names(client.get(PAGE))) == 25


# --- The read log, and what is shown of whom ----------------------------------------------------


def test_what_the_page_names_is_noted_as_listed_and_what_the_file_names_as_exported(head, city):
    neglected = group(city.sector, met=30)
    waiting = message(city.sector, hours_over=4)
    head.get(PAGE)
    head.get(FILE, {"kind": "group"})
    noted = {(one.verb, key) for one in ReadEntry.objects.filter(actor=city.head) for key in one.keys}
    assert (ReadEntry.Verb.LISTED, f"contacts.message:{waiting.pk}") in noted
    assert (ReadEntry.Verb.LISTED, f"sectorlog.groupinsector:{neglected.pk}") in noted
    assert (ReadEntry.Verb.EXPORTED, f"sectorlog.groupinsector:{neglected.pk}") in noted
    assert (ReadEntry.Verb.EXPORTED, f"contacts.message:{waiting.pk}") not in noted


def test_no_word_of_a_message_and_nothing_of_a_referral_stands_there(client, city):
    canaries = {"text": "Kanariefugl tekst", "name": "Kanariefugl navn", "place": "Kanariefugl sted"}
    message(city.sector, hours_over=4, email="kanariefugl@example.org", **canaries)
    key = SourceKeyFactory(district=city.north)
    SourceReferralFactory(district=city.north, key=key, sealed="Kanariefugl forseglet")
    for user in (city.head, head_of_district(city.north)):
        client.force_login(user)
        for url in (PAGE, FILE):
            text = client.get(url).content.decode()
            assert "Message of" in text
            assert "eferral" in text
            assert "anariefugl" not in text
            assert key.thumbprint not in text


# --- The file -----------------------------------------------------------------------------------


def test_the_file_has_the_same_rows_and_no_pages(head, city):
    for number in range(30):
        PartyFactory(sector=city.sector, name=f"P{number}", interval_days=20, created_at=noon(50 + number))
    group(city.sector, met=30)
    found = lines(head.get(FILE, {"kind": "party"}))
    assert found[0] == ["Kind", "Where", "What", "How long", "What to know", "Its time is over with"]
    assert len(found) == 31
    assert found[1][:4] == ["Party of interest", str(city.sector), "P29", "79 days past its time."]
    assert found[1][5] == str(timezone.localdate(noon(79)))


def test_no_spreadsheet_takes_a_name_for_a_formula(head, city):
    PartyFactory(sector=city.sector, name="=1+1", interval_days=20, created_at=noon(50))
    ChallengeFactory(sector=city.sector, title="@SUM(A1)", opened_at=days_ago(40))
    found = {row[2] for row in lines(head.get(FILE))[1:]}
    assert found == {"'=1+1", "'@SUM(A1)"}


def test_the_words_of_a_promise_stay_in_the_log(head, city):
    entry = LogEntryFactory(sector=city.sector, happened_at=noon(20))
    PromiseFactory(entry=entry, what="To call Mrs Sørensen", due_on=noon(3).date())
    assert names(head.get(PAGE)) == ["To call Mrs Sørensen"]
    [row] = lines(head.get(FILE))[1:]
    assert row[:4] == ["Promise", str(city.sector), "", "3 days past its time."]


def test_a_file_that_is_cut_says_so(head, city, monkeypatch):
    monkeypatch.setattr("overview.views.attention.MOST_IN_FILE", 2)
    PartyFactory.create_batch(3, sector=city.sector, interval_days=20, created_at=noon(50))
    found = lines(head.get(FILE))
    assert len(found) == 4
    assert found[-1] == ["Only the first 2 stand in this file."]
    assert len(lines(head.get(FILE, {"kind": "group"}))) == 1
