"""What the database refuses, whoever asks: by QuerySet.update and raw SQL as well as by the application."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from sectors.models import Boundary, BoundaryRelease, Neighbour, Sector
from tests.factories import (
    BoundaryReleaseFactory,
    DistrictFactory,
    SectorFactory,
    StationFactory,
    division_of,
    square,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def release():
    district = DistrictFactory()
    return division_of(SectorFactory(district=district, number=1), SectorFactory(district=district, number=2))


def refused(sentence: str):
    return pytest.raises(IntegrityError, match=sentence)


def test_published_boundary_is_not_changed(release):
    with refused("published release do not change"), transaction.atomic():
        release.boundaries.update(area=square(5))


def test_published_boundary_is_not_deleted(release):
    with refused("published release do not change"), transaction.atomic():
        Boundary.objects.all().delete()


def test_boundary_does_not_move_into_a_published_release(release):
    sector = SectorFactory(district=DistrictFactory(station=release.station))
    draft = BoundaryReleaseFactory(station=release.station, areas={sector: square(7)})
    with refused("published release do not change"), transaction.atomic():
        draft.boundaries.update(release=release)


def test_neighbours_of_a_published_release_stay(release):
    one, other = Sector.objects.order_by("number")
    with refused("published release do not change"), transaction.atomic():
        Neighbour.objects.create(release=release, sector=one, other=other)


def test_published_sector_keeps_its_number_and_station(release):
    for change in ({"number": 99}, {"station": StationFactory()}):
        with refused("keeps its number and its station"), transaction.atomic():
            Sector.objects.filter(number=1).update(**change)
    Sector.objects.filter(number=1).update(name="Renamed")


def test_sector_that_was_never_published_can_be_renumbered():
    sector = SectorFactory()
    Sector.objects.filter(pk=sector.pk).update(number=99)
    sector.refresh_from_db()
    assert sector.number == 99


@pytest.mark.parametrize(
    "change",
    [
        {"period": None, "published_at": None},
        {"period": DateTimeTZRange(timezone.now() - 9 * DAY, None)},
        {"period": DateTimeTZRange(timezone.now() + DAY, None)},
    ],
    ids=["cleared", "begins earlier", "begins later"],
)
def test_past_of_a_release_is_never_rewritten(release, change):
    with refused("in force in the past does not change"), transaction.atomic():
        BoundaryRelease.objects.filter(pk=release.pk).update(**change)


def test_release_does_not_end_in_the_past(release):
    period = DateTimeTZRange(release.period.lower, timezone.now() - datetime.timedelta(hours=1))
    with refused("in force in the past does not change"), transaction.atomic():
        BoundaryRelease.objects.filter(pk=release.pk).update(period=period)


def test_published_release_keeps_its_station(release):
    with refused("in force in the past does not change"), transaction.atomic():
        BoundaryRelease.objects.filter(pk=release.pk).update(station=StationFactory())


def test_published_release_is_not_deleted(release):
    with refused("published"), transaction.atomic():
        release.delete()


def test_release_in_force_can_end_now(release):
    BoundaryRelease.objects.filter(pk=release.pk).update(
        period=DateTimeTZRange(release.period.lower, timezone.now())
    )
    assert not BoundaryRelease.objects.active_at(timezone.now()).exists()


def test_two_releases_of_a_station_are_never_in_force_together(release):
    with refused("release_one_in_force_per_station"), transaction.atomic():
        BoundaryReleaseFactory(station=release.station, in_force=True)
