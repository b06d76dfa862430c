"""What people said is counted in lots of five and more: no two figures differ by fewer answers."""

import datetime
import random
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
import time_machine

from contacts.models import Evaluation
from overview.figures.counting import count, count_due
from overview.models import MonthCount
from tests.factories import EvaluationFactory, SectorFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
MONTHS = [datetime.date(2026, month, 1) for month in range(5, 12)]
JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = MONTHS[2:]


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


def say(sector, number: int, month: datetime.date, got_help: str = "yes", easy_to_reach: str = "") -> None:
    for _one in range(number):
        EvaluationFactory(sector=sector, month=month, got_help=got_help, easy_to_reach=easy_to_reach)


def counted() -> dict[tuple[datetime.date, str], int]:
    rows = MonthCount.objects.filter(measure="evaluations")
    return {(row.month, row.key): row.value for row in rows}


def test_answers_wait_for_the_month_in_which_their_sector_has_five():
    sector = SectorFactory()
    say(sector, 3, JULY)
    say(sector, 1, SEPTEMBER)
    count(MONTHS, NOW)
    assert counted() == {}
    say(sector, 2, OCTOBER, "no")
    count(MONTHS, NOW)
    assert counted() == {(OCTOBER, "help:yes"): 4, (OCTOBER, "help:no"): 2}


def test_each_question_waits_for_five_answers_of_its_own():
    sector = SectorFactory()
    say(sector, 5, AUGUST, "yes", "partly")
    say(sector, 4, SEPTEMBER, "", "no")
    say(sector, 1, OCTOBER, "no", "yes")
    count(MONTHS, NOW)
    assert counted() == {
        (AUGUST, "help:yes"): 5,
        (AUGUST, "reach:partly"): 5,
        (OCTOBER, "reach:no"): 4,
        (OCTOBER, "reach:yes"): 1,
    }


def test_another_sectors_answers_are_not_waited_with():
    for _sector in range(2):
        say(SectorFactory(), 4, OCTOBER)
    count(MONTHS, NOW)
    assert counted() == {}


def test_the_running_month_is_told_when_it_is_over():
    """Counted each night, one more answer would show at once what it is."""
    say(SectorFactory(), 9, NOVEMBER)
    count_due(NOW)
    assert counted() == {}
    with time_machine.travel(NOW + datetime.timedelta(days=12)):
        count_due()
    assert counted() == {(NOVEMBER, "help:yes"): 9}


def test_what_was_told_stays_whatever_comes_later():
    sector = SectorFactory()
    say(sector, 6, AUGUST)
    count(MONTHS, NOW)
    before = counted()
    say(sector, 4, OCTOBER, "no")
    count(MONTHS, NOW)
    assert counted() == before


def test_no_two_periods_differ_by_one_to_four_answers():
    chance, sectors = random.Random(7), [SectorFactory() for _sector in range(4)]
    for month in MONTHS:
        for sector in sectors:
            say(sector, chance.randint(0, 4), month, chance.choice(Evaluation.Said.values))
    count(MONTHS, NOW)
    for sector in sectors:
        rows = MonthCount.objects.filter(measure="evaluations", sector=sector)
        until = [sum(row.value for row in rows if row.month <= month) for month in MONTHS]
        assert until[-1] >= 5
        assert not {abs(a - b) for a, b in combinations(until, 2)} & {1, 2, 3, 4}
