import datetime
import random

import pytest
import shapely
import time_machine
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from sectors import division
from sectors.models import Boundary, BoundaryRelease
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    BoundaryReleaseFactory,
    DistrictFactory,
    SectorFactory,
    division_of,
    middle,
    square,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_sectors():
    district = DistrictFactory()
    sectors = [SectorFactory(district=district, number=number) for number in (1, 2, 3)]
    division_of(*sectors)
    return sectors


def test_point_belongs_to_the_sector_that_covers_it(three_sectors):
    assert [division.current().owner(*middle(column)).id for column in range(3)] == [
        sector.id for sector in three_sectors
    ]


def test_point_outside_all_sectors_has_no_owner(three_sectors):
    assert division.current().owner(*middle(7)) is None


def test_point_on_shared_border_belongs_to_the_lowest_number(three_sectors):
    assert division.current().owner(WEST + SIDE, SOUTH + 0.003).id == three_sectors[0].id
    assert division.current().owner(WEST + 2 * SIDE, SOUTH).id == three_sectors[1].id


def test_border_between_stations_belongs_to_the_first_station_by_slug():
    second = SectorFactory(district__station__slug="b-station", number=1)
    first = SectorFactory(district__station__slug="a-station", number=9)
    BoundaryReleaseFactory(station=second.station, areas={second: square(0)}, in_force=True)
    BoundaryReleaseFactory(station=first.station, areas={first: square(1)}, in_force=True)
    assert division.current().owner(WEST + SIDE, SOUTH + 0.005).id == first.id


def test_point_in_a_hairline_crack_belongs_to_the_nearest_sector():
    district = DistrictFactory()
    left, right = SectorFactory(district=district), SectorFactory(district=district)
    crack = 1e-6  # 6 cm
    east = MultiPolygon(Polygon.from_bbox((WEST + SIDE + crack, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE)))
    BoundaryReleaseFactory(station=district.station, areas={left: square(0), right: east}, in_force=True)
    current = division.current()
    assert current.owner(WEST + SIDE + crack * 0.3, SOUTH + 0.005).id == left.id
    assert current.owner(WEST + SIDE + crack * 0.7, SOUTH + 0.005).id == right.id
    assert current.owner(WEST - crack * 0.3, SOUTH + 0.005) is None


@pytest.mark.parametrize("metres", [0.5, 5.0, 18.2, 24.9])
def test_distance_to_the_next_sector_agrees_with_the_database(three_sectors, metres):
    lon = WEST + SIDE - metres / 62_800
    [near] = division.current().near(lon, SOUTH + 0.005, 25)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(area::geography, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography)"
            " FROM sectors_boundary WHERE sector_id = %s",
            [lon, SOUTH + 0.005, three_sectors[1].id],
        )
        [expected] = cursor.fetchone()
    assert near.sector.id == three_sectors[1].id
    assert near.distance_m == pytest.approx(expected, abs=0.01)


def test_sector_further_away_than_asked_is_not_near(three_sectors):
    assert division.current().near(*middle(1), 25) == []


def test_owner_agrees_with_the_database_for_random_points():
    district = DistrictFactory()
    random.seed(7)
    seeds = [shapely.Point(random.random(), random.random()) for _ in range(40)]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=shapely.box(0, 0, 1, 1)).geoms
    sectors = {}
    for cell in cells:
        area = shapely.transform(cell, lambda xy: xy * 0.05 + (WEST, SOUTH))
        sectors[SectorFactory(district=district)] = MultiPolygon(Polygon.from_ewkt(area.wkt), srid=4326)
    BoundaryReleaseFactory(station=district.station, areas=sectors, in_force=True)
    current = division.current()
    for _ in range(300):
        lon, lat = WEST + random.random() * 0.05, SOUTH + random.random() * 0.05
        [expected] = Boundary.objects.filter(area__covers=Point(lon, lat, srid=4326)).values_list(
            "sector", flat=True
        )
        assert current.owner(lon, lat).id == expected


def test_warm_copy_costs_no_query(three_sectors, settings, django_assert_num_queries):
    settings.REGISTER_RECHECK_SECONDS = 3600
    division.current()
    with django_assert_num_queries(0):
        division.current()


def test_cold_copy_costs_two_queries(three_sectors, django_assert_num_queries):
    with django_assert_num_queries(2):
        division.current()


def test_renamed_sector_is_noticed(three_sectors):
    assert division.current().sectors[0].name != "Renamed"
    type(three_sectors[0]).objects.filter(pk=three_sectors[0].pk).update(name="Renamed")
    assert division.current().sectors[0].name == "Renamed"


def test_scheduled_release_takes_over_at_its_instant_without_any_write():
    district = DistrictFactory()
    old, new = SectorFactory(district=district, number=1), SectorFactory(district=district, number=2)
    change = timezone.now() + datetime.timedelta(hours=1)
    for sector, period in ((old, (change - datetime.timedelta(days=1), change)), (new, (change, None))):
        release = BoundaryReleaseFactory(station=district.station, areas={sector: square()})
        BoundaryRelease.objects.filter(pk=release.pk).update(
            period=DateTimeTZRange(*period), published_at=timezone.now()
        )
    assert division.current().owner(*middle()).id == old.id
    with time_machine.travel(change - datetime.timedelta(seconds=1)):
        assert division.current().owner(*middle()).id == old.id
    with time_machine.travel(change):
        assert division.current().owner(*middle()).id == new.id


def test_neighbours_are_those_of_the_release_in_force(three_sectors):
    one, two, three = three_sectors
    current = division.current()
    assert [sector.id for sector in current.neighbours(current.by_slug[two.slug])] == [one.id, three.id]
    assert [sector.id for sector in current.neighbours(current.by_slug[one.slug])] == [two.id]


def test_outlines_keep_common_corners_common(three_sectors):
    current = division.current()
    corners = [
        set(shapely.get_coordinates(shapely.geometry.shape(current.outline(s))).view("c16").ravel())
        for s in current.sectors
    ]
    assert len(corners[0] & corners[1]) == 2
    assert len(corners[1] & corners[2]) == 2


def test_division_without_sectors_answers_nobody():
    current = division.current()
    assert current.sectors == ()
    assert current.owner(*middle()) is None
    assert current.near(*middle(), 25) == []
