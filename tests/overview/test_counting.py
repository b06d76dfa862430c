"""Counting months: as a count by hand has it, the same however often, the past kept."""

import datetime
import random
import threading
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from overview.figures import Period, counting
from overview.figures.counting import all_months, bucket, count, count_due
from overview.figures.periods import months_of
from overview.models import CountedMonth, Measure, MonthCount
from overview.tasks import count_figures
from sectorlog.models import EntryGroup, EntryParty, LogEntry, Outcome
from sectorlog.retention.erasing import erase_due
from tests.factories import (
    LogEntryFactory,
    MessageFactory,
    PartyFactory,
    PatrolFactory,
    SectorFactory,
    TargetGroupFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Europe/Copenhagen")
NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=HERE)
HOUR = datetime.timedelta(hours=1)
MARCH, OCTOBER, NOVEMBER = (datetime.date(2026, month, 1) for month in (3, 10, 11))


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=HERE)


def counted(measure: str) -> dict[tuple[int, datetime.date, str], int]:
    """Return what stands there of a measure, by sector, month and key."""
    rows = MonthCount.objects.filter(measure=measure)
    return {(row.sector_id, row.month, row.key): row.value for row in rows}


def month_of(instant: datetime.datetime) -> datetime.date:
    return instant.astimezone(HERE).date().replace(day=1)


def test_counts_of_the_log_are_those_of_a_count_by_hand():
    chance = random.Random(7)
    author = UserFactory()
    sectors = [SectorFactory() for _each in range(3)]
    groups = [TargetGroupFactory() for _each in range(3)]
    parties = [PartyFactory(sector=sector) for sector in sectors]
    for _each in range(80):
        place = chance.randrange(3)
        LogEntryFactory(
            sector=sectors[place],
            author=author,
            happened_at=NOW - chance.random() * datetime.timedelta(days=150),
            outcome=chance.choice(["", *Outcome.values]),
            groups=chance.sample(groups, chance.randrange(3)),
            parties=chance.sample([parties[place]], chance.randrange(2)),
        )
    count(all_months(NOW), NOW)
    entries = list(LogEntry.objects.all())
    assert counted("entries") == Counter(
        (entry.sector_id, month_of(entry.happened_at), "") for entry in entries
    )
    assert counted("outcomes") == Counter(
        (entry.sector_id, month_of(entry.happened_at), entry.outcome) for entry in entries if entry.outcome
    )
    assert counted("contacts") == Counter(
        (link.entry.sector_id, month_of(link.entry.happened_at), str(link.group_id))
        for link in EntryGroup.objects.select_related("entry")
    )
    assert counted("visits") == Counter(
        (link.entry.sector_id, month_of(link.entry.happened_at), "")
        for link in EntryParty.objects.select_related("entry")
    )


def test_a_month_begins_at_midnight_of_the_place():
    last, first = (
        LogEntryFactory(happened_at=instant).sector_id
        # In UTC both lie in another month or on another offset than the place's clock says.
        for instant in (at(2026, 3, 31, 23, 59, 59), at(2026, 4, 1, 0, 0, 0))
    )
    count([MARCH, datetime.date(2026, 4, 1)], NOW)
    assert counted("entries") == {(last, MARCH, ""): 1, (first, datetime.date(2026, 4, 1), ""): 1}


def test_a_patrol_counts_in_each_month_for_its_part_of_it():
    patrol = PatrolFactory(period=(at(2026, 10, 31, 22), at(2026, 11, 1, 1, 30)))
    count([OCTOBER, NOVEMBER], NOW)
    assert counted("patrols") == {
        (patrol.sector_id, OCTOBER, "foot"): 120,
        (patrol.sector_id, NOVEMBER, "foot"): 90,
    }


def test_a_patrol_through_the_change_of_clocks_counts_as_long_as_it_was():
    """Clocks go forward on 29 March and back on 25 October 2026."""
    shorter = PatrolFactory(period=(at(2026, 3, 29, 0), at(2026, 3, 29, 4)), form="bicycle")
    longer = PatrolFactory(period=(at(2026, 10, 25, 0), at(2026, 10, 25, 4)), form="vehicle")
    count([MARCH, OCTOBER], NOW)
    assert counted("patrols") == {
        (shorter.sector_id, MARCH, "bicycle"): 3 * 60,
        (longer.sector_id, OCTOBER, "vehicle"): 5 * 60,
    }


def test_a_patrol_that_runs_counts_until_now():
    patrol = PatrolFactory(period=(NOW - 2 * HOUR, None))
    count([NOVEMBER], NOW)
    count([NOVEMBER], NOW + HOUR)
    assert counted("patrols") == {(patrol.sector_id, NOVEMBER, "foot"): 180}


def test_patrols_of_a_form_are_added_up_before_they_are_rounded():
    sector = SectorFactory()
    for _each in range(3):
        PatrolFactory(sector=sector, period=(NOW - HOUR, NOW - HOUR + datetime.timedelta(seconds=40)))
    count([NOVEMBER], NOW)
    assert counted("patrols") == {(sector.pk, NOVEMBER, "foot"): 2}


def test_answers_count_in_the_month_of_the_answer_by_the_72_hour_clock():
    sector = SectorFactory()
    monday = at(2026, 11, 2, 10)
    for hours in (24, 25, 71, 73):
        MessageFactory(sector=sector, received_at=monday, answered_at=monday + hours * HOUR)
    # From Friday at 14 to Monday at 14: the weekend stands still.
    friday = at(2026, 10, 30, 14)
    MessageFactory(sector=sector, received_at=friday, answered_at=friday + 72 * HOUR)
    count([OCTOBER, NOVEMBER], NOW)
    assert counted("answers") == {
        (sector.pk, NOVEMBER, "24"): 2,
        (sector.pk, NOVEMBER, "48"): 1,
        (sector.pk, NOVEMBER, "72"): 1,
        (sector.pk, NOVEMBER, "later"): 1,
    }


def test_answers_leave_out_what_nobody_wanted_answered():
    answered = {"received_at": NOW - 30 * HOUR, "answered_at": NOW - HOUR}
    MessageFactory(**answered, withdrawn_at=NOW)
    MessageFactory(**answered, closed_at=NOW, result="spam")
    MessageFactory(**answered, answer_by="none")
    MessageFactory(received_at=NOW - 30 * HOUR)
    count([NOVEMBER], NOW)
    assert counted("answers") == {}


@pytest.mark.parametrize(
    ("hours", "key"),
    [(0, "24"), (24, "24"), (24.01, "48"), (48, "48"), (72, "72"), (72.01, "later"), (900, "later")],
)
def test_an_answer_in_the_last_second_is_in_time(hours, key):
    assert bucket(datetime.timedelta(hours=hours)) == key


def test_counted_twice_is_the_same():
    LogEntryFactory(happened_at=NOW - HOUR, outcome="advice", groups=[TargetGroupFactory()])
    LogEntryFactory(happened_at=at(2026, 3, 5, 12), outcome="fine")
    PatrolFactory(period=(at(2026, 3, 5, 12), at(2026, 3, 5, 14)))
    count([MARCH, NOVEMBER], NOW)
    before = {measure: counted(measure) for measure in Measure.values}
    count([MARCH, NOVEMBER], NOW)
    assert {measure: counted(measure) for measure in Measure.values} == before
    assert [sum(before[measure].values()) for measure in ("entries", "patrols")] == [2, 120]


def test_what_is_erased_from_an_earlier_month_stays_counted():
    entry = LogEntryFactory(
        happened_at=at(2026, 3, 5, 12),
        review_on=datetime.date(2026, 11, 1),
        groups=[TargetGroupFactory()],
        parties=[PartyFactory()],
        outcome="fine",
    )
    count([MARCH], NOW)
    before = {measure: counted(measure) for measure in Measure.values}
    assert [sum(before[measure].values()) for measure in ("entries", "contacts", "visits")] == [1, 1, 1]
    assert erase_due().erased == 1
    assert not LogEntry.objects.filter(pk=entry.pk).exists()
    count([MARCH], NOW)
    assert {measure: counted(measure) for measure in Measure.values} == before


def test_an_earlier_month_grows_with_what_is_entered_late():
    sector = SectorFactory()
    LogEntryFactory(sector=sector, happened_at=at(2026, 3, 5, 12))
    count([MARCH], NOW)
    LogEntryFactory(sector=sector, happened_at=at(2026, 3, 6, 12), written_at=NOW)
    count([MARCH], NOW + datetime.timedelta(days=2))
    assert counted("entries") == {(sector.pk, MARCH, ""): 2}


def test_the_last_two_months_are_counted_as_they_stand_and_earlier_ones_never_fall():
    sector = SectorFactory()
    for month in (9, 10, 11):
        LogEntryFactory(sector=sector, happened_at=at(2026, month, 3, 12))
    months = all_months(NOW)
    count(months, NOW)
    MonthCount.objects.update(value=7)
    count(months, NOW)
    assert [counted("entries")[sector.pk, month, ""] for month in months] == [7, 1, 1]


def test_a_night_counts_two_months_and_those_that_were_added_to(monkeypatch):
    sector = SectorFactory()
    for month in range(1, 11):
        LogEntryFactory(sector=sector, happened_at=at(2026, month, 5, 12))
    count(all_months(NOW), NOW)
    assert CountedMonth.objects.count() == 11
    later = NOW + datetime.timedelta(days=2)
    LogEntryFactory(sector=sector, happened_at=at(2026, 3, 5, 12), written_at=NOW + 2 * HOUR)
    # Small batches: it has to go back through more than one of them.
    monkeypatch.setattr(counting, "BATCH", 1)
    assert count_due(later) == 3
    fresh = set(CountedMonth.objects.filter(counted_at=later).values_list("month", flat=True))
    assert fresh == {MARCH, OCTOBER, NOVEMBER}
    assert counted("entries")[sector.pk, MARCH, ""] == 2


def test_nights_that_were_missed_are_made_up_for():
    LogEntryFactory(happened_at=at(2026, 3, 5, 12))
    count([MARCH], at(2026, 3, 6, 3))
    PatrolFactory(period=(at(2026, 6, 5, 12), at(2026, 6, 5, 14)))
    count_due(NOW)
    assert [month for _sector, month, _key in counted("patrols")] == [datetime.date(2026, 6, 1)]


def test_the_first_night_counts_everything():
    LogEntryFactory(happened_at=at(2025, 12, 31, 23, 30))
    count_figures()
    months = months_of(Period(datetime.date(2025, 12, 1), NOVEMBER))
    assert list(CountedMonth.objects.order_by("month").values_list("month", flat=True)) == months


def test_an_empty_site_is_counted_too():
    assert count_due(NOW) == 1
    assert not MonthCount.objects.exists()


def test_an_impossible_year_does_not_keep_the_count_busy_for_ever():
    LogEntryFactory(happened_at=datetime.datetime(1066, 10, 14, 12, tzinfo=datetime.UTC))
    assert all_months(NOW)[0] == datetime.date(2000, 1, 1)


def test_the_command_counts_everything_and_shows_how_far_it_is(capsys):
    LogEntryFactory(happened_at=at(2026, 9, 5, 12))
    call_command("count_figures", "--all")
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["2026-09", "2026-10", "2026-11"]
    assert "3 of 3" in lines[-1]
    call_command("count_figures")
    assert "2 months counted" in capsys.readouterr().out


def test_queries_do_not_grow_with_the_sectors(django_assert_max_num_queries):
    LogEntryFactory(happened_at=NOW - HOUR)
    with django_assert_max_num_queries(17):
        count([NOVEMBER], NOW)
    for _each in range(20):
        LogEntryFactory(happened_at=NOW - HOUR, outcome="fine")
    with django_assert_max_num_queries(17):
        count([NOVEMBER], NOW)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_month_leave_one_count():
    entry = LogEntryFactory(happened_at=NOW - HOUR, outcome="fine", groups=[TargetGroupFactory()])
    together, faults = threading.Barrier(2), []

    def work() -> None:
        try:
            for _each in range(5):
                together.wait(timeout=20)
                count([OCTOBER, NOVEMBER], NOW)
        except Exception as fault:
            faults.append(fault)
            raise
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert faults == []
    assert counted("entries") == {(entry.sector_id, NOVEMBER, ""): 1}
    assert timezone.now() == CountedMonth.objects.get(month=NOVEMBER).counted_at
