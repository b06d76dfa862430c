import pytest
from django.db import connection
from django.utils import timezone

from sectorlog.groups.neglect import LAST_CONTACTS, State, attention, neglected, state_of
from sectorlog.models import GroupInSector, TargetGroup
from tests.factories import GroupInSectorFactory, LogEntryFactory, SectorFactory, TargetGroupFactory, days_ago

pytestmark = pytest.mark.django_db

NINE = 9


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def homeless():
    return TargetGroup.objects.get(slug="homeless")


def cell_of(sector, group):
    (found,) = [cell for cell in attention([sector], timezone.now()) if cell.group == group]
    return found


@pytest.mark.parametrize(
    ("interval", "days", "state"),
    [
        (None, None, State.NOT_AGREED),
        (None, 3, State.NOT_AGREED),
        (30, None, State.NEVER),
        (30, 0, State.IN_TIME),
        (30, 22, State.IN_TIME),
        (30, 23, State.SOON),
        (30, 30, State.SOON),
        (30, 31, State.OVERDUE),
        (1, 0, State.IN_TIME),
        (1, 1, State.SOON),
        (1, 2, State.OVERDUE),
    ],
)
def test_state_follows_from_interval_and_days(interval, days, state):
    assert state_of(interval, days) is state


def test_last_contact_is_the_newest_entry_about_the_group_in_the_sector(sector, homeless):
    GroupInSectorFactory(sector=sector, group=homeless, interval_days=30, need=GroupInSector.Need.HIGH)
    for days in (100, 42, 60):
        LogEntryFactory(sector=sector, groups=[homeless], happened_at=days_ago(days))
    LogEntryFactory(groups=[homeless])
    LogEntryFactory(sector=sector, groups=[TargetGroup.objects.get(slug="young")])
    cell = cell_of(sector, homeless)
    assert (cell.state, cell.days_since, cell.overdue_by) == (State.OVERDUE, 42, 12)
    assert cell.need == GroupInSector.Need.HIGH


def test_entries_after_the_instant_asked_about_are_left_out(sector, homeless):
    GroupInSectorFactory(sector=sector, group=homeless, interval_days=30)
    LogEntryFactory(sector=sector, groups=[homeless], happened_at=days_ago(2))
    LogEntryFactory(sector=sector, groups=[homeless], happened_at=days_ago(60))
    (cell,) = [cell for cell in attention([sector], days_ago(10)) if cell.group == homeless]
    assert (cell.state, cell.overdue_by) == (State.OVERDUE, 20)


def test_every_group_of_the_station_has_a_cell_and_no_other(sector):
    own = TargetGroupFactory(station=sector.station)
    TargetGroupFactory(station=sector.station, retired_at=timezone.now())
    TargetGroupFactory()
    cells = attention([sector], timezone.now())
    assert len(cells) == NINE + 1
    assert own in [cell.group for cell in cells]
    assert {cell.state for cell in cells} == {State.NOT_AGREED}


def test_neglected_come_worst_first(sector):
    slugs = {"young": 40, "trade": None, "clubs": 90, "homeless": 1, "gangs": 30}
    for slug, days in slugs.items():
        group = TargetGroup.objects.get(slug=slug)
        GroupInSectorFactory(sector=sector, group=group, interval_days=30)
        if days is not None:
            LogEntryFactory(sector=sector, groups=[group], happened_at=days_ago(days))
    found = neglected(attention([sector], timezone.now()))
    assert [cell.group.slug for cell in found] == ["trade", "clubs", "young"]


def test_no_sectors_have_no_cells(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert attention([], timezone.now()) == []


@pytest.mark.parametrize("count", [1, 12])
def test_three_queries_whatever_the_number_of_sectors(django_assert_num_queries, count):
    sectors = [SectorFactory() for _ in range(count)]
    GroupInSectorFactory(sector=sectors[0])
    with django_assert_num_queries(3):
        assert len(attention(sectors, timezone.now())) == NINE * count + 1


def test_the_newest_entry_is_found_by_the_index(sector, homeless):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {LAST_CONTACTS}", [[sector.pk], [homeless.pk], timezone.now()])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "entrygroup_in_order" in plan
    assert "Sort" not in plan
