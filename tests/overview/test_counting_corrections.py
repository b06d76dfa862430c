"""Counting months whose entries are corrected for a day: each entry counts once, where and as it came to stand."""

import datetime
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from overview.figures.counting import all_months, count, count_due
from overview.models import MonthCount
from sectorlog.entries.correction import correct, fingerprint
from sectorlog.models import LogEntry
from sectors.models import Sector
from tests.factories import (
    LogEntryFactory,
    PartyFactory,
    PatrolFactory,
    SectorFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Europe/Copenhagen")
# The database goes by its own clock: entries of so late a year can be corrected whenever this is run.
YEAR = 2100
AUGUST, OCTOBER, NOVEMBER = (datetime.date(YEAR, month, 1) for month in (8, 10, 11))


def at(month: int, day: int, hour: int = 12) -> datetime.datetime:
    return datetime.datetime(YEAR, month, day, hour, tzinfo=HERE)


def night(month: int, day: int) -> None:
    """Count what the night counts."""
    count_due(at(month, day, 4))


def counted(measure: str = "entries") -> dict[tuple[datetime.date, str], int]:
    """Return what stands there of a measure, by month and key."""
    return {(row.month, row.key): row.value for row in MonthCount.objects.filter(measure=measure)}


def entries() -> tuple[int, int]:
    """Return how many entries are counted in August and in November."""
    found = counted()
    return found.get((AUGUST, ""), 0), found.get((NOVEMBER, ""), 0)


def mend(entry: LogEntry, about: dict[str, Iterable[Any]] | None = None, **changes: Any) -> None:
    entry = LogEntry.objects.get(pk=entry.pk)
    correct(entry, changes or {"text": entry.text}, about or {}, as_of=fingerprint(entry))


@pytest.fixture
def sector() -> Sector:
    """A sector with two entries in August and six in November, counted."""
    sector = SectorFactory()
    for month, number in ((8, 2), (11, 6)):
        for day in range(1, number + 1):
            LogEntryFactory(sector=sector, happened_at=at(month, day))
    count(all_months(at(11, 14, 4)), at(11, 14, 4))
    assert entries() == (2, 6)
    return sector


def test_an_entry_that_was_dated_into_august_by_mistake_counts_in_november_alone(sector):
    entry = LogEntryFactory(sector=sector, happened_at=at(8, 15), written_at=at(11, 15, 20))
    night(11, 16)
    mend(entry, happened_at=at(11, 15, 19))
    night(11, 17)
    assert entries() == (2, 7)
    night(11, 18)
    assert entries() == (2, 7)


def test_an_entry_that_was_dated_into_november_by_mistake_counts_in_august_alone(sector):
    entry = LogEntryFactory(sector=sector, happened_at=at(11, 15, 19), written_at=at(11, 15, 20))
    night(11, 16)
    assert entries() == (2, 7)
    mend(entry, happened_at=at(8, 15))
    night(11, 17)
    assert entries() == (3, 6)


def test_a_correction_in_the_last_minute_of_the_day_is_counted(sector):
    """The night of the 17th comes twenty-four hours and some after the entry: it may be just being corrected."""
    entry = LogEntryFactory(sector=sector, happened_at=at(8, 15), written_at=at(11, 16, 3))
    night(11, 16)
    night(11, 17)
    mend(entry, happened_at=at(11, 15))
    night(11, 18)
    assert entries() == (2, 7)


def test_a_late_entry_counts_in_its_month_when_it_cannot_be_corrected_any_more(sector):
    LogEntryFactory(sector=sector, happened_at=at(8, 15), written_at=at(11, 15, 20))
    night(11, 16)
    assert entries() == (2, 6)
    night(11, 17)
    assert entries() == (3, 6)


def test_a_late_entry_counts_after_nights_that_were_missed(sector):
    LogEntryFactory(sector=sector, happened_at=at(8, 15), written_at=at(11, 15, 20))
    night(11, 16)
    night(11, 29)
    assert entries() == (3, 6)


def test_what_a_late_entry_says_counts_as_it_was_corrected(sector):
    youth, shops = TargetGroupFactory(), TargetGroupFactory()
    entry = LogEntryFactory(
        sector=sector,
        happened_at=at(8, 15),
        written_at=at(11, 15, 20),
        outcome="fine",
        groups=[youth],
        parties=[PartyFactory(sector=sector), PartyFactory(sector=sector)],
    )
    night(11, 16)
    one = PartyFactory(sector=sector)
    mend(entry, {"groups": [shops], "parties": [one]}, outcome="advice")
    night(11, 17)
    assert counted("outcomes") == {(AUGUST, "advice"): 1}
    assert counted("contacts") == {(AUGUST, str(shops.pk)): 1}
    assert counted("visits") == {(AUGUST, ""): 1}


def test_entries_of_one_month_are_told_apart_by_whether_they_can_be_corrected():
    """Of each sector, group and outcome: what is settled counts at once, what is not waits."""
    settled, fresh = at(9, 1), at(11, 15, 20)
    groups = [TargetGroupFactory() for _each in range(2)]
    sectors = [SectorFactory() for _each in range(2)]
    for sector in sectors:
        parties = [PartyFactory(sector=sector)]
        for outcome, group, written, number in (
            ("fine", groups[0], settled, 3),
            ("fine", groups[0], fresh, 2),
            ("advice", groups[0], settled, 1),
            ("advice", groups[1], fresh, 1),
        ):
            for _each in range(number):
                LogEntryFactory(
                    sector=sector,
                    happened_at=at(8, 15),
                    written_at=written,
                    outcome=outcome,
                    groups=[group],
                    parties=parties,
                )
    count([AUGUST], at(11, 16, 4))
    rows = MonthCount.objects.values_list("sector", "measure", "key", "value")
    assert set(rows) == {
        (sector.pk, *row)
        for sector in sectors
        for row in (
            ("entries", "", 4),
            ("outcomes", "fine", 3),
            ("outcomes", "advice", 1),
            ("contacts", str(groups[0].pk), 4),
            ("visits", "", 4),
        )
    }
    count([AUGUST], at(11, 17, 4))
    assert entries() == (7, 0)
    assert MonthCount.objects.filter(key=str(groups[1].pk)).count() == 2


def test_an_entry_that_leaves_a_month_while_that_settles_counts_once(sector):
    """October is counted as it stands until the end of November, with what can still be corrected."""
    entry = LogEntryFactory(sector=sector, happened_at=at(10, 20), written_at=at(11, 29, 20))
    night(11, 30)
    assert counted()[OCTOBER, ""] == 1
    mend(entry, happened_at=at(11, 20))
    night(12, 1)
    assert (OCTOBER, "") not in counted()
    assert entries() == (2, 7)


def test_a_month_that_settled_while_no_night_counted_is_counted_once_more_as_it_stands(sector):
    entry = LogEntryFactory(sector=sector, happened_at=at(11, 15, 19), written_at=at(11, 15, 20))
    night(11, 16)
    mend(entry, happened_at=at(8, 15))
    count_due(datetime.datetime(YEAR + 1, 3, 5, 4, tzinfo=HERE))
    assert entries() == (3, 6)


def test_a_night_with_a_fast_clock_does_not_keep_late_entries_from_being_counted(sector):
    count_due(at(11, 15, 4) + datetime.timedelta(days=120))
    LogEntryFactory(sector=sector, happened_at=at(8, 15), written_at=at(11, 15, 5))
    night(11, 16)
    night(11, 17)
    assert entries() == (3, 6)


def test_a_first_night_with_a_fast_clock_does_not_keep_late_entries_from_being_counted():
    sector = SectorFactory()
    LogEntryFactory(sector=sector, happened_at=at(8, 3))
    count_due(at(11, 15, 4) + datetime.timedelta(days=120))
    LogEntryFactory(sector=sector, happened_at=at(8, 15), written_at=at(11, 15, 5))
    night(11, 16)
    night(11, 17)
    assert entries() == (2, 0)


def test_what_a_fast_clock_counted_of_months_to_come_is_counted_anew_when_they_come(sector):
    """By that clock a patrol went on for months."""
    patrol = PatrolFactory(sector=sector, period=(at(11, 15, 2), None))
    count_due(at(11, 15, 4) + datetime.timedelta(days=120))
    patrol.period = (at(11, 15, 2), at(11, 15, 6))
    patrol.save()
    night(11, 16)
    night(12, 2)
    months = [key for key in counted("patrols") if key[0] <= datetime.date(YEAR, 12, 1)]
    assert months == [(NOVEMBER, "foot")]
    assert counted("patrols")[NOVEMBER, "foot"] == 240


def test_queries_of_a_settled_month_do_not_grow_with_the_sectors(django_assert_max_num_queries):
    LogEntryFactory(happened_at=at(8, 15), written_at=at(11, 15, 20))
    with django_assert_max_num_queries(22):
        count([AUGUST], at(11, 16, 4))
    for _each in range(20):
        LogEntryFactory(happened_at=at(8, 15), written_at=at(11, 15, 20), outcome="fine")
    with django_assert_max_num_queries(22):
        count([AUGUST], at(11, 16, 4))
