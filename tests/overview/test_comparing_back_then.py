"""Who was responsible at an address, or in a sector, on a date."""

import datetime
import html
import re

import pytest
from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit.models import ReadEntry
from overview.comparing.owners import owners_at
from sectors.instants import instant_of
from sectors.ownership import Ownership
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    AbsenceFactory,
    AddressFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    CoverFactory,
    DistrictFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    StreetFactory,
    between,
    days_ago,
    head_of,
    head_of_district,
    middle,
    square,
)
from tests.overview.files import lines_of

pytestmark = pytest.mark.django_db

URL, FILE = "overview:back_then", "overview:back_then_csv"


class City:
    """Two districts with a sector each, that exchanged their ground ten days ago."""

    def __init__(self) -> None:
        self.station = StationFactory()
        self.one, self.other = (
            SectorFactory(district=DistrictFactory(station=self.station), number=number) for number in (1, 2)
        )
        self._release({self.one: square(0), self.other: square(1)}, days_ago(300), days_ago(10))
        self._release({self.other: square(0), self.one: square(1)}, days_ago(10), None)
        self.former, self.present = (OfficerFactory(station=self.station) for _ in range(2))
        AssignmentFactory(
            sector=self.one, officer=self.former, period=DateTimeTZRange(days_ago(250), days_ago(100))
        )
        AssignmentFactory(sector=self.one, officer=self.present, period=DateTimeTZRange(days_ago(100), None))
        AddressFactory(street=StreetFactory(name="Storkevej", key="storkevej"), number=7, column=0)
        self.head = head_of(self.station)

    def _release(self, areas, begins, ends):
        release = BoundaryReleaseFactory(station=self.station, areas=areas)
        release.period, release.published_at = DateTimeTZRange(begins, ends), begins
        release.save()


@pytest.fixture
def city():
    return City()


@pytest.fixture
def ask(client, city):
    def get(user=None, *, days=200, **asked):
        client.force_login(user or city.head)
        day = timezone.localdate() - datetime.timedelta(days=days)
        return client.get(reverse(URL), {"date": f"{day:%Y-%m-%d}", **asked})

    return get


def test_the_officer_of_then_is_named_and_the_border_of_then_holds(ask, city):
    answer = ask(q="Storkevej 7")
    recall = answer.context["recall"]
    assert (recall.sector, recall.answer.officer.name) == (city.one, city.former.name)
    assert recall.sector_now == city.other
    assert f"today this place lies in {city.other}" in answer.content.decode()
    assert city.present.name not in answer.content.decode()
    assert ask(days=50, q="Storkevej 7").context["recall"].answer.officer.name == city.present.name


def test_a_misspelt_address_is_understood_and_said(ask, city):
    answer = ask(q="Stårkevej 7")
    assert answer.context["recall"].sector == city.one
    assert "writes this address differently" in answer.content.decode()


def test_the_minute_of_the_change_decides(ask, city):
    change = timezone.localtime(days_ago(100))
    before = change - datetime.timedelta(minutes=1)
    after = change + datetime.timedelta(minutes=1)
    for instant, officer in ((before, city.former), (after, city.present)):
        answer = ask(sector=city.one.slug, date=f"{instant:%Y-%m-%d}", time=f"{instant:%H:%M}")
        assert answer.context["recall"].answer.officer.name == officer.name


def test_who_was_away_and_who_covered_is_told(ask, city):
    cover = CoverFactory(
        absence=AbsenceFactory(officer=city.former, period=between(days=(-210, -190))), sector=city.one
    )
    colleague = AssignmentFactory(
        sector=city.one, attached=True, period=DateTimeTZRange(days_ago(220), days_ago(180))
    )
    answer = ask(sector=city.one.slug)
    recall = answer.context["recall"]
    assert recall.answer.officer.name == cover.officer.name
    assert recall.answer.absent.officer.name == city.former.name
    page = answer.content.decode()
    assert "Covering" in page
    assert "Attached and at work" in page
    read = ReadEntry.objects.get(subject="officers.officer")
    named = {cover.officer_id, city.former.pk, colleague.officer_id}
    assert set(read.keys) == {f"officers.officer:{pk}" for pk in named}
    assert read.sectors == [city.one.pk]


def test_the_last_day_of_who_was_responsible_is_one_on_which_they_answered(ask, city):
    """Who hands over at 07:00 does not answer on that day."""
    leaves = timezone.localdate() - datetime.timedelta(days=150)
    officer = OfficerFactory(station=city.station)
    period = DateTimeTZRange(days_ago(250), instant_of(leaves, datetime.time(7)))
    AssignmentFactory(sector=city.other, officer=officer, period=period)
    page = " ".join(ask(sector=city.other.slug).content.decode().split())
    assert f" to {date_format(leaves - datetime.timedelta(days=1))}" in page
    assert date_format(leaves) not in page


def test_a_vacancy_of_then_is_told(ask, city):
    page = ask(days=280, sector=city.one.slug).content.decode()
    assert "Nobody: the district answered" in page


def test_before_the_first_division_there_is_no_answer(ask, city):
    for asked in ({"q": "Storkevej 7"}, {"sector": city.one.slug}):
        page = ask(days=400, **asked)
        assert page.status_code == 200
        assert "The first division into sectors is known from" in page.content.decode()
        assert not ReadEntry.objects.filter(subject="officers.officer").exists()


def test_a_sector_that_was_not_drawn_did_not_exist(ask, city):
    young = SectorFactory(district=city.one.district)
    assert f"{young} did not exist then." in ask(sector=young.slug).content.decode()


def test_a_day_to_come_leads_to_the_gaps(ask, city):
    page = ask(days=-5, sector=city.one.slug).content.decode()
    day = timezone.localdate() + datetime.timedelta(days=5)
    assert f"{reverse('overview:day')}?on={day:%Y-%m-%d}" in page
    assert reverse("overview:day") + "?on=" not in ask(days=-500, sector=city.one.slug).content.decode()


def test_today_without_a_time_is_never_to_come(ask, city):
    assert ask(days=0, sector=city.one.slug).context["recall"].answer.officer.name == city.present.name


def test_a_district_head_reads_of_what_was_theirs_or_is_theirs(ask, city):
    """Ground passed from one district to the other: both heads may know who it was."""
    for district in (city.one.district, city.other.district):
        assert ask(head_of_district(district), q="Storkevej 7").context["recall"].sector == city.one
    stranger = head_of_district(DistrictFactory(station=city.station))
    page = ask(stranger, q="Storkevej 7").content.decode()
    assert "did not lie in a sector of yours then" in page
    assert city.former.name not in page
    assert ask(stranger, sector=city.one.slug).status_code == 422


def test_another_station_is_not_told_of(ask, city):
    page = ask(head_of(StationFactory()), q="Storkevej 7").content.decode()
    assert city.former.name not in page
    assert str(city.one) not in page


def test_an_address_that_may_mean_several_asks_which(ask, client, city):
    street = StreetFactory(name="Gåsevej", key="gasevej", address_count=4)
    for column, number in ((0, 1), (0, 9), (1, 21)):
        AddressFactory(street=street, number=number, location=Point(*middle(column), srid=4326))
    answer = ask(q="Gåsevej")
    labels = [place.label for place, _query in answer.context["choices"]]
    assert labels == ["Gåsevej 1–9, 2700 Brønshøj", "Gåsevej 21, 2700 Brønshøj"]
    chosen = client.get(reverse(URL) + answer.context["choices"][1][1])
    assert chosen.context["recall"].sector == city.other
    assert chosen.context["recall"].place.text == "Gåsevej 21, 2700 Brønshøj"


def test_a_street_in_one_sector_needs_no_number(ask, city):
    assert ask(q="Storkevej").context["recall"].sector == city.one


def test_an_unknown_address_is_said_to_be_unknown(ask, city):
    page = ask(q="Qxzwvej 99999")
    assert page.status_code == 200
    assert "does not know this address" in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({}, {"q"}),
        ({"q": "Storkevej 7", "sector": "SECTOR"}, {"q"}),
        ({"q": "\x00"}, {"q"}),
        ({"q": "x" * 5000}, {"q"}),
        ({"sector": "nowhere"}, {"sector"}),
        ({"sector": "SECTOR", "date": "0001-01-01"}, {"date"}),
        ({"sector": "SECTOR", "date": "32.13.2020"}, {"date"}),
        ({"sector": "SECTOR", "date": ""}, {"date"}),
        ({"sector": "SECTOR", "time": "25:99"}, {"time"}),
        ({"sector": "SECTOR", "date": "2026-03-29", "time": "02:30"}, {"time"}),
        ({"lat": "inf", "lon": "1e9"}, {"q"}),
    ],
)
def test_bad_input_is_kept_with_a_sentence(ask, city, asked, fields):
    asked = {name: city.one.slug if value == "SECTOR" else value for name, value in asked.items()}
    answer = ask(**asked)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == fields
    assert "No answer yet" in answer.content.decode()


@pytest.fixture
def file(client, city):
    def get(user=None, *, days=200, **asked):
        client.force_login(user or city.head)
        day = timezone.localdate() - datetime.timedelta(days=days)
        return client.get(reverse(FILE), {"date": f"{day:%Y-%m-%d}", **asked})

    return get


def test_the_answer_comes_as_a_file_and_is_noted(file, city):
    city.former.name = "=1+1"
    city.former.save()
    answer = file(q="Storkevej 7")
    head, row = lines_of(answer)
    told = dict(zip(head, row, strict=True))
    day = timezone.localdate() - datetime.timedelta(days=200)
    assert (told["When"], told["Place"][:11]) == (f"{day} 12:00", "Storkevej 7")
    assert (told["District"], told["Sector then"]) == (city.one.district.name, city.one.name)
    assert (told["Who answered"], told["Responsible officer"], told["Away"]) == ("'=1+1", "'=1+1", "")
    assert told["From"][:10] == f"{timezone.localtime(days_ago(250)):%Y-%m-%d}"
    assert told["Sector today"] == str(city.other)
    exported = ReadEntry.objects.get(verb="exported")
    assert (exported.keys, exported.sectors) == ([f"officers.officer:{city.former.pk}"], [city.one.pk])
    assert f"back-then-{day}-{timezone.localdate()}.csv" in answer["Content-Disposition"]


def test_the_file_tells_who_covered_and_who_was_away(file, city):
    absence = AbsenceFactory(officer=city.former, period=between(days=(-210, -190)))
    cover = CoverFactory(absence=absence, sector=city.one)
    head, row = lines_of(file(sector=city.one.slug))
    told = dict(zip(head, row, strict=True))
    assert (told["Who answered"], told["How"]) == (cover.officer.name, "covers")
    assert told["Away"] == city.former.name
    head, row = lines_of(file(days=280, sector=city.one.slug))
    told = dict(zip(head, row, strict=True))
    assert (told["Who answered"], told["How"], told["Responsible officer"]) == ("", "nobody", "none")


def test_the_page_leads_to_the_file_of_the_same_question(ask, client, city):
    page = ask(q="Storkevej 7").content.decode()
    (link,) = re.findall(r'href="([^"]*back-then\.csv[^"]*)"', page)
    assert lines_of(client.get(html.unescape(link)))[1][5] == city.former.name


def test_a_file_without_an_answer_is_the_page_that_says_why(file, city):
    """To come, unknown, a choice, and what is no question."""
    street = StreetFactory(name="Gåsevej", key="gasevej", address_count=4)
    for column in (0, 1):
        AddressFactory(street=street, number=column + 1, location=Point(*middle(column), srid=4326))
    for days, asked, words in (
        (-5, {"sector": city.one.slug}, "This lies ahead."),
        (400, {"q": "Storkevej 7"}, "did not lie in a sector of yours"),
        (200, {"q": "Gåsevej"}, "Which one do you mean?"),
        (200, {}, "No answer yet"),
    ):
        answer = file(days=days, **asked)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not ReadEntry.objects.filter(verb="exported").exists()


def test_others_past_is_in_no_file(file, city):
    for stranger in (head_of(StationFactory()), head_of_district(DistrictFactory(station=city.station))):
        answer = file(stranger, q="Storkevej 7")
        assert answer.status_code == 422
        assert city.former.name not in answer.content.decode()


def test_the_form_alone_names_nobody(client, city):
    client.force_login(city.head)
    answer = client.get(reverse(URL))
    assert answer.status_code == 200
    assert city.present.name not in answer.content.decode()


def test_the_rule_of_shared_borders_and_cracks_is_the_registers(city):
    """On the border, a hair beside it in a crack, inside, far outside."""
    edge = WEST + SIDE
    points = [(edge, SOUTH + SIDE / 2), middle(0), middle(1), (edge, SOUTH), (0.0, 0.0), middle(7)]
    crack = BoundaryReleaseFactory(
        station=StationFactory(),
        areas={SectorFactory(): square(3), SectorFactory(): square(4 + 5e-5)},
    )
    crack.period, crack.published_at = DateTimeTZRange(days_ago(300), None), days_ago(300)
    crack.save()
    points.append((WEST + 4 * SIDE + 1e-7, SOUTH + SIDE / 2))
    for instant in (days_ago(200), timezone.now(), days_ago(500)):
        found = [sector.pk if sector else None for sector in owners_at(instant, points)]
        assert found == Ownership(instant).sectors_of(points)
    assert owners_at(days_ago(200), points[-1:]) != [None]
    assert owners_at(timezone.now(), []) == []


def test_the_answer_costs_few_queries(ask, file, city, django_assert_max_num_queries):
    for answer in (ask, file):
        answer(q="Storkevej 7")
        with django_assert_max_num_queries(22):
            answer(q="Storkevej 7")
