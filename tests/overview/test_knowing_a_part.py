"""An analyst who heads a district knows its numbers, and takes them away from those of the station in vain."""

import datetime

import pytest
import time_machine

from overview.figures import Figure
from overview.figures.catalogue import FIGURES, figure_of, values_of
from overview.figures.periods import period_of
from overview.keeping import Kept
from overview.models import CountedMonth, MonthCount
from overview.scope import Scope, in_figures, key_of, scope_of
from tests.factories import (
    AssignmentFactory,
    BoundaryReleaseFactory,
    DistrictFactory,
    LeadershipFactory,
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
NOVEMBER = datetime.date(2026, 11, 1)
PERIOD = period_of("3", NOW.date())
COUNTED = ("visits", "contacts", "patrols", "mirror", "answers", "evaluations")


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


class City:
    """A station of two districts. The account heads the first one and is the analyst of all."""

    def __init__(self, own: int = 2, others: int = 1) -> None:
        self.station = StationFactory()
        self.district, self.other_district = (
            DistrictFactory(station=self.station, name=name, slug=name.lower()) for name in ("Own", "Rest")
        )
        self.own = [SectorFactory(district=self.district) for _each in range(own)]
        self.others = [SectorFactory(district=self.other_district) for _each in range(others)]
        areas = {sector: square(at) for at, sector in enumerate([*self.own, *self.others])}
        BoundaryReleaseFactory(station=self.station, areas=areas, in_force=True)
        self.both = StaffRoleFactory(role="analyst", station=self.station).user
        LeadershipFactory(user=self.both, station=self.station, district=self.district)
        self.analyst = StaffRoleFactory(role="analyst", station=self.station).user
        self.group = TargetGroupFactory(station=self.station)
        CountedMonth.objects.get_or_create(month=NOVEMBER)

    def scope(self, where: str = "", user=None) -> Scope:
        user = user or self.both
        return scope_of(user, where, in_figures(user))

    def count(self, sector, number: int) -> None:
        """Count so many of everything."""
        for measure, key, value in (
            ("visits", "", number),
            ("contacts", str(self.group.pk), number),
            ("patrols", "foot", 60 * number),
            ("outcomes", "fine", number),
            ("answers", "24", number),
            # As many answers whatever the number: 12 of them, or 20.
            ("evaluations", "help:yes", (12 if number < 5 else 20) - number),
            ("evaluations", "help:no", number),
        ):
            if value:
                MonthCountFactory(sector=sector, measure=measure, key=key, value=value, month=NOVEMBER)

    def appoint(self, sector, *years: float) -> None:
        """Appoint one officer after the other, each so many years ago."""
        begins = [NOW - datetime.timedelta(days=365 * ago) for ago in years]
        for begin, end in zip(begins, [*begins[1:], None], strict=True):
            AssignmentFactory(
                sector=sector, officer=OfficerFactory(station=self.station), period=(begin, end)
            )

    def seen(self, slug: str) -> list[object]:
        """Return all that the account is told: of all, the station, each district and each sector, and the map."""
        sectors = [key_of(sector) for sector in (*self.own, *self.others)]
        places = ["", key_of(self.station), key_of(self.district), key_of(self.other_district), *sectors]
        told: list[object] = []
        for where in places:
            scope = self.scope(where)
            figure = figure_of(slug, scope, PERIOD)
            told += [figure.pairs, figure.answer, values_of(slug, scope, PERIOD)]
        return told


def by_month(figure: Figure) -> object:
    return figure.pairs[1][1].rows[-1].cells[0]


@pytest.mark.parametrize("slug", COUNTED)
@pytest.mark.parametrize(("own", "elsewhere"), [(4, (1, 2, 3, 4)), (1, (1, 2, 3, 4)), (3, (8, 9, 11, 12))])
def test_what_looks_the_same_to_an_analyst_does_so_beside_the_own_numbers(slug, own, elsewhere):
    """Of 4 and 1 the station has 5, which would be told: so 1 to 4 look the same, and what rounds to ten."""
    city = City()
    city.count(city.own[0], own)
    told = []
    for number in elsewhere:
        MonthCount.objects.filter(sector=city.others[0]).delete()
        city.count(city.others[0], number)
        Kept.forget_all()
        told.append(city.seen(slug))
    assert all(one == told[0] for one in told)


def test_the_station_less_the_own_district_is_what_an_analyst_is_told_of_the_rest():
    city = City()
    city.count(city.own[0], 4)
    city.count(city.own[1], 3)
    city.count(city.others[0], 13)
    station = by_month(figure_of("visits", city.scope(key_of(city.station)), PERIOD))
    own = by_month(figure_of("visits", city.scope(key_of(city.district)), PERIOD))
    rest = by_month(
        figure_of("visits", city.scope(key_of(city.other_district), city.analyst), PERIOD),
    )
    assert (own.number, rest.number) == (7, 15)
    assert station.number - own.number == rest.number


def test_the_own_district_stands_in_the_stations_table_as_it_is():
    city = City()
    city.count(city.own[0], 3)
    city.count(city.others[0], 13)
    places = figure_of("visits", city.scope(), PERIOD).pairs[0][1]
    assert [row.cells[0].text for row in places.rows] == ["3", "15"]
    assert places.total.cells[0].text == "18"
    values = values_of("visits", city.scope(), PERIOD)
    assert [values[sector.pk].number for sector in (city.own[0], city.others[0])] == [3, 15]


def test_what_an_analyst_is_told_is_not_kept_for_who_knows_a_part_and_back():
    city = City()
    city.count(city.own[0], 3)
    city.count(city.others[0], 13)
    by_whom = [
        by_month(figure_of("visits", city.scope("", user), PERIOD)).text
        for user in (city.analyst, city.both, city.analyst)
    ]
    assert by_whom == ["15", "18", "15"]


def test_sectors_that_nobody_met_a_group_in_are_hidden_if_they_are_others():
    """Five of six sectors had none: the account's own, or all but one of them and another's."""
    city = City(own=5)
    for sectors in (city.own[:1], city.others):
        MonthCount.objects.all().delete()
        CountedMonth.objects.update(counted_at=datetime.datetime.now(datetime.UTC))
        Kept.forget_all()
        for sector in sectors:
            city.count(sector, 5)
        groups = figure_of("contacts", city.scope(), PERIOD).pairs[0][1]
        row = next(row for row in groups.rows if row.name == str(city.group))
        assert row.cells[1].text == "–"


def test_who_is_missing_elsewhere_is_not_told_by_the_number_of_all():
    """Four own sectors are without an officer: of all there would be five."""
    city = City(own=5, others=2)
    city.appoint(city.own[0], 3)
    city.appoint(city.others[0], 3)
    continuity = figure_of("continuity", city.scope(), PERIOD)
    places, months = (table for _chart, table in continuity.pairs)
    assert [row.cells[3].text for row in places.rows] == ["4", "under 5"]
    # Not "under 5": the own ones and those that are hidden may be more.
    assert months.rows[-1].cells[1].text == "–"
    manning = figure_of("manning", city.scope(), PERIOD)
    assert [cell.text for cell in manning.pairs[1][1].rows[-1].cells] == ["–"] * 4


def test_a_median_is_told_of_five_that_are_not_known_and_of_no_fewer():
    """Five own sectors and one other: the median of all six would tell for how long that one has its officer."""
    for others, months in ((1, "–"), (5, "36")):
        city = City(own=5, others=others)
        for sector in city.own:
            city.appoint(sector, 3.02)
        for sector in city.others:
            city.appoint(sector, 3.02)
        figure = figure_of("continuity", city.scope(), PERIOD)
        assert figure.pairs[1][1].rows[-1].cells[2].text == months
        assert bool(figure.answer) is (others == 5)
        values = values_of("continuity", city.scope(), PERIOD)
        assert values[city.own[0].pk].number is not None
        assert values[city.others[0].pk].number is None


def test_a_change_elsewhere_is_not_told_by_the_changes_of_all():
    told = []
    for changes in (1, 2):
        city = City(own=4, others=5)
        for sector in city.own:
            city.appoint(sector, 3, 0.01)
        for at, sector in enumerate(city.others):
            city.appoint(sector, *((3, 0.01) if at < changes else (3,)))
        figure = figure_of("continuity", city.scope(), PERIOD)
        told.append(
            [[cell.text for cell in row.cells] for _chart, table in figure.pairs for row in table.rows]
        )
    assert told[0] == told[1]
    assert told[0][-1][0] == "–"


@pytest.mark.parametrize("slug", FIGURES)
def test_two_parts_cost_one_query_more_at_most(slug, django_assert_max_num_queries):
    city = City(own=10, others=10)
    for sector in (*city.own, *city.others):
        city.count(sector, 7)
    scope = city.scope()
    with django_assert_max_num_queries(4):
        figure_of(slug, scope, PERIOD)
    with django_assert_max_num_queries(1):
        values_of(slug, scope, PERIOD)


def test_the_page_says_that_the_own_part_is_as_it_is(client):
    city = City()
    word = "What you head is shown, and counted in, as it is."
    for user, is_said in ((city.both, True), (city.analyst, False)):
        client.force_login(user)
        page = client.get("/station/overview/figures/").content.decode()
        assert "Numbers under 5 are hidden here" in page
        assert (word in page) is is_said
    client.force_login(city.both)
    own = client.get("/station/overview/figures/", {"where": key_of(city.district)}).content.decode()
    assert "Numbers under 5 are hidden here" not in own
