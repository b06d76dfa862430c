"""The pages of gaps: the calendar of the days to come, who answers on one day, and their files."""

import datetime
import re

import pytest
import time_machine
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.formats import date_format

from audit.models import ReadEntry
from officers.demo.organisation import DEPARTURE_SECTOR, STATION_HEAD
from officers.models import User
from overview.gaps import DAYS_AHEAD, GapKind
from overview.gaps.finding import find_gaps
from overview.gaps.strip import DAYS, axes, strip
from overview.gaps.window import DAY, instant_of
from overview.scope import headed, key_of, scope_of
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    ContactHoursFactory,
    CoverFactory,
    DistrictFactory,
    LeadershipFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    square,
)

pytestmark = pytest.mark.django_db

GAPS, DAY_PAGE = "/station/overview/gaps/", "/station/overview/day/"


def at(day: int, hour: int = 7, minute: int = 0) -> datetime.datetime:
    return instant_of(timezone.localdate() + day * DAY, datetime.time(hour, minute))


def on(day: int) -> str:
    return f"{timezone.localdate() + day * DAY}"


def staffed(sector, **responsible):
    AssignmentFactory(sector=sector, attached=True)
    ContactHoursFactory(sector=sector)
    return AssignmentFactory(sector=sector, **responsible).officer


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def north(station):
    """Return the sector of one district: nothing is lacking there."""
    return SectorFactory(district=DistrictFactory(station=station, name="North"), name="Northquarter")


@pytest.fixture
def south(station):
    """Return the sector of the other district: nobody is responsible."""
    return SectorFactory(district=DistrictFactory(station=station, name="South"), name="Southquarter")


@pytest.fixture
def officer(station, north, south):
    areas = {one: square(place) for place, one in enumerate((north, south))}
    BoundaryReleaseFactory(station=station, areas=areas, in_force=True)
    return staffed(north)


@pytest.fixture
def head(client, station, officer):
    head = LeadershipFactory(station=station).user
    client.force_login(head)
    return head


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.usefixtures("by_day")
def test_the_calendar_lists_the_sectors_that_lack_something_and_counts_the_others(client, head):
    response = client.get(GAPS)
    assert [row.place.name for row in response.context["rows"]] == ["Southquarter"]
    page = text(response)
    assert "No responsible officer from today on." in page
    assert "1 other sector lacks nothing." in page
    assert "In the next 90 days 1 of 2 sectors lack something." in page


def test_one_kind_and_one_place_can_be_chosen(client, head, north, south):
    response = client.get(GAPS, {"kind": GapKind.VACANT})
    assert [gap.kind for row in response.context["rows"] for gap in row.gaps] == [GapKind.VACANT]
    assert client.get(GAPS, {"kind": GapKind.EVENT}).context["rows"] == []
    assert client.get(GAPS, {"where": key_of(north)}).context["rows"] == []
    assert client.get(GAPS, {"kind": "nonsense"}).status_code == 404
    assert client.get(GAPS, {"where": "district:else:where"}).status_code == 404


@pytest.mark.usefixtures("by_day")
def test_place_and_kind_are_chosen_in_one_form_and_a_chosen_kind_without_gaps_stays_in_it(
    client, head, south, north
):
    page = text(client.get(GAPS, {"where": key_of(south), "kind": GapKind.EVENT}))
    (form,) = re.findall(r'<form class="overview-choice".*?</form>', page)
    assert re.findall(r'<select class="form-select" id="(\w+)"', form) == ["kind", "where"]
    assert re.findall(r'<option value="(\S+)" selected', form) == ["event", key_of(south)]
    assert f"{GapKind.EVENT.label} (0)" in form
    assert f"{GapKind.VACANT.label} (1)" in form
    assert f"{GapKind.EVENT.label} (" not in text(client.get(GAPS))
    nothing = client.get(GAPS, {"where": key_of(north), "kind": GapKind.VACANT})
    assert f"{GapKind.VACANT.label} (0)" in text(nothing)


@pytest.mark.parametrize("page", [GAPS, DAY_PAGE, "/station/overview/gaps.csv", "/station/overview/day.csv"])
def test_who_heads_nothing_finds_nothing(client, officer, page):
    officer.user = UserFactory()
    officer.save()
    client.force_login(officer.user)
    assert client.get(page).status_code == 404


def test_rights_that_end_while_the_page_is_open_end_with_the_next_request(client, station, officer):
    leadership = LeadershipFactory(station=station, period=DateTimeTZRange(at(-9), at(9)))
    client.force_login(leadership.user)
    assert client.get(GAPS).status_code == 200
    with time_machine.travel(at(9, 8)):
        client.force_login(leadership.user)
        assert client.get(GAPS).status_code == 404


def test_a_district_head_sees_the_own_district_alone(client, station, north, officer):
    client.force_login(LeadershipFactory(station=station, district=north.district).user)
    assert client.get(GAPS).context["rows"] == []
    answering = client.get(DAY_PAGE).context["answering"]
    assert [one.sector.name for one in answering] == ["Northquarter"]


def test_a_station_without_sectors_says_so(client):
    client.force_login(LeadershipFactory().user)
    for page in (GAPS, DAY_PAGE):
        assert "No sector that you head is in force at the moment." in text(client.get(page))


def test_the_day_names_who_answers_and_how(client, head, north, officer):
    absence = AbsenceFactory(officer=officer, period=DateTimeTZRange(at(5), at(15)))
    cover = CoverFactory(absence=absence, sector=north)
    (_south, covered) = sorted(client.get(DAY_PAGE, {"on": on(6)}).context["answering"], key=str)[::-1]
    assert covered.sector == north
    page = text(client.get(DAY_PAGE, {"on": on(6)}))
    assert f"<strong>{cover.officer.name}</strong> covers for {officer.name}" in page
    assert cover.officer.phone in page
    assert ",afløser," in client.get("/da/station/overview/day.csv", {"on": on(6)}).content.decode()
    before = text(client.get(DAY_PAGE, {"on": on(4)}))
    assert cover.officer.name not in before
    assert officer.name in before


@pytest.mark.parametrize(("hour", "last"), [(7, 14), (3, 14), (8, 15), (23, 15)])
def test_the_last_day_on_which_somebody_else_answers_is_named(client, head, north, officer, hour, last):
    """Who is back at 07:00 answers on that day: it is none of the cover's."""
    AbsenceFactory(officer=officer, period=DateTimeTZRange(at(5), at(15, hour)))
    stand_in = AssignmentFactory(sector=north, attached=True, is_stand_in=True).officer
    page = text(client.get(DAY_PAGE, {"on": on(6)}))
    day = date_format(timezone.localdate() + last * DAY)
    assert (
        f"<strong>{stand_in.name}</strong> stands in for {officer.name} up to and including {day} </p>"
        in page
    )
    assert ",stands in," in client.get("/station/overview/day.csv", {"on": on(6)}).content.decode()


def test_the_day_says_where_nobody_answers_and_what_mends_it(client, head, south):
    page = text(client.get(DAY_PAGE, {"on": on(3)}))
    assert "Nobody is responsible." in page
    assert south.district.phone in page
    assert f"/admin/officers/assignment/add/?sector={south.pk}&amp;role=responsible" in page


def test_a_day_on_which_the_officer_changes_names_both_with_the_hour(client, head, north, officer):
    absence = AbsenceFactory(officer=officer, period=DateTimeTZRange(at(5, 15), at(15)))
    cover = CoverFactory(absence=absence, sector=north)
    page = text(client.get(DAY_PAGE, {"on": on(5)}))
    assert page.index("until 15:00") < page.index(officer.name) < page.index("from 15:00")
    assert cover.officer.name in page[page.index("from 15:00") :]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nonsense", "This is no date."),
        ("2027-02-30", "This is no date."),
        ("\x00", "This is no date."),
        ("x" * 5000, "This is no date."),
        ("1999-01-01", "This day is over."),
        ("9999-12-31", "This day is too far ahead to be known."),
    ],
)
def test_a_day_that_is_none_gets_a_clear_word_and_stays_in_the_form(client, head, typed, words):
    response = client.get(DAY_PAGE, {"on": typed})
    assert response.status_code == 422
    assert words in text(response)
    assert response.context["typed"] == typed[:100]
    assert client.get("/station/overview/day.csv", {"on": typed}).status_code == 422


def test_the_first_and_the_last_day_have_one_neighbour(client, head):
    first, last = client.get(DAY_PAGE), client.get(DAY_PAGE, {"on": on(DAYS_AHEAD)})
    assert (first.context["before"], last.context["after"]) == (None, None)
    assert first.context["after"] == timezone.localdate() + DAY
    assert client.get(DAY_PAGE, {"on": on(DAYS_AHEAD + 1)}).status_code == 422
    assert client.get(DAY_PAGE, {"on": on(-1)}).status_code == 422


def test_each_day_of_this_week_and_the_next_is_one_click_away(client, head, north):
    page = text(client.get(GAPS, {"where": key_of(north)}))
    days = [near for week in client.get(GAPS).context["weeks"] for near in week]
    assert [near.day.weekday() for near in days] == [*range(7), *range(7)]
    for near in days:
        link = f"{DAY_PAGE}?on={near.day:%Y-%m-%d}&amp;where="
        assert (link in page) is not near.is_over


@pytest.mark.usefixtures("by_day")
def test_the_files_hold_all_rows_and_are_noted_as_exported(client, head, north, officer):
    body = client.get("/station/overview/gaps.csv").content.decode()
    assert "Southquarter" in body
    assert "No responsible officer from today on." in body
    day = client.get("/station/overview/day.csv", {"on": on(2)}).content.decode()
    assert f"{officer.name},'{officer.phone}" in day
    exported = ReadEntry.objects.filter(verb=ReadEntry.Verb.EXPORTED, subject="officers.officer")
    assert f"officers.officer:{officer.pk}" in exported.order_by("pk").last().keys


@pytest.mark.usefixtures("by_day")
def test_what_is_lacking_on_a_day_comes_as_a_file(client, head, station, officer):
    AbsenceFactory(officer=officer, period=DateTimeTZRange(at(5), at(8)))
    url = "/station/overview/day.csv"
    page = text(client.get(DAY_PAGE, {"on": on(6)}))
    assert f"{url}?on={on(6)}&amp;of=gaps" in page
    away = str(GapKind.UNCOVERED.label)
    answer = client.get(url, {"on": on(6), "of": "gaps"})
    assert f"gaps-{on(6)}-{timezone.localdate()}.csv" in answer["Content-Disposition"]
    assert away in answer.content.decode()
    assert away not in client.get(url, {"on": on(20), "of": "gaps"}).content.decode()
    assert client.get(url, {"on": on(6), "of": "nonsense"}).status_code == 404
    exported = ReadEntry.objects.filter(verb=ReadEntry.Verb.EXPORTED, subject="officers.officer")
    assert f"officers.officer:{officer.pk}" in exported.order_by("pk").first().keys


def test_the_page_notes_whom_it_names(client, head, officer):
    client.get(DAY_PAGE)
    noted = ReadEntry.objects.filter(subject="officers.officer").order_by("pk").last()
    assert f"officers.officer:{officer.pk}" in noted.keys


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_cost_the_same_whatever_the_number_of_sectors(client, count, django_assert_max_num_queries):
    station = StationFactory()
    district = DistrictFactory(station=station)
    sectors = [SectorFactory(district=district) for _ in range(count)]
    BoundaryReleaseFactory(
        station=station, areas={one: square(place) for place, one in enumerate(sectors)}, in_force=True
    )
    for sector in sectors:
        AbsenceFactory(officer=AssignmentFactory(sector=sector).officer)
    client.force_login(LeadershipFactory(station=station).user)
    for page in (GAPS, DAY_PAGE, "/station/overview/gaps.csv", "/station/overview/day.csv"):
        with django_assert_max_num_queries(20):
            response = client.get(page)
        assert response.status_code == 200


def test_three_hundred_sectors_are_listed_in_pages(client, station):
    district = DistrictFactory(station=station)
    sectors = SectorFactory.create_batch(300, district=district)
    areas = {one: square(place % 20, place // 20, side=0.001) for place, one in enumerate(sectors)}
    BoundaryReleaseFactory(station=station, areas=areas, in_force=True)
    client.force_login(LeadershipFactory(station=station).user)
    response = client.get(GAPS, {"page": "2"})
    assert len(response.context["rows"]) == 20
    assert response.context["page"].paginator.count == 300
    assert len(response.content) < 500_000
    assert len(client.get(DAY_PAGE, {"page": "12"}).context["answering"]) == 20


@pytest.mark.usefixtures("by_day")
def test_the_strip_draws_each_gap_where_its_days_lie(head):
    today = timezone.localdate()
    found = find_gaps(scope_of(head, "", headed(head)), head, today)
    for axis in axes(today):
        drawn = strip(found, axis, today)
        assert [bar.number for bar in drawn.bars] == list(range(1, len(found) + 1))
        assert {(bar.x, bar.width) for bar in drawn.bars} == {(0, axis.width)}
        assert all(bar.y + bar.height <= drawn.height for bar in drawn.bars)


@pytest.mark.parametrize("weekday", range(7))
def test_the_weeks_of_a_strip_are_those_of_the_calendar_and_fill_it(weekday):
    first = datetime.date(2027, 3, 1) + weekday * DAY
    for axis in axes(first):
        assert sum(week.width for week in axis.weeks) == axis.width
        assert all(week.first.weekday() == 0 for week in axis.weeks[1:])
        assert axis.weeks[0].first == first
        assert len(axis.weeks) == (DAYS // 7 if first.weekday() == 0 else DAYS // 7 + 1)


def test_the_demonstration_has_gaps_to_come(settings):
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    head, today = User.objects.get(email=STATION_HEAD.email), timezone.localdate()
    found = find_gaps(scope_of(head, "", headed(head)), head, today)
    coming = {(gap.kind, gap.sector and gap.sector.number) for gap in found if gap.first > today}
    assert {
        (GapKind.VACANT, DEPARTURE_SECTOR),
        (GapKind.COVER_AWAY, 17),
        (GapKind.EVENT, None),
        (GapKind.HAND_OVER, 5),
    } <= coming
