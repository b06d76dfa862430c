"""Each figure's numbers, of a head who sees all of them and of an analyst who sees none below five."""

import datetime

import pytest
import time_machine

from contacts.models import AnswerTime
from overview.figures import Figure, Period, Table
from overview.figures.catalogue import FIGURES, figure_of, level_names, values_of
from overview.models import CountedMonth
from overview.scope import Scope, in_figures, key_of, scope_of
from sectorlog.models import TargetGroup
from tests.factories import (
    AssignmentFactory,
    BoundaryReleaseFactory,
    DistrictFactory,
    LeadershipFactory,
    ManningBasisFactory,
    MonthCountFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    StationFactory,
    TargetGroupFactory,
    square,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 11, tzinfo=datetime.UTC)
SEPTEMBER, OCTOBER, NOVEMBER = (datetime.date(2026, month, 1) for month in (9, 10, 11))
PERIOD = Period(SEPTEMBER, NOVEMBER)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


class City:
    """A station with districts of so many sectors each, its head and its analyst; three months were counted."""

    def __init__(self, *sizes: int) -> None:
        self.station = StationFactory()
        self.districts = [
            DistrictFactory(station=self.station, name=f"District {number}", slug=f"district-{number}")
            for number in range(len(sizes))
        ]
        self.sectors = [
            SectorFactory(district=district)
            for district, size in zip(self.districts, sizes, strict=True)
            for _each in range(size)
        ]
        areas = {sector: square(at) for at, sector in enumerate(self.sectors)}
        BoundaryReleaseFactory(station=self.station, areas=areas, in_force=True)
        self.head = LeadershipFactory(station=self.station).user
        self.analyst = StaffRoleFactory(role="analyst", station=self.station).user
        for month in (SEPTEMBER, OCTOBER, NOVEMBER):
            CountedMonth.objects.get_or_create(month=month)

    def scope(self, where: str = "", *, analyst: bool = False) -> Scope:
        user = self.analyst if analyst else self.head
        return scope_of(user, where, in_figures(user))

    def count(self, measure: str, number: int, key: str = "", *, sector: int = 0, month=NOVEMBER) -> None:
        MonthCountFactory(sector=self.sectors[sector], measure=measure, key=key, value=number, month=month)


@pytest.fixture
def city() -> City:
    return City(2, 1)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def total(table: Table) -> list[str]:
    assert table.total is not None
    return [cell.text for cell in table.total.cells]


def tables(figure: Figure) -> list[Table]:
    return [table for _chart, table in figure.pairs]


def test_visits_are_those_of_the_places_and_the_months(city):
    for sector, month, number in ((0, SEPTEMBER, 3), (0, NOVEMBER, 4), (1, NOVEMBER, 5), (2, OCTOBER, 6)):
        city.count("visits", number, sector=sector, month=month)
    city.count("entries", 900)
    city.count("visits", 700, month=datetime.date(2026, 8, 1))
    places, months = tables(figure_of("visits", city.scope(), PERIOD))
    # Three months: 12 visits in two sectors, 6 in one.
    assert texts(places) == [["12", "2"], ["6", "2"]]
    assert total(places) == ["18", "2"]
    assert texts(months) == [["3"], ["6"], ["9"]]
    assert total(months) == ["18"]


def test_a_district_shows_its_sectors_and_a_sector_itself(city):
    city.count("visits", 4, sector=1)
    district = figure_of("visits", city.scope(key_of(city.districts[0])), PERIOD)
    assert [row.cells[0].text for row in tables(district)[0].rows] == ["0", "4"]
    assert [row.where for row in tables(district)[0].rows] == [key_of(one) for one in city.sectors[:2]]
    sector = figure_of("visits", city.scope(key_of(city.sectors[1])), PERIOD)
    assert [row.cells[0].text for row in tables(sector)[0].rows] == ["4"]
    assert tables(sector)[0].total is None


def test_a_month_that_was_not_counted_is_not_zero(city):
    CountedMonth.objects.filter(month=SEPTEMBER).delete()
    city.count("visits", 4)
    chart, months = figure_of("visits", city.scope(), PERIOD).pairs[1]
    assert texts(months) == [["–"], ["0"], ["4"]]
    assert chart.series[0].numbers == (None, 0, 4)


def test_patrols_are_hours_and_a_share_on_foot_or_bicycle(city):
    for form, minutes in (("foot", 90), ("bicycle", 30), ("vehicle", 120)):
        city.count("patrols", 60 * minutes, form)
    city.count("patrols", 30, "vehicle", sector=2)
    places, _months = tables(figure_of("patrols", city.scope(), PERIOD))
    assert texts(places) == [["90", "30", "120", "240", "50 %"], ["0", "0", "0.5", "0.5", "0 %"]]
    # Added up before they are rounded.
    assert [cell.number for cell in places.total.cells] == [90, 30, 120.5, 240.5, 50]
    assert total(places) == ["90", "30", "120", "240", "50 %"]
    values = values_of("patrols", city.scope(), PERIOD)
    assert [values[sector.pk].level for sector in city.sectors] == [2, None, 0]
    assert values[city.sectors[1].pk].number is None


def test_the_mirror_tells_extremes_in_words_and_ranks_nobody(city):
    city.count("outcomes", 19, "dialogue", sector=0)
    city.count("outcomes", 20, "advice", sector=1)
    city.count("outcomes", 1, "arrest", sector=1)
    city.count("outcomes", 15, "fine", sector=2)
    city.count("outcomes", 10, "dialogue", sector=2)
    places, _months = tables(figure_of("mirror", city.scope(key_of(city.districts[0])), PERIOD))
    assert texts(places) == [
        ["19", "0", "100 %", "Too few contacts to say"],
        ["20", "1", "95 %", "Almost nothing but talk"],
    ]
    values = values_of("mirror", city.scope(), PERIOD)
    assert [values[sector.pk].level for sector in city.sectors] == [0, 4, 2]
    assert [row.where for row in places.rows] == [key_of(sector) for sector in city.sectors[:2]]


def test_sanctions_alone_are_the_same_level_as_talk_alone(city):
    city.count("outcomes", 30, "fine")
    assert values_of("mirror", city.scope(), PERIOD)[city.sectors[0].pk].level == 4


def test_answers_stand_beside_the_published_median(city):
    for key, number in (("24", 6), ("48", 2), ("72", 1), ("later", 1)):
        city.count("answers", number, key)
    for district, answered in zip(city.districts, (5, 4), strict=True):
        AnswerTime.objects.create(
            district=district,
            since=SEPTEMBER,
            until=NOVEMBER,
            answered=answered,
            median_hours=21.5,
            p90_hours=60,
        )
    places, months = tables(figure_of("answers", city.scope(), PERIOD))
    # Of four answers no median is published.
    assert texts(places) == [
        ["6", "2", "1", "1", "10", "90 %", "21.5 hours"],
        ["0", "0", "0", "0", "0", "–", "–"],
    ]
    assert texts(months)[2] == ["6", "2", "1", "1", "10", "90 %"]
    assert values_of("answers", city.scope(), PERIOD)[city.sectors[0].pk].level == 3


def test_contacts_show_groups_that_nobody_met(city):
    met, alone = (TargetGroupFactory(station=city.station) for _each in range(2))
    retired = TargetGroupFactory(station=city.station, retired_at=NOW)
    foreign = TargetGroupFactory(station=StationFactory())
    city.count("contacts", 8, str(met.pk))
    groups, places, _months = tables(figure_of("contacts", city.scope(), PERIOD))
    rows = {row.name: [cell.text for cell in row.cells] for row in groups.rows}
    assert rows[str(met)] == ["8", "2"]
    assert rows[str(alone)] == ["0", "3"]
    assert str(retired) not in rows
    assert str(foreign) not in rows
    assert [row.cells[0].text for row in places.rows] == ["8", "0"]
    city.count("contacts", 2, str(retired.pk))
    CountedMonth.objects.update(counted_at=NOW + datetime.timedelta(minutes=1))
    groups = tables(figure_of("contacts", city.scope(), PERIOD))[0]
    assert str(retired) in [row.name for row in groups.rows]


def test_manning_is_that_of_the_end_of_each_month(city):
    first, second, _third = city.sectors
    ManningBasisFactory(sector=first, holds_from=datetime.date(2026, 10, 10), required=3)
    for begins, ends in ((400, None), (60, 30), (5, None)):
        period = (NOW - datetime.timedelta(days=begins), ends and NOW - datetime.timedelta(days=ends))
        officer = OfficerFactory(station=city.station)
        AssignmentFactory(attached=True, sector=first, officer=officer, period=period)
    places, months = tables(figure_of("manning", city.scope(), PERIOD))
    # Officers, required, sectors with too few, difference. The second left on 21 October.
    assert texts(months) == [["2", "6", "2", "−4"], ["1", "7", "3", "−6"], ["2", "7", "3", "−5"]]
    assert texts(places) == [["2", "5", "2", "−3"], ["0", "2", "1", "−2"]]
    assert total(places) == ["2", "7", "3", "−5"]
    values = values_of("manning", city.scope(), PERIOD)
    assert (values[first.pk].number, values[first.pk].level) == (-1, 1)
    assert values[second.pk].level == 0


def test_continuity_counts_changes_and_tells_how_long_it_has_been(city):
    first, _second, third = city.sectors
    for officer_from, until in ((700, 40), (40, None)):
        AssignmentFactory(
            sector=first,
            officer=OfficerFactory(station=city.station),
            period=(
                NOW - datetime.timedelta(days=officer_from),
                until and NOW - datetime.timedelta(days=until),
            ),
        )
    AssignmentFactory(
        sector=third,
        officer=OfficerFactory(station=city.station),
        period=(NOW - datetime.timedelta(days=800), NOW + datetime.timedelta(days=9)),
    )
    places, months = tables(figure_of("continuity", city.scope(), PERIOD))
    # Months with the officer, changes a year, leave soon, without an officer.
    assert texts(places) == [["1", "0.5", "0", "1"], ["26", "0", "1", "0"]]
    # The change was on 11 October.
    assert [row.cells[0].text for row in months.rows] == ["0", "1", "0"]
    assert [row.cells[1].text for row in months.rows] == ["1", "1", "1"]
    levels = [values_of("continuity", city.scope(), PERIOD)[sector.pk].level for sector in city.sectors]
    assert levels == [0, 0, 3]


def say(city: City, number: int, *, sector: int = 0, month=NOVEMBER, said: str = "help:yes") -> None:
    city.count("evaluations", number, said, sector=sector, month=month)


def test_what_people_said_is_told_in_shares_and_no_answers_as_too_few(city):
    say(city, 4, sector=1)
    say(city, 1, sector=1, said="help:no")
    where = key_of(city.districts[0])
    places, months, reach, _months = tables(figure_of("evaluations", city.scope(where), PERIOD))
    assert texts(places) == [["under 5", "–", "–", "–"], ["5", "80 %", "0 %", "20 %"]]
    assert texts(reach) == [["under 5", "–", "–", "–"]] * 2
    assert [row[0] for row in texts(months)] == ["under 5", "under 5", "5"]
    assert (places.total, months.total) == (None, None)
    whole = tables(figure_of("evaluations", city.scope(), PERIOD))[0]
    assert texts(whole)[0] == ["5", "80 %", "0 %", "20 %"]
    values = values_of("evaluations", city.scope(), PERIOD)
    assert [values[sector.pk].number for sector in city.sectors] == [None, 80, None]


def test_an_analyst_sees_no_number_below_five_and_can_work_none_out():
    city = City(3, 2)
    for sector, number in enumerate((1, 4, 23, 7, 0)):
        if number:
            city.count("visits", number, sector=sector)
    scope = city.scope(key_of(city.districts[0]), analyst=True)
    places, months = tables(figure_of("visits", scope, PERIOD))
    assert [row[0] for row in texts(places)] == ["under 5", "under 5", "25"]
    # The total is the sum of what is shown, and says so.
    assert total(places)[0] == "25"
    assert places.total.name == "Together, of what is shown"
    assert [row[0] for row in texts(months)] == ["under 5", "under 5", "30"]
    everything = tables(figure_of("visits", city.scope(analyst=True), PERIOD))[0]
    assert [row[0] for row in texts(everything)] == ["30", "5"]
    assert total(everything)[0] == "35"
    values = values_of("visits", city.scope(analyst=True), PERIOD)
    assert [values[sector.pk].number for sector in city.sectors] == [None, None, 25, 5, None]


def test_a_hidden_year_and_its_hidden_months_do_not_make_ones():
    """Beside zeros that are shown, four hidden months of a hidden quarter's sum would each be one."""
    told = []
    for numbers in ((1, 1, 1), (0, 0, 1), (0, 4, 0), (0, 0, 0)):
        city = City(1)
        for month, number in zip((SEPTEMBER, OCTOBER, NOVEMBER), numbers, strict=True):
            if number:
                city.count("visits", number, month=month)
        figure = figure_of("visits", city.scope(analyst=True), PERIOD)
        told.append([texts(table) for table in tables(figure)])
    assert all(one == told[0] for one in told)


def test_of_one_sector_an_analyst_does_not_learn_when_its_officer_came():
    """In one sector an officer is missing or not: under five would be one, beside a nought that is shown."""
    city = City(1)
    before = [texts(table) for table in tables(figure_of("continuity", city.scope(analyst=True), PERIOD))]
    AssignmentFactory(
        sector=city.sectors[0],
        officer=OfficerFactory(station=city.station),
        period=(NOW - datetime.timedelta(days=40), None),
    )
    after = [texts(table) for table in tables(figure_of("continuity", city.scope(analyst=True), PERIOD))]
    assert before == after


def test_a_rounded_number_of_sectors_is_never_more_than_there_are():
    city = City(7, 1)
    manning, _months = tables(figure_of("manning", city.scope(analyst=True), PERIOD))
    assert texts(manning)[0][2] == "5"
    city = City(8, 1)
    manning, _months = tables(figure_of("manning", city.scope(analyst=True), PERIOD))
    assert texts(manning)[0][2] == "8"


def test_what_was_done_in_sectors_that_are_no_longer_drawn_stays_the_places_own():
    city = City(1, 1)
    city.sectors.append(SectorFactory(district=city.districts[0]))
    for sector, number in ((0, 7), (1, 8), (2, 6)):
        for measure, key in (("visits", ""), ("contacts", str(TargetGroupFactory().pk)), ("answers", "24")):
            city.count(measure, number, key, sector=sector)
    for slug, column in (("visits", 0), ("contacts", 0), ("answers", 0)):
        places, months = tables(figure_of(slug, city.scope(), PERIOD))[-2:]
        assert [row.name for row in places.rows] == ["District 0", "District 1", "Sectors no longer drawn"]
        assert [row.cells[column].number for row in places.rows] == [7, 8, 6]
        assert (places.total.cells[column].number, months.rows[-1].cells[column].number) == (21, 21)
    visits = tables(figure_of("visits", city.scope(), PERIOD))[0]
    # A month, for each sector: nobody knows for how long the third was drawn, and its visits raise nobody's rate.
    assert [row.cells[1].text for row in visits.rows] == ["2.3", "2.7", "–"]
    assert total(visits) == ["21", "2.5"]
    of_district = [
        [row.cells[0].number for row in tables(figure_of("visits", city.scope(key_of(one)), PERIOD))[0].rows]
        for one in city.districts
    ]
    assert of_district == [[7, 6], [8]]
    assert set(values_of("visits", city.scope(), PERIOD)) == {sector.pk for sector in city.sectors[:2]}


def test_the_figure_of_continuity_is_not_older_than_an_appointment_that_ends():
    city = City(1)
    AssignmentFactory(
        sector=city.sectors[0],
        officer=OfficerFactory(station=city.station),
        period=(NOW - datetime.timedelta(days=400), NOW + datetime.timedelta(hours=1)),
    )
    assert texts(tables(figure_of("continuity", city.scope(), PERIOD))[0])[0][3] == "0"
    with time_machine.travel(NOW + datetime.timedelta(hours=2), tick=False):
        assert texts(tables(figure_of("continuity", city.scope(), PERIOD))[0])[0][3] == "1"


def test_a_total_of_hidden_numbers_alone_is_not_zero(city):
    groups = [TargetGroupFactory(station=city.station) for _each in range(2)]
    for group in groups:
        city.count("contacts", 4, str(group.pk), sector=2)
    _groups, places, months = tables(figure_of("contacts", city.scope(analyst=True), PERIOD))
    assert [row.cells[0].text for row in places.rows] == ["–", "–"]
    assert total(places)[0] == "–"
    assert [row.cells[0].text for row in months.rows] == ["–", "–", "–"]


def test_a_head_sees_the_same_as_it_is(city):
    for sector, number in enumerate((1, 4, 7)):
        city.count("visits", number, sector=sector)
    places = tables(figure_of("visits", city.scope(), PERIOD))[0]
    assert [row[0] for row in texts(places)] == ["5", "7"]
    assert total(places)[0] == "12"


def test_where_all_visits_are_hidden_an_analyst_is_told_no_rate_of_nought():
    city = City(2)
    for sector in range(2):
        city.count("visits", 3, sector=sector)
    places, _months = tables(figure_of("visits", city.scope(analyst=True), PERIOD))
    assert texts(places) == [["under 5", "–"]] * 2
    assert total(places) == ["–", "–"]


@pytest.mark.parametrize(("number", "rate"), [(0, "–"), (2, "–"), (6, "0.3")])
def test_from_a_rate_an_analyst_cannot_count_the_changes(number, rate):
    """Six sectors for three years: 2 changes would be 0.1 a year."""
    city = City(6, 1)
    years = [NOW - datetime.timedelta(days=days) for days in (1100, 300)]
    for at, sector in enumerate(city.sectors[:6]):
        ends = years[1] if at < number else None
        AssignmentFactory(
            sector=sector, officer=OfficerFactory(station=city.station), period=(years[0], ends)
        )
        if ends:
            AssignmentFactory(
                sector=sector, officer=OfficerFactory(station=city.station), period=(ends, None)
            )
    places = tables(figure_of("continuity", city.scope(analyst=True), PERIOD))[0]
    assert texts(places)[0][1] == rate


@pytest.mark.parametrize("slug", FIGURES)
def test_no_figure_shows_an_analyst_a_number_from_one_to_four(slug):
    """Two of everything in each sector: nor in a table, nor in a chart, nor on the map."""
    city = City(1, 1)
    group = TargetGroupFactory()
    for sector in range(2):
        for measure, key, number in (
            ("visits", "", 2),
            ("contacts", str(group.pk), 2),
            ("patrols", "foot", 120),
            ("outcomes", "fine", 2),
            ("answers", "24", 2),
            ("evaluations", "help:yes", 6),
            ("evaluations", "help:no", 2),
        ):
            city.count(measure, number, key, sector=sector)
        AssignmentFactory(sector=city.sectors[sector], officer=OfficerFactory(station=city.station))
    scope = city.scope(analyst=True)
    figure = figure_of(slug, scope, PERIOD)
    for chart, table in figure.pairs:
        rows = [*table.rows, *([table.total] if table.total else [])]
        shown = {cell.number for row in rows for cell in row.cells} | {
            number for one in (chart.series if chart else ()) for number in one.numbers
        }
        assert not shown & {1, 2, 3, 4}
        assert "2" not in {cell.text for row in rows for cell in row.cells}
    assert not {value.number for value in values_of(slug, scope, PERIOD).values()} & {1, 2, 3, 4}


@pytest.mark.parametrize("slug", FIGURES)
def test_a_station_without_sectors_has_empty_figures(slug):
    head = LeadershipFactory().user
    scope = scope_of(head, "", in_figures(head))
    figure = figure_of(slug, scope, PERIOD)
    by_place = [table for _chart, table in figure.pairs if table.head == "Sector"]
    assert by_place
    assert all(table.rows == () for table in by_place)
    assert values_of(slug, scope, PERIOD) == {}


@pytest.mark.parametrize("slug", FIGURES)
def test_figures_cost_the_same_queries_whatever_the_number_of_sectors(slug, django_assert_max_num_queries):
    for sizes in ((1,), (10, 10)):
        city = City(*sizes)
        for sector in range(len(city.sectors)):
            say(city, 6, sector=sector)
            city.count("visits", 2, sector=sector)
            AssignmentFactory(sector=city.sectors[sector], officer=OfficerFactory(station=city.station))
        scope = city.scope()
        with django_assert_max_num_queries(3):
            figure_of(slug, scope, Period(datetime.date(2024, 12, 1), NOVEMBER))
        with django_assert_max_num_queries(1):
            values_of(slug, scope, PERIOD)
        CountedMonth.objects.all().delete()


@pytest.mark.parametrize("slug", FIGURES)
def test_levels_lie_between_nothing_and_four_and_have_names(slug, city):
    for sector, number in enumerate((2, 20, 200)):
        for measure, key in (("visits", ""), ("contacts", "1"), ("patrols", "foot"), ("outcomes", "fine")):
            city.count(measure, number, key, sector=sector)
    names = level_names(slug)
    assert len(names) == 5
    for value in values_of(slug, city.scope(), PERIOD).values():
        assert value.text
        assert value.level is None or names[value.level]


def test_fifths_put_equal_numbers_on_one_level():
    city = City(5)
    for sector, number in enumerate((10, 10, 20, 30, 40)):
        city.count("visits", number, sector=sector)
    values = values_of("visits", city.scope(), PERIOD)
    assert [values[sector.pk].level for sector in city.sectors] == [0, 0, 2, 3, 4]


def test_share_of_patrols_is_said_of_all_places_together(city):
    city.count("patrols", 5 * 60, "foot")
    city.count("patrols", 15 * 60, "vehicle", sector=2)
    assert figure_of("patrols", city.scope(), PERIOD).answer == (
        "25 % of 20 hours of patrol were on foot or by bicycle."
    )


def test_group_that_nobody_met_is_named(city):
    alone = TargetGroupFactory(station=city.station)
    for group in TargetGroup.objects.exclude(pk=alone.pk):
        city.count("contacts", 1, str(group.pk))
    answer = figure_of("contacts", city.scope(), PERIOD).answer
    assert answer.endswith(f" contacts. None at all with {alone}.")


def test_sectors_with_too_few_officers_are_counted(city):
    assert figure_of("manning", city.scope(), PERIOD).answer == (
        "0 officers, 6 required. Too few in 3 sectors."
    )


def test_nothing_is_said_of_what_is_partly_hidden(city):
    city.count("patrols", 20 * 60, "foot")
    city.count("patrols", 2 * 60, "foot", sector=2)
    assert figure_of("patrols", city.scope(analyst=True), PERIOD).answer == ""


def test_nothing_is_said_where_nothing_is_known(city):
    answers = {slug: figure_of(slug, city.scope(), PERIOD).answer for slug in FIGURES if slug != "manning"}
    assert answers == dict.fromkeys(answers, "") | {"mirror": "Too few contacts to say."}
