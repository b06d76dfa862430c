import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from sectors import division
from sectors.ownership import Ownership
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    BoundaryReleaseFactory,
    DistrictFactory,
    SectorFactory,
    middle,
    square,
)

pytestmark = pytest.mark.django_db

CRACK = 1e-6  # degrees, 6 cm


@pytest.fixture
def cracked():
    """Two sectors that a crack of 6 cm divides."""
    district = DistrictFactory()
    left, right = SectorFactory(district=district, number=1), SectorFactory(district=district, number=2)
    east = Polygon.from_bbox((WEST + SIDE + CRACK, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE))
    areas = {left: square(0), right: MultiPolygon(east, srid=4326)}
    BoundaryReleaseFactory(station=district.station, areas=areas, in_force=True)
    return left, right


def test_register_and_look_up_agree_everywhere(cracked):
    across = [(WEST - 0.001 + SIDE * step / 50, SOUTH + 0.005) for step in range(120)]
    in_crack = [(WEST + SIDE + CRACK * share, SOUTH + 0.005) for share in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    points = [*across, *in_crack, middle(7), (WEST + SIDE, SOUTH - 1e-5)]
    owners = [division.current().owner(*point) for point in points]
    assert Ownership(timezone.now()).sectors_of(points) == [owner.id if owner else None for owner in owners]


def test_door_in_a_crack_belongs_to_the_nearest_sector(cracked):
    left, right = cracked
    doors = [(WEST + SIDE + CRACK * share, SOUTH + 0.005) for share in (0.2, 0.8)]
    assert Ownership(timezone.now()).sectors_of(doors) == [left.pk, right.pk]


def test_nothing_in_force_owns_nothing():
    assert Ownership(timezone.now()).sectors_of([middle()]) == [None]
