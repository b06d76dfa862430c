import datetime

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from audit.models import ReadEntry
from sectorlog.models import Addendum
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    DistrictFactory,
    LeadershipFactory,
    LogEntryFactory,
    OfficerFactory,
    PartyFactory,
    SectorFactory,
    TargetGroupFactory,
    UserFactory,
    first_form,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return AssignmentFactory(
        officer=OfficerFactory(user=UserFactory(name="Rita Fictional")), sector__name="Brønshøj"
    )


@pytest.fixture
def sector(post):
    return post.sector


@pytest.fixture
def reader(client, post):
    client.force_login(post.officer.user)
    return client


def days_ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def listed(client, sector, status=200, **asked) -> str:
    response = client.get(f"/log/sectors/{sector.slug}/entries/", asked)
    assert response.status_code == status
    return response.content.decode()


def test_the_newest_come_first_by_day(reader, sector):
    LogEntryFactory(sector=sector, text="Older one", happened_at=days_ago(2))
    LogEntryFactory(sector=sector, text="Newer one", happened_at=days_ago(1))
    page = listed(reader, sector)
    assert page.index("Newer one") < page.index("Older one")
    for days in (1, 2):
        assert f'id="day-{timezone.localtime(days_ago(days)):%Y-%m-%d}"' in page


def test_an_empty_log_says_so(reader, sector):
    assert "Nothing has been written here yet." in listed(reader, sector)
    LogEntryFactory(sector=sector)
    assert "No entry fits." in listed(reader, sector, q="findesikke")


def test_older_entries_follow_page_by_page(reader, sector):
    for number in range(60):
        LogEntryFactory(sector=sector, text=f"Number {number}.", happened_at=days_ago(number / 7))
    seen, address = [], f"/log/sectors/{sector.slug}/entries/"
    while address:
        response = reader.get(address)
        seen += [card.entry.text for card in response.context["cards"]]
        following = response.context["following"]
        address = following and f"/log/sectors/{sector.slug}/entries/?{following}"
    assert seen == [f"Number {number}." for number in range(60)]
    assert "Back to the newest" in response.content.decode()


@pytest.mark.parametrize(
    "after", ["x", "1-", "1-x", "nan-1", "inf-1", "1e300-1", "1-99999999999999999999", "1--5"]
)
def test_a_place_that_no_link_names_is_a_bad_request(reader, sector, after):
    assert reader.get(f"/log/sectors/{sector.slug}/entries/", {"after": after}).status_code == 400


def test_every_filter_alone_and_all_together(reader, sector, post):
    group = TargetGroupFactory(station=sector.station, slug="anglers")
    party = PartyFactory(sector=sector, name="Kiosk on the corner")
    challenge = ChallengeFactory(sector=sector, title="Fires in the yard")
    LogEntryFactory(
        sector=sector,
        author=post.officer.user,
        form_version=first_form("meeting"),
        text="Wanted: bicycles",
        outcome="fine",
        place=Point(12.5, 55.7, srid=4326),
        place_precision=100,
        follow_up_on=timezone.localdate(),
        happened_at=days_ago(3),
        groups=[group],
        parties=[party],
        challenges=[challenge],
    )
    LogEntryFactory(sector=sector, text="Other", happened_at=days_ago(30))
    day = f"{timezone.localtime(days_ago(3)):%Y-%m-%d}"
    asked = {
        "q": "bicycle",
        "since": day,
        "until": day,
        "form": str(first_form("meeting").template.uuid),
        "group": "anglers",
        "party": "kiosk",
        "challenge": str(challenge.uuid),
        "author": "rita",
        "outcome": "fine",
        "near": "55.7005, 12.5005",
        "within": "100",
        "follow_up": "on",
    }
    alone = [{name: value} for name, value in asked.items() if name not in ("since", "until", "within")]
    for one in [*alone, {"since": day}, {"since": day, "until": day}, asked]:
        page = listed(reader, sector, **one)
        assert "Wanted" in page, one
        assert "Other" not in page, one
    assert "Wanted" not in listed(reader, sector, until=f"{days_ago(5):%Y-%m-%d}")
    assert "Wanted" not in listed(reader, sector, near="55.72, 12.5", within="500")
    assert "Wanted" not in listed(reader, sector, flagged="on")


def test_near_a_party_is_near_its_place(reader, sector):
    PartyFactory(sector=sector, name="Kiosk", place=Point(12.5, 55.7, srid=4326))
    at = {"place": Point(12.5005, 55.7, srid=4326), "place_precision": 100}
    LogEntryFactory(sector=sector, text="Beside it", **at)
    LogEntryFactory(sector=sector, text="Far from it")
    page = listed(reader, sector, near="kiosk")
    assert "Beside it" in page
    assert "Far from it" not in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "2027-01-02", "until": "2027-01-01"}, "The last day lies before the first one."),
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"since": "0001-01-01"}, "Choose a day between the years 2000 and 2199."),
        ({"form": "no-form"}, "Select a valid choice."),
        ({"outcome": "x"}, "Select a valid choice."),
        ({"party": "Nowhere"}, "No party of this name is known here."),
        ({"challenge": "Nothing"}, "There is no challenge of this title here."),
        ({"author": "Nobody"}, "Nobody of this name has worked here."),
        ({"near": "Nowhere Street 1"}, "This address is not known."),
        ({"near": "1.0, 2.0"}, "This place lies outside the area of this site."),
        ({"q": "!!!"}, "There is no word in this to search for."),
        ({"q": "x" * 201}, "Ensure this value has at most 200 characters"),
    ],
)
def test_what_is_not_understood_is_explained_and_kept(reader, sector, asked, sentence):
    LogEntryFactory(sector=sector, text="Unasked")
    page = listed(reader, sector, status=422, **asked)
    assert sentence in page
    assert "Unasked" not in page
    for value in asked.values():
        if "form" not in asked and "outcome" not in asked:
            assert value in page


def test_too_common_a_name_is_refused(reader, sector):
    for number in range(21):
        PartyFactory(sector=sector, name=f"Kiosk {number}")
    assert "Many have this in their name." in listed(reader, sector, status=422, party="kiosk")


def test_hits_are_marked_and_nothing_else_is_markup(reader, sector):
    entry = LogEntryFactory(sector=sector, text="<b>Cykler</b> & <img src=x>", place_text="Ved <i>cyklen</i>")
    Addendum.objects.create(entry=entry, text="En <u>cykel</u> mere", author=entry.author)
    page = listed(reader, sector, q="cykel")
    assert "&lt;b&gt;<mark>Cykler</mark>&lt;/b&gt; &amp; &lt;img src=x&gt;" in page
    assert "Ved &lt;i&gt;<mark>cyklen</mark>&lt;/i&gt;" in page
    assert "En &lt;u&gt;<mark>cykel</mark>&lt;/u&gt; mere" in page


def test_parties_of_other_sectors_are_not_found_by_name(reader, sector):
    PartyFactory(name="Secret kiosk")
    assert "No party of this name is known here." in listed(reader, sector, status=422, party="secret")


def test_all_sectors_that_one_reads_and_no_other(client):
    district = DistrictFactory()
    sectors = [SectorFactory(district=district) for _ in range(5)]
    for number, sector in enumerate(sectors):
        LogEntryFactory(sector=sector, text=f"Written in {number}.")
    LogEntryFactory(sector=SectorFactory(district__station=district.station), text="Another district's")
    LogEntryFactory(text="Another station's")
    client.force_login(LeadershipFactory(station=district.station, district=district).user)
    for asked in ({}, {"q": "written or another"}):
        page = client.get("/log/entries/", asked).content.decode()
        assert all(f"in {number}." in page for number in range(5))
        assert "station&#x27;s" not in page
        assert "district&#x27;s" not in page
    client.force_login(UserFactory())
    assert client.get("/log/entries/").status_code == 404


def test_searches_are_logged_with_what_they_showed_and_not_what_was_typed(reader, sector, post):
    entry = LogEntryFactory(sector=sector, text="Talked about cykler", outcome="fine")
    LogEntryFactory(sector=sector, text="Else")
    listed(reader, sector, q="cykel", outcome="fine")
    [read] = ReadEntry.objects.filter(actor_id=post.officer.user.pk, subject="sectorlog.logentry")
    assert read.verb == "searched"
    assert read.keys == [f"sectorlog.logentry:{entry.pk}"]
    assert read.sectors == [sector.pk]
    assert read.purpose == "[q outcome=fine]"


def test_each_name_on_the_page_is_in_the_read_log(reader, sector):
    party, trouble = PartyFactory(sector=sector, name="Kiosk"), ChallengeFactory(sector=sector, title="Noise")
    LogEntryFactory(sector=sector, parties=[party], challenges=[trouble])
    page = reader.get(f"/log/sectors/{sector.slug}/entries/").content.decode()
    assert "Kiosk" in page
    assert "Noise" in page
    noted = {key for read in ReadEntry.objects.all() for key in read.keys}
    assert {f"sectorlog.party:{party.pk}", f"sectorlog.challenge:{trouble.pk}"} <= noted


def test_a_search_without_a_hit_is_logged_as_well(reader, sector):
    listed(reader, sector, q="findesikke")
    [read] = ReadEntry.objects.filter(subject="sectorlog.logentry")
    assert (read.keys, read.sectors) == ([], [sector.pk])


def test_a_page_costs_the_same_for_many_entries(reader, sector, django_assert_max_num_queries):
    party = PartyFactory(sector=sector)
    for _ in range(12):
        LogEntryFactory(sector=sector, parties=[party], text="cykel")
    with django_assert_max_num_queries(24):
        listed(reader, sector, q="cykel", party="Party")
