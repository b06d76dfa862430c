import datetime

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from sectors.boundaries.checks import area_text, check_release
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    BoundaryReleaseFactory,
    DistrictFactory,
    SectorFactory,
    StationFactory,
    square,
)

pytestmark = pytest.mark.django_db

METRE = 1 / 111_195 / SIDE  # of latitude, in sides


def box(west: float, south: float, east: float, north: float) -> Polygon:
    """Return a box in sides of the factories' squares, counted from their corner."""
    return Polygon.from_bbox(
        (WEST + west * SIDE, SOUTH + south * SIDE, WEST + east * SIDE, SOUTH + north * SIDE)
    )


def area(*boxes: Polygon) -> MultiPolygon:
    return MultiPolygon(*boxes, srid=4326)


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def draft(station):
    """Return a function that makes a draft of sectors 1, 2, … out of areas."""

    def made(*areas):
        district = DistrictFactory(station=station)
        sectors = [SectorFactory(district=district, number=number + 1) for number in range(len(areas))]
        return BoundaryReleaseFactory(station=station, areas=dict(zip(sectors, areas, strict=True)))

    return made


def test_sectors_side_by_side_have_no_findings(draft):
    report = check_release(draft(square(0), square(1), square(0, 1)))
    assert report.findings == ()
    assert report.gap_count == 0
    assert not report.refuses_publication


def test_overlap_names_the_sectors_the_size_and_the_place(draft):
    report = check_release(draft(square(0), area(box(0.9, 0, 2, 1))))
    [overlap] = report.overlaps
    assert report.refuses_publication
    assert [sector.number for sector in overlap.sectors] == [1, 2]
    assert overlap.area_m2 == pytest.approx(70_000, rel=0.01)
    assert WEST + 0.9 * SIDE < overlap.lon < WEST + SIDE
    assert SOUTH < overlap.lat < SOUTH + SIDE
    assert "overlap by" in overlap.sentence
    assert f"{overlap.lat:.6f}" in overlap.sentence


@pytest.mark.parametrize(("square_metres", "refused"), [(0.8, False), (1.2, True)])
def test_overlap_is_measured_in_square_metres(draft, square_metres, refused):
    """A metre of latitude is 1/111,330 degree here, one of longitude 1/62,860."""
    width = square_metres / 111_330 / 62_860 / SIDE / SIDE
    report = check_release(draft(square(0), area(box(1 - width, 0, 2, 1))))
    assert report.refuses_publication is refused


def test_overlaps_are_told_largest_first(draft):
    report = check_release(draft(area(box(0, 0, 1, 1)), area(box(0.5, 0, 2, 1)), area(box(1.9, 0, 3, 1))))
    assert [[sector.number for sector in overlap.sectors] for overlap in report.overlaps] == [[1, 2], [2, 3]]


def frame(west: float, south: float, east: float, north: float, hole: Polygon) -> MultiPolygon:
    return area(Polygon(box(west, south, east, north).exterior_ring, hole.exterior_ring))


def test_gap_is_reported_with_size_and_place_and_does_not_refuse(draft):
    report = check_release(draft(frame(0, 0, 3, 3, box(1, 1, 2, 2))))
    [gap] = report.gaps
    assert not report.refuses_publication
    assert gap.area_m2 == pytest.approx(697_000, rel=0.01)
    assert WEST + SIDE < gap.lon < WEST + 2 * SIDE
    assert "belongs to no sector" in gap.sentence


def test_island_in_a_gap_is_no_gap(draft):
    report = check_release(draft(frame(0, 0, 3, 3, box(1, 1, 2, 2)), area(box(1.25, 1.25, 1.75, 1.75))))
    [gap] = report.gaps
    assert gap.area_m2 == pytest.approx(697_000 * 0.75, rel=0.01)


def test_hole_that_another_sector_fills_is_no_gap(draft):
    assert check_release(draft(frame(0, 0, 3, 3, box(1, 1, 2, 2)), area(box(1, 1, 2, 2)))).gap_count == 0


def test_bay_open_to_the_outside_is_no_gap(draft):
    u = area(box(0, 0, 3, 1), box(0, 1, 1, 2), box(2, 1, 3, 2)).unary_union
    assert check_release(draft(MultiPolygon(u, srid=4326))).gap_count == 0


def test_small_gaps_are_counted_and_told_together(draft, settings):
    slivers = [box(0.5 + at, 0.5, 0.5 + at + 0.3 * METRE, 0.5 + METRE) for at in (0, 0.1, 0.2)]
    rings = [sliver.exterior_ring for sliver in slivers]
    release = draft(area(Polygon(box(0, 0, 1, 1).exterior_ring, *rings)))
    report = check_release(release)
    assert (report.gap_count, report.gaps) == (3, ())
    assert report.small_gaps[0].sentence.startswith("3 smaller gaps")
    settings.GAP_REPORT_M2 = 0.01
    assert len(check_release(release).gaps) == 3


def test_empty_draft_refuses(station):
    report = check_release(BoundaryReleaseFactory(station=station))
    assert report.refuses_publication
    assert [finding.code for finding in report.findings] == ["empty"]


def test_sector_of_another_station_refuses(station):
    stranger = SectorFactory()
    report = check_release(BoundaryReleaseFactory(station=station, areas={stranger: square(0)}))
    assert [finding.code for finding in report.refusals] == ["foreign"]
    assert str(stranger.station) in report.refusals[0].sentence


def other_station(*areas, in_force=True):
    """Make another station whose sectors, numbered from 11, have these areas in force."""
    district = DistrictFactory(station__name="Station Amager")
    sectors = [
        SectorFactory(district=district, number=11 + place, name="Islands") for place in range(len(areas))
    ]
    drawn = dict(zip(sectors, areas, strict=True))
    return BoundaryReleaseFactory(station=district.station, areas=drawn, in_force=in_force)


def test_ground_of_another_station_is_told_and_does_not_refuse(draft):
    other_station(area(box(1.9, 0, 3, 1)), square(5))
    report = check_release(draft(square(0), square(1)))
    [shared] = report.findings
    assert not report.refuses_publication
    assert [sector.number for sector in shared.sectors] == [2, 11]
    assert shared.area_m2 == pytest.approx(70_000, rel=0.01)
    assert WEST + 1.9 * SIDE < shared.lon < WEST + 2 * SIDE
    assert "sector 11 Islands of Station Amager" in shared.sentence
    assert f"{shared.lat:.6f}" in shared.sentence
    assert area_text(shared.area_m2) in shared.sentence


@pytest.mark.parametrize(("square_metres", "count"), [(0, 0), (0.8, 0), (1.2, 1)])
def test_ground_of_another_station_is_measured_in_square_metres(draft, square_metres, count):
    width = square_metres / 111_330 / 62_860 / SIDE / SIDE
    other_station(area(box(1 - width, 0, 2, 1)))
    assert len(check_release(draft(square(0))).shared) == count


def test_ground_is_shared_only_with_boundaries_in_force_at_the_instant(draft):
    other_station(square(0), in_force=False)
    scheduled = other_station(square(1), in_force=False)
    begins = timezone.now() + datetime.timedelta(days=10)
    scheduled.period, scheduled.published_at = DateTimeTZRange(begins, None), timezone.now()
    scheduled.save()
    release = draft(square(0), square(1))
    assert check_release(release).shared == ()
    [shared] = check_release(release, at=begins + datetime.timedelta(days=1)).shared
    assert [sector.number for sector in shared.sectors] == [2, 11]


def test_sector_that_would_disappear_is_told_and_does_not_refuse(station):
    district = DistrictFactory(station=station)
    one, two = (SectorFactory(district=district, number=number) for number in (1, 2))
    BoundaryReleaseFactory(station=station, areas={one: square(0), two: square(1)}, in_force=True)
    report = check_release(BoundaryReleaseFactory(station=station, areas={one: square(0)}))
    [missing] = report.missing
    assert missing.sectors == (two,)
    assert "would disappear" in missing.sentence
    assert not report.refuses_publication


@pytest.mark.parametrize(
    ("square_metres", "text"),
    [
        (0.0001, "less than 0.001 m²"),
        (0.5, "0.500 m²"),
        (12.34, "12.3 m²"),
        (5000, "5,000 m²"),
        (2.5e6, "2.50 km²"),
    ],
)
def test_areas_are_written_for_people(square_metres, text):
    assert area_text(square_metres) == text
