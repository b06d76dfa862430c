"""After a publication every address learns its sector; what is not touched is not written."""

import datetime

import pytest
import time_machine
from django.contrib.gis.geos import Point
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from sectors import resector, tasks
from sectors.models import Address, BoundaryRelease, Sector, Street
from tests.factories import BoundaryReleaseFactory, SectorFactory, middle, square


@pytest.fixture
def street(db: None) -> Street:
    return Street.objects.create(name="Vej", key="vej", postcode="2200", city="København N", address_count=3)


def make_address(street: Street, number: int, place: tuple[float, float]) -> Address:
    return Address.objects.create(street=street, number=number, location=Point(*place, srid=4326))


@pytest.fixture
def sectors(db: None) -> tuple[Sector, Sector]:
    first = SectorFactory(number=1)
    return first, SectorFactory(district=first.district, number=2)


def sector_numbers() -> dict[int, int | None]:
    return dict(Address.objects.order_by("number").values_list("number", "sector__number"))


def row_versions() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, xmin::text FROM sectors_address")
        return dict(cursor.fetchall())


def succeed(release: BoundaryRelease, **areas: object) -> BoundaryRelease:
    """End a release now and put its successor in force, as a publication does."""
    now = timezone.now()
    successor = BoundaryReleaseFactory(station=release.station, **areas)
    release.period = DateTimeTZRange(release.period.lower, now)
    release.save()
    successor.period, successor.published_at = DateTimeTZRange(now, None), now
    successor.save()
    return successor


def test_addresses_follow_a_new_release(street, sectors):
    first, second = sectors
    release = BoundaryReleaseFactory(
        station=first.station, areas={first: square(0), second: square(1)}, in_force=True
    )
    for number, place in enumerate((middle(0), middle(1), middle(2)), start=1):
        make_address(street, number, place)
    tasks.resector_due_stations()
    assert sector_numbers() == {1: 1, 2: 2, 3: None}
    release.refresh_from_db()
    assert release.resectored_at is not None

    successor = succeed(release, areas={second: square(0), first: square(2)})
    tasks.resector_release(successor.pk)
    assert sector_numbers() == {1: 2, 2: None, 3: 1}
    assert resector.due_releases() == []


def test_border_belongs_to_the_first_sector_by_number(street, sectors):
    first, second = sectors
    BoundaryReleaseFactory(station=first.station, areas={second: square(0), first: square(1)}, in_force=True)
    make_address(street, 1, (square(1).extent[0], middle(0)[1]))
    tasks.resector_due_stations()
    assert sector_numbers() == {1: 1}


def test_addresses_that_keep_their_sector_are_not_written(street, sectors):
    first, second = sectors
    release = BoundaryReleaseFactory(
        station=first.station, areas={first: square(0), second: square(1)}, in_force=True
    )
    make_address(street, 1, middle(0))
    make_address(street, 2, middle(1))
    tasks.resector_due_stations()
    before = row_versions()
    successor = succeed(release, areas={first: square(0), second: square(2)})
    assert resector.resector(successor.pk) == 1
    after = row_versions()
    assert after[1] == before[1]
    assert after[2] != before[2]


def test_addresses_outside_old_and_new_boundaries_are_left_alone(street, sectors):
    first, _second = sectors
    far = make_address(street, 1, middle(30, 30))
    far.sector = first
    far.save()
    BoundaryReleaseFactory(station=first.station, areas={first: square(0)}, in_force=True)
    tasks.resector_due_stations()
    assert sector_numbers() == {1: 1}


def test_release_of_one_station_leaves_those_of_another(street, sectors):
    first, _second = sectors
    other = SectorFactory(number=7)
    BoundaryReleaseFactory(station=first.station, areas={first: square(0)}, in_force=True)
    BoundaryReleaseFactory(station=other.station, areas={other: square(1)}, in_force=True)
    make_address(street, 1, middle(0))
    make_address(street, 2, middle(1))
    tasks.resector_due_stations()
    assert sector_numbers() == {1: 1, 2: 7}


def test_scheduled_release_is_found_when_it_has_come_into_force(street, sectors):
    first, _second = sectors
    release = BoundaryReleaseFactory(station=first.station, areas={first: square(0)})
    release.period = DateTimeTZRange(timezone.now() + datetime.timedelta(hours=1), None)
    release.published_at = timezone.now()
    release.save()
    assert resector.due_releases() == []
    assert resector.resector(release.pk) == 0
    with time_machine.travel(release.period.lower + datetime.timedelta(seconds=1)):
        assert resector.due_releases() == [release.pk]


def test_draft_is_not_due(sectors):
    BoundaryReleaseFactory(station=sectors[0].station, areas={sectors[0]: square(0)})
    assert resector.due_releases() == []


def test_interrupted_run_is_taken_up_again(street, sectors, monkeypatch):
    first, _second = sectors
    monkeypatch.setattr(resector, "BATCH", 1)
    release = BoundaryReleaseFactory(station=first.station, areas={first: square(0)}, in_force=True)
    for number in range(1, 6):
        make_address(street, number, middle(0))

    class Killed(Exception):
        pass

    def stop(done: int, last: int) -> None:
        if Address.objects.filter(sector=first).count() == 2:
            raise Killed

    with pytest.raises(Killed):
        resector.resector(release.pk, tell=stop)
    assert resector.due_releases() == [release.pk]
    assert resector.resector(release.pk) == 3
    assert set(sector_numbers().values()) == {1}


def test_releases_that_were_never_worked_on_are_made_up_for(street, sectors):
    """Two publications in a row, the worker away: what the first one moved is looked at as well."""
    first, second = sectors
    release = BoundaryReleaseFactory(station=first.station, areas={first: square(0)}, in_force=True)
    make_address(street, 1, middle(0))
    tasks.resector_due_stations()
    between = succeed(release, areas={second: square(5)})
    last = succeed(between, areas={second: square(6)})
    resector.resector(last.pk)
    assert sector_numbers() == {1: None}


def test_no_addresses_at_all(sectors):
    release = BoundaryReleaseFactory(station=sectors[0].station, areas={sectors[0]: square(0)}, in_force=True)
    assert resector.resector(release.pk) == 0
    assert resector.due_releases() == []


def test_release_without_boundaries(sectors, street):
    make_address(street, 1, middle(0))
    release = BoundaryReleaseFactory(station=sectors[0].station, in_force=True)
    assert resector.resector(release.pk) == 0
    assert resector.due_releases() == []
