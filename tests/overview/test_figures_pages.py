"""The pages of figures: tabs, periods, places, files, and what they answer to nonsense."""

import csv
import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.spreadsheets import csv_response
from overview.figures import Period
from overview.figures.catalogue import FIGURES, name_of
from overview.figures.periods import DEFAULT, UnknownPeriod, choices, months_of, period_of
from overview.models import CountedMonth
from overview.scope import key_of
from sectors.models import District
from tests.factories import (
    BoundaryReleaseFactory,
    DistrictFactory,
    LeadershipFactory,
    MonthCountFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    StationFactory,
    TargetGroupFactory,
    UserFactory,
    square,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 20)


def district_of(*numbers: int, station=None, name: str = "North") -> District:
    """Return a district with sectors that had so many visits this month, in force."""
    station = station or StationFactory()
    district = DistrictFactory(station=station, name=name, slug=name.lower())
    sectors = [SectorFactory(district=district) for _each in numbers]
    BoundaryReleaseFactory(
        station=station, areas={one: square(at) for at, one in enumerate(sectors)}, in_force=True
    )
    for sector, number in zip(sectors, numbers, strict=True):
        if number:
            MonthCountFactory(sector=sector, measure="visits", value=number)
    return district


@pytest.fixture
def north() -> District:
    CountedMonth.objects.create(month=timezone.localdate().replace(day=1))
    return district_of(3, 8)


@pytest.fixture
def head(client, north):
    """Return a client of the station's head."""
    client.force_login(LeadershipFactory(station=north.station).user)
    return client


def shown(client, status: int = 200, **asked) -> str:
    answer = client.get(reverse("overview:figures"), asked)
    assert answer.status_code == status
    return answer.content.decode()


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize("slug", FIGURES)
def test_each_figure_has_a_page_with_a_table(head, slug):
    page = shown(head, figure=slug)
    assert f'aria-current="page">{name_of(slug).replace(" ", " ")}' in page
    assert "<table>" in page


def test_without_a_question_the_first_figure_of_a_year_is_shown(head):
    assert "Do people keep their officer?" in shown(head)


def test_rows_lead_to_a_closer_look_and_keep_the_period(head, north):
    where = key_of(north.sectors.first()).replace(":", "%3A")
    assert f"?figure=visits&amp;period=24&amp;where={where}" in shown(head, figure="visits", period="24")


def test_nonsense_gets_a_clear_word_and_the_default(head):
    page = shown(head, 422, figure="nonsense")
    assert "There is no such figure." in page
    assert "Do people keep their officer?" in page
    page = shown(head, 422, figure="visits", period="2999")
    assert "There is no such period, or it has not begun." in page
    assert "Are the people who should know their officer visited?" in page


@pytest.mark.parametrize(
    "period", ["0", "-3", "13", "2026-q5", "2026-q", "1999", "9999-q4", "٣", "x" * 5000, "\x00"]
)
def test_no_period_breaks_the_page_or_the_file(head, period):
    shown(head, 422, figure="visits", period=period)
    assert head.get(reverse("overview:figures_csv"), {"period": period}).status_code == 422


def test_others_places_are_not_there(head):
    foreign = district_of(2, name="Elsewhere")
    assert head.get(reverse("overview:figures"), {"where": key_of(foreign)}).status_code == 404
    assert head.get(reverse("overview:figures_csv"), {"where": key_of(foreign)}).status_code == 404


def test_officers_see_no_figures(client, north):
    client.force_login(OfficerFactory(station=north.station, user=UserFactory()).user)
    assert client.get(reverse("overview:figures")).status_code == 404
    assert client.get(reverse("overview:figures_csv")).status_code == 404


def test_a_page_says_when_it_was_counted_or_that_it_was_not(head):
    assert "counted again each night" in shown(head, figure="visits")
    unknown = shown(head, figure="visits", period="2003")
    assert "Nothing is known of this period." in unknown
    # No table of noughts: nothing known is not nothing done.
    assert "<table" not in unknown
    assert "<table" in shown(head, figure="continuity", period="2003")
    CountedMonth.objects.all().delete()
    assert "Nothing has been counted yet." in shown(head, figure="visits")
    # These are worked out from dated rows.
    assert "Nothing has been counted yet." not in shown(head, figure="continuity")


def test_a_station_without_sectors_says_so(client):
    client.force_login(LeadershipFactory().user)
    for slug in FIGURES:
        assert "No sectors are in force here yet." in shown(client, figure=slug)


def test_an_analyst_is_told_that_small_numbers_are_hidden(client, head, north):
    assert "Numbers under 5 are hidden" not in shown(head, figure="visits")
    client.force_login(StaffRoleFactory(role="analyst", station=north.station).user)
    page = shown(client, figure="visits")
    assert "Numbers under 5 are hidden" in page
    rows = rows_of(client.get(reverse("overview:figures_csv"), {"figure": "visits"}))
    assert [row[1] for row in rows] == ["Visits", "under 5", "10", "10"]


def test_a_number_below_nought_is_a_number_in_the_file_and_a_name_is_no_formula(head):
    rows = rows_of(head.get(reverse("overview:figures_csv"), {"figure": "manning"}))
    assert [row[4] for row in rows] == ["More or fewer", "-2", "-2", "-4"]
    answer = csv_response("names", ("=head",), [("=cmd()", -1, "-1")])
    assert answer.content.decode("utf-8-sig").splitlines() == ["'=head", "'=cmd(),-1,'-1"]


def test_a_table_as_a_file_has_plain_numbers_and_its_total(head):
    answer = head.get(reverse("overview:figures_csv"), {"figure": "visits", "period": "3"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = rows_of(answer)
    assert rows[0][:2] == ["Sector", "Visits"]
    assert [row[1] for row in rows[1:]] == ["3", "8", "11"]
    months = rows_of(
        head.get(reverse("overview:figures_csv"), {"figure": "visits", "period": "3", "table": "2"})
    )
    assert [row[1] for row in months[1:]] == ["–", "–", "11", "11"]


def test_a_group_called_like_a_formula_is_none_in_the_file(head, north):
    TargetGroupFactory(station=north.station, name="=1+1")
    rows = rows_of(head.get(reverse("overview:figures_csv"), {"figure": "contacts"}))
    assert "'=1+1" in [row[0] for row in rows]


@pytest.mark.parametrize("table", ["0", "3", "-1", "x", "1e9", "٢"])
def test_a_table_that_is_not_there_is_not_found(head, table):
    asked = {"figure": "visits", "table": table}
    assert head.get(reverse("overview:figures_csv"), asked).status_code == 404


def test_long_tables_come_page_by_page_with_their_charts_and_whole_as_a_file(client):
    CountedMonth.objects.create(month=timezone.localdate().replace(day=1))
    district = district_of(*range(1, 31))
    client.force_login(LeadershipFactory(station=district.station).user)
    first = client.get(reverse("overview:figures"), {"figure": "visits", "period": "3"})
    second = client.get(reverse("overview:figures"), {"figure": "visits", "period": "3", "page": "2"})
    for answer, length in ((first, 25), (second, 5)):
        places, months = answer.context["figure"].pairs
        assert len(places[1].rows) == len(places[0].labels) == len(places[0].series[0].numbers) == length
        assert places[1].total.cells[0].number == sum(range(1, 31))
        assert len(months[1].rows) == 3
    assert "page=2" in second.context["parts"][0].chart_src
    assert len(rows_of(client.get(reverse("overview:figures_csv"), {"figure": "visits"}))) == 32


@pytest.mark.parametrize("slug", FIGURES)
def test_a_page_costs_the_same_queries_with_one_sector_and_with_twenty(
    client, slug, django_assert_max_num_queries
):
    CountedMonth.objects.create(month=timezone.localdate().replace(day=1))
    for numbers in ((4,), range(1, 21)):
        district = district_of(*numbers)
        client.force_login(LeadershipFactory(station=district.station).user)
        shown(client, figure=slug)
        with django_assert_max_num_queries(20):
            shown(client, figure=slug, period="24")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", (2025, 12), (2026, 11)),
        ("3", (2026, 9), (2026, 11)),
        ("24", (2024, 12), (2026, 11)),
        ("2026-q3", (2026, 7), (2026, 9)),
        ("2026-q4", (2026, 10), (2026, 11)),
        ("2025", (2025, 1), (2025, 12)),
        ("2026", (2026, 1), (2026, 11)),
    ],
)
def test_periods_are_whole_months_and_end_with_the_running_one(text, first, last):
    assert period_of(text, TODAY) == Period(datetime.date(*first, 1), datetime.date(*last, 1))


@pytest.mark.parametrize("text", ["2027", "2027-q1", "2026-q0", "6", "12 ", "20266", "0000", "q3"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(UnknownPeriod):
        period_of(text, TODAY)


def test_all_periods_that_are_offered_are_periods():
    for day in (TODAY, datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)):
        offered = choices(day)
        assert DEFAULT in [choice.key for choice in offered]
        for choice in offered:
            assert 1 <= len(months_of(period_of(choice.key, day))) <= 24
