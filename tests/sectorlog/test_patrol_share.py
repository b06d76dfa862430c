import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from sectorlog.patrols.chart import drawn
from sectorlog.patrols.share import Hours, Week, together, weeks_of
from tests.factories import PatrolFactory, SectorFactory

pytestmark = pytest.mark.django_db

PLACE = ZoneInfo("Europe/Copenhagen")


def at(day: int, hour: int, minute: int = 0, *, month: int = 5) -> datetime.datetime:
    """Return an instant of 2027; 3 May is a Monday."""
    return datetime.datetime(2027, month, day, hour, minute, tzinfo=PLACE)


NOW = at(12, 12)


@pytest.fixture
def sector():
    return SectorFactory()


def patrol(sector, begins, ends, form="foot"):
    return PatrolFactory(sector=sector, form=form, period=DateTimeTZRange(begins, ends, "[)"))


def last_week(sector) -> Hours:
    return weeks_of(sector, NOW)[-2].hours


def test_hours_are_summed_by_form_and_week(sector):
    patrol(sector, at(3, 9), at(3, 12))
    patrol(sector, at(4, 9), at(4, 10), "bicycle")
    patrol(sector, at(7, 20), at(7, 22), "vehicle")
    patrol(sector, at(10, 8), at(10, 9))
    patrol(SectorFactory(), at(3, 9), at(3, 12))
    hours = last_week(sector)
    assert (hours.foot, hours.bicycle, hours.vehicle, hours.share) == (3, 1, 2, 67)
    assert together(weeks_of(sector, NOW)).foot == 4


def test_a_patrol_over_sunday_midnight_counts_in_both_weeks(sector):
    patrol(sector, at(9, 22), at(10, 1))
    before, after = (week.hours for week in weeks_of(sector, NOW)[-2:])
    assert (before.foot, after.foot) == (2, 1)


def test_a_patrol_that_runs_counts_until_now(sector):
    patrol(sector, at(12, 10), None)
    assert weeks_of(sector, NOW)[-1].hours.foot == 2


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        (at(3, 6), at(3, 8), 1),  # Monday
        (at(7, 22), at(8, 2), 1),  # Friday night
        (at(8, 10), at(8, 14), 0),  # Saturday
        (at(4, 23), at(5, 7), 0),  # a night
        (at(4, 6), at(5, 8), 17),
    ],
)
def test_hours_at_the_agreed_times_lie_on_weekdays_from_seven_to_eleven(sector, begins, ends, hours):
    patrol(sector, begins, ends)
    assert last_week(sector).at_agreed_times == hours


def test_the_night_in_which_clocks_go_forward_has_an_hour_less(sector):
    patrol(sector, at(28, 0, month=3), at(28, 6, month=3))
    assert together(weeks_of(sector, NOW)).foot == 5


def test_what_is_older_than_the_first_week_does_not_count(sector):
    first = weeks_of(sector, NOW)[0].monday
    assert first == datetime.date(2026, 5, 11)
    midnight = datetime.datetime(2026, 5, 11, tzinfo=PLACE)
    patrol(sector, midnight - datetime.timedelta(hours=3), midnight + datetime.timedelta(hours=1))
    assert weeks_of(sector, NOW)[0].hours.foot == 1


def test_a_year_of_patrols_is_one_query(sector, django_assert_num_queries):
    for day in range(3, 12):
        patrol(sector, at(day, 9), at(day, 12))
    with django_assert_num_queries(1):
        weeks_of(sector, NOW)


def test_bars_stand_on_one_another_and_on_the_floor():
    weeks = [Week(datetime.date(2027, 5, 3), Hours(foot=2, bicycle=1, vehicle=1))]
    foot, bicycle, vehicle = drawn(weeks).pieces
    floor = drawn(weeks).rows[0].place
    assert (foot.form, foot.y + foot.height) == ("foot", floor)
    assert (bicycle.form, bicycle.y + bicycle.height) == ("bicycle", foot.y)
    assert (vehicle.form, vehicle.y + vehicle.height) == ("vehicle", bicycle.y)
    assert foot.height == pytest.approx(2 * vehicle.height, abs=1)


def test_no_patrol_draws_an_empty_grid(sector):
    bars = drawn(weeks_of(sector, NOW))
    assert bars.pieces == ()
    assert [row.label for row in bars.rows] == ["0", "1"]
