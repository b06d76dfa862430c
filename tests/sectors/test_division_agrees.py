"""The division in force against an independent judge (PostGIS), on many points: generated and real areas."""

import random
from itertools import pairwise

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.management import call_command
from django.db import connection
from django.test import Client

from sectors import division
from sectors.division import CRACK_METRES, Division
from sectors.models import Boundary, BoundaryRelease, Sector
from tests.factories import SOUTH, WEST, DistrictFactory, SectorFactory, since

pytestmark = pytest.mark.django_db

JUDGE = """
    SELECT point.place, array_agg(boundary.sector_id ORDER BY station.slug, sector.number)
    FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS point (lon, lat, place)
    JOIN sectors_boundary boundary ON ST_Covers(area, ST_SetSRID(ST_MakePoint(lon, lat), 4326))
    JOIN sectors_sector sector ON sector.id = boundary.sector_id
    JOIN sectors_station station ON station.id = sector.station_id
    GROUP BY point.place
"""


def covering_sectors(points: list[tuple[float, float]]) -> list[list[int]]:
    """Return for each point the sectors that cover it according to PostGIS, in the order of the tie-break."""
    with connection.cursor() as cursor:
        cursor.execute(JUDGE, [[lon for lon, _ in points], [lat for _, lat in points]])
        covering = dict(cursor.fetchall())
    return [covering.get(place, []) for place in range(1, len(points) + 1)]


def random_points(current: Division, number: int) -> list[tuple[float, float]]:
    west, south, east, north = shapely.total_bounds(current._areas)
    return [(float(random.uniform(west, east)), float(random.uniform(south, north))) for _ in range(number)]


def border_points(current: Division, number: int) -> list[tuple[float, float]]:
    """Return corners that two areas share, and points on the lines between two such corners."""
    owners: dict[tuple[float, float], set[int]] = {}
    for index, area in enumerate(current._areas):
        for corner in shapely.get_coordinates(area).tolist():
            owners.setdefault(tuple(corner), set()).add(index)
    corners = [corner for corner, touching in owners.items() if len(touching) > 1]
    points = random.choices(corners, k=number // 2)
    while len(points) < number:
        index = random.randrange(len(current._areas))
        ring = [tuple(corner) for corner in shapely.get_coordinates(current._areas[index]).tolist()]
        (ax, ay), (bx, by) = a, b = random.choice(list(pairwise(ring)))
        if len(owners[a] & owners[b]) > 1:
            along = random.random()
            points.append((ax + (bx - ax) * along, ay + (by - ay) * along))
    return points


def assert_agrees(*, points: int, on_borders: int) -> None:
    random.seed(19)
    current = division.current()
    inside = random_points(current, points)
    for point, covering in zip(inside, covering_sectors(inside), strict=True):
        owner = current.owner(*point)
        assert (owner.id if owner else None) == (covering[0] if covering else None), point
    shared = border_points(current, on_borders)
    reloaded = division._load(BoundaryRelease.objects.get().period.lower).value
    for point, covering in zip(shared, covering_sectors(shared), strict=True):
        owner = current.owner(*point)
        assert owner is not None, point
        assert owner == reloaded.owner(*point)
        if covering:
            assert owner.id == covering[0], point


@pytest.fixture
def cells():
    """Put 60 irregular sectors that tile a square into force."""
    district = DistrictFactory()
    random.seed(60)
    seeds = shapely.MultiPoint([(random.random(), random.random()) for _ in range(60)])
    release = BoundaryRelease.objects.create(station=district.station, name="Cells")
    for cell in shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, 1, 1)).geoms:
        area = shapely.transform(cell, lambda xy: xy * 0.05 + (WEST, SOUTH))
        sector = SectorFactory(district=district)
        polygon = GEOSGeometry(memoryview(shapely.to_wkb(area)), srid=4326)
        Boundary.objects.create(release=release, sector=sector, area=MultiPolygon(polygon, srid=4326))
    release.period = since(days=1)
    release.published_at = release.period.lower
    release.save()


def test_generated_cells(cells):
    assert_agrees(points=2_000, on_borders=1_000)


def test_cracks_are_narrower_than_a_hand():
    assert CRACK_METRES <= 0.1


@pytest.mark.parametrize("file", ["bellahoej_sectors19.geojson", "dk_sogne.geojson"])
def test_real_areas(shared_data, client, file):
    call_command(
        "import_boundaries",
        str(shared_data / file),
        station="real",
        create_station="Real",
        activate_on="now",
        renumber_duplicates=True,
        cut_overlaps=True,
        verbosity=0,
    )
    assert_agrees(points=20_000, on_borders=2_000)
    assert_interface_agrees(client, points=20_000)


def assert_interface_agrees(client: Client, *, points: int) -> None:
    random.seed(20_000)
    asked = random_points(division.current(), points)
    numbers = dict(Sector.objects.values_list("slug", "pk"))
    for (lon, lat), covering in zip(asked, covering_sectors(asked), strict=True):
        found = client.get("/api/v1/locate", {"lat": f"{lat:.17g}", "lon": f"{lon:.17g}"}).json()["sector"]
        assert (numbers[found["slug"]] if found else None) == (covering[0] if covering else None), (lon, lat)
