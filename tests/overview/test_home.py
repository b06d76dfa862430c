"""Where a head's week begins: what is lacking, what waits, four numbers; and where officers find what waits."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit.models import ReadEntry
from overview.attention.asking import Asked
from overview.attention.gathering import gather
from overview.scope import headed, key_of, scope_of
from overview.week import numbers
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ContactHoursFactory,
    CoverFactory,
    GroupInSectorFactory,
    LeadershipFactory,
    LogEntryFactory,
    MessageFactory,
    MonthCountFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    between,
    days_ago,
    division_of,
    head_of_district,
)
from tests.overview.waiting import city_of

pytestmark = pytest.mark.django_db

HOME = "/station/overview/"


def complete(sector):
    """Give the sector all that it is to have; return its responsible officer."""
    AssignmentFactory(sector=sector, attached=True)
    ContactHoursFactory(sector=sector)
    return AssignmentFactory(sector=sector).officer


@pytest.fixture
def city():
    """Return two districts with a sector each, where nothing is lacking and nothing waits."""
    city = city_of()
    for sector in (city.sector, city.southern):
        complete(sector)
    return city


@pytest.fixture
def page(client):
    """Return what an account reads there."""

    def read(user, **query) -> str:
        client.force_login(user)
        answer = client.get(HOME, query)
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", answer.content.decode())

    return read


def number(city, place, where=""):
    """Return one of the four numbers as its head reads it."""
    scope = scope_of(city.head, where, headed(city.head))
    asked = Asked(city.head, scope)
    return numbers(asked, gather(asked, limit=0))[place]


def test_nothing_is_lacking(city, page):
    content = page(city.head)
    assert "Nothing is lacking this week." in content
    assert "Nothing waits past its time." in content
    assert "2 of 2" in content
    assert "Nobody is away." in content


def test_a_gap_of_today_stands_there_with_the_act_that_mends_it(city, page):
    AbsenceFactory(officer=city.sector.assignments.get(role="responsible").officer)
    content = page(city.head)
    assert "Nothing is lacking" not in content
    assert f'Arrange cover<span class="visually-hidden">: {city.sector}</span></a>' in content
    assert "1 of 2" in content
    assert "1 has nobody." in content


@pytest.mark.usefixtures("by_day")
def test_a_gap_of_the_eighth_day_is_there_and_one_of_the_ninth_is_not(city, page):
    absent = city.sector.assignments.get(role="responsible").officer
    away = AbsenceFactory(officer=absent, period=between(days=(8, 12)))
    assert "Nothing is lacking" in page(city.head)
    away.period = between(days=(7, 12))
    away.save()
    assert "Nothing is lacking" not in page(city.head)


def test_paper_says_which_part_of_the_city_and_which_day_it_is_about(page):
    sector = SectorFactory(number=1)
    division_of(sector)
    head = LeadershipFactory(station=sector.station).user
    printed = re.search(r'<p class="overview-printed">(.*?)</p>', page(head)).group(1)
    assert str(sector.district) in printed
    assert f"Printed on {date_format(timezone.localdate())}" in printed


def test_at_most_five_gaps_and_a_link_to_all_of_them(page):
    sectors = [SectorFactory(number=1)]
    sectors += [SectorFactory(district=sectors[0].district, number=place) for place in range(2, 7)]
    division_of(*sectors)
    head = LeadershipFactory(station=sectors[0].station).user
    content = page(head)
    shown = re.search(r'<ol class="week-rows">(.*?)</ol>', content).group(1)
    assert shown.count("<li>") == 5
    assert "All gaps of the next 90 days" in content


def test_what_is_past_its_time_stands_there_with_counts_that_lead_to_its_kind(city, page):
    MessageFactory.create_batch(2, sector=city.sector, overdue=True)
    MessageFactory(sector=city.sector)
    content = page(city.head)
    assert 'href="/station/overview/attention/?kind=message">Messages <b>2</b></a>' in content
    assert "messages are overdue" in content


def test_what_is_not_past_its_time_is_not_listed(city, page):
    MessageFactory(sector=city.sector, received_at=days_ago(2.5))
    assert "Nothing waits past its time." in page(city.head)


def test_the_place_that_was_chosen_is_kept_in_all_links_and_bounds_all_that_is_shown(city, page):
    MessageFactory(sector=city.southern, overdue=True)
    north, south = key_of(city.north), key_of(city.south)
    assert "Nothing waits past its time." in page(city.head, where=north)
    content = page(city.head, where=south)
    assert f"?kind=message&amp;where={south}" in content
    assert f'href="/station/overview/meeting.pdf?where={south}"' in content
    assert f'href="/station/overview/gaps/?where={south}"' in content


def test_a_districts_head_sees_the_district_alone(city, page, client):
    MessageFactory(sector=city.southern, overdue=True)
    head = head_of_district(city.north)
    assert "Nothing waits past its time." in page(head)
    assert client.get(HOME, {"where": key_of(city.south)}).status_code == 404


def test_who_heads_nothing_gets_no_such_page(city, client):
    officer = OfficerFactory(station=city.station, user=UserFactory())
    AssignmentFactory(officer=officer, sector=city.sector, attached=True)
    former = LeadershipFactory(station=city.station, district=city.north, period=between(days=(-30, -1)))
    for user in (officer.user, former.user, StaffRoleFactory(analyst=True, station=city.station).user):
        client.force_login(user)
        assert [client.get(HOME + path).status_code for path in ("", "meeting.pdf")] == [404, 404]


def test_a_right_that_ends_while_the_page_is_open_is_gone_with_the_next_request(city, client):
    head = LeadershipFactory(
        station=city.station, district=city.north, period=between(days=(-30, 1 / 24))
    ).user
    client.force_login(head)
    assert client.get(HOME).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61), tick=False):
        client.force_login(head)
        assert client.get(HOME).status_code == 404


def test_a_station_without_sectors_is_told_so(page):
    content = page(LeadershipFactory().user)
    assert "You head no sector that is in force." in content
    assert "week-numbers" not in content


def test_the_first_number_says_who_is_covered_and_who_has_nobody(city):
    absence = AbsenceFactory(officer=city.sector.assignments.get(role="responsible").officer)
    CoverFactory(absence=absence, sector=city.sector)
    AbsenceFactory(officer=city.southern.assignments.get(role="responsible").officer)
    there = number(city, 0)
    assert (there.value, there.word) == ("0 of 2", "1 is covered. 1 has nobody.")
    assert number(city, 0, key_of(city.north)).word == "1 is covered."


def test_the_second_number_says_since_when_the_oldest_is_overdue(city):
    assert number(city, 1).word == "Everybody has been answered in time."
    message = MessageFactory(sector=city.sector, overdue=True)
    day = timezone.localdate(message.due_at)
    assert number(city, 1).word == f"The oldest should have been answered on {day.day} {day:%B}."


def test_the_third_number_says_how_many_have_an_agreed_interval(city):
    GroupInSectorFactory(sector=city.sector, interval_days=30)
    GroupInSectorFactory(sector=city.southern, group__retired_at=days_ago(1))
    GroupInSectorFactory(interval_days=30)
    assert number(city, 2).word == "1 has an agreed interval."


def test_the_fourth_number_sets_this_month_against_the_month_before(city):
    month = timezone.localdate().replace(day=1)
    before = (month - datetime.timedelta(days=1)).replace(day=1)
    long_ago = (before - datetime.timedelta(days=1)).replace(day=1)
    for first, value in ((month, 7), (before, 20), (long_ago, 500)):
        MonthCountFactory(sector=city.sector, measure="contacts", key="1", month=first, value=value)
    MonthCountFactory(sector=city.southern, measure="contacts", key="2", value=3)
    MonthCountFactory(sector=city.sector, measure="entries", value=900)
    MonthCountFactory(measure="contacts", key="1", value=4000)
    found = number(city, 3)
    assert (found.value, found.word) == ("10", f"In all of {before:%B}: 20.")


def test_what_it_shows_is_noted(city, page):
    absent = city.sector.assignments.get(role="responsible").officer
    AbsenceFactory(officer=absent)
    message = MessageFactory(sector=city.sector, overdue=True)
    page(city.head)
    noted = {key for read in ReadEntry.objects.filter(verb="listed") for key in read.keys}
    assert {f"officers.officer:{absent.pk}", f"contacts.message:{message.pk}"} <= noted


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_do_not_grow_with_the_sectors(client, count, django_assert_max_num_queries):
    first = SectorFactory(number=1)
    sectors = [first, *(SectorFactory(district=first.district, number=at) for at in range(2, count + 1))]
    division_of(*sectors)
    for sector in sectors:
        MessageFactory(sector=sector, overdue=True)
        GroupInSectorFactory(sector=sector, interval_days=1)
        AbsenceFactory(officer=AssignmentFactory(sector=sector).officer)
        MonthCountFactory(sector=sector, measure="contacts", key="1")
    client.force_login(LeadershipFactory(station=first.station).user)
    client.get(HOME)
    with django_assert_max_num_queries(15):
        assert client.get(HOME).status_code == 200


def test_the_logs_first_page_leads_officers_and_heads_to_what_waits(city, client):
    officer = OfficerFactory(station=city.station, user=UserFactory())
    AssignmentFactory(officer=officer, sector=city.sector, attached=True)
    LogEntryFactory(sector=city.sector)
    for user, leads in ((officer.user, True), (city.head, True), (UserFactory(), False)):
        client.force_login(user)
        content = client.get(reverse("sectorlog:log_home")).content.decode()
        assert (f'href="{reverse("overview:attention")}">What waits</a>' in content) is leads
        assert client.get(reverse("overview:attention")).status_code == (200 if leads else 404)
