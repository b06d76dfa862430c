"""How many officers there are and were, day by day, against how many there were to be; and the drawing of it."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from officers.chart import drawn
from officers.manning import Step, actual, history
from tests.factories import AssignmentFactory, ManningBasisFactory, SectorFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 2)


def at(day: datetime.date, hour: int = 7) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), timezone.get_current_timezone())


def later(days: int) -> datetime.date:
    return DAY + datetime.timedelta(days=days)


def appoint(sector, begins, ends=None, **fields):
    AssignmentFactory(sector=sector, period=DateTimeTZRange(begins, ends), attached=True, **fields)


@pytest.fixture
def sector():
    return SectorFactory()


def test_responsible_and_attached_are_counted_and_withdrawn_ones_are_not(sector):
    AssignmentFactory(sector=sector, period=DateTimeTZRange(at(DAY), None))
    appoint(sector, at(DAY), at(later(5)))
    future = timezone.now() + datetime.timedelta(days=9)
    appoint(sector, future, withdrawn_at=timezone.now())
    other = SectorFactory()
    assert actual([sector, other], DAY) == {sector.pk: 2, other.pk: 0}
    assert actual([sector], later(5)) == {sector.pk: 1}
    assert actual([sector], timezone.localdate() + datetime.timedelta(days=20)) == {sector.pk: 1}


def test_who_hands_over_in_the_morning_is_not_counted_twice(sector):
    appoint(sector, at(DAY), at(later(3)))
    appoint(sector, at(later(3)))
    assert [actual([sector], later(day))[sector.pk] for day in (2, 3, 4)] == [1, 1, 1]


def test_many_sectors_are_one_query(django_assert_num_queries):
    sectors = [SectorFactory() for _ in range(3)]
    with django_assert_num_queries(1):
        actual(sectors, DAY)


def test_history_holds_each_change_of_either_number(sector):
    appoint(sector, at(later(-50)))
    appoint(sector, at(later(10)), at(later(40)))
    ManningBasisFactory(sector=sector, holds_from=later(20), required=3)
    ManningBasisFactory(sector=sector, holds_from=later(30))
    assert history(sector, DAY, later(60)) == [
        Step(DAY, 2, 1),
        Step(later(10), 2, 2),
        Step(later(20), 3, 2),
        Step(later(40), 3, 1),
    ]


def test_history_agrees_with_the_number_of_each_day(sector):
    appoint(sector, at(later(-9), 15), at(later(2), 15))
    appoint(sector, at(later(1), 13), at(later(4), 9))
    appoint(sector, at(later(4), 9), at(later(4), 11))
    appoint(sector, at(later(6), 12), at(later(8), 12))
    steps = history(sector, DAY, later(12))
    for days in range(13):
        day = later(days)
        step = next(step for step in reversed(steps) if step.day <= day)
        assert step.actual == actual([sector], day)[sector.pk], day


def test_history_is_two_queries_however_long(sector, django_assert_num_queries):
    for days in range(0, 40, 4):
        appoint(sector, at(later(days)), at(later(days + 3)))
    with django_assert_num_queries(2):
        history(sector, DAY, later(60))


def test_drawing_steps_from_the_first_day_to_the_last(sector):
    chart = drawn([Step(DAY, 2, 1), Step(later(50), 2, 3)], later(100))
    assert chart.actual.startswith(f"M{chart.left} ")
    assert chart.actual.endswith(f"H{chart.right}")
    middle = (chart.left + chart.right) // 2
    assert f"H{middle}V" in chart.actual
    assert [row.label for row in chart.rows] == ["0", "1", "2", "3", "4"]
    assert [row.place for row in chart.rows] == sorted((row.place for row in chart.rows), reverse=True)


def test_drawing_of_one_day_and_of_many_officers_is_bounded():
    assert drawn([Step(DAY, 2, 0)], DAY).required
    assert len(drawn([Step(DAY, 2, 900)], later(9)).rows) <= 8
