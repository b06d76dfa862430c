import datetime

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from sectors.boundaries.publication import PublicationRefused, draft_from, moves, publish, unschedule
from sectors.models import Address, Boundary, BoundaryRelease, Neighbour, Street
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    BoundaryReleaseFactory,
    DistrictFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    middle,
    square,
)

pytestmark = pytest.mark.django_db


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """Return a box in sides of the factories' squares, counted from their corner."""
    corners = (WEST + west * SIDE, SOUTH + south * SIDE, WEST + east * SIDE, SOUTH + north * SIDE)
    return MultiPolygon(Polygon.from_bbox(corners), srid=4326)


def draft(station, *areas) -> BoundaryRelease:
    """Return a draft whose sectors 1, 2, … lie in `areas`; sectors that the station has are used again."""
    district = station.districts.first() or DistrictFactory(station=station)
    sectors = [
        station.sectors.filter(number=number).first() or SectorFactory(district=district, number=number)
        for number in range(1, len(areas) + 1)
    ]
    return BoundaryReleaseFactory(station=station, areas=dict(zip(sectors, areas, strict=True)))


def in_hours(hours: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(hours=hours)


@pytest.fixture
def station():
    return StationFactory()


def test_published_draft_is_in_force_at_once(station):
    release, head = draft(station, square(0), square(1)), UserFactory()
    publish(release, at=None, by=head)
    release.refresh_from_db()
    assert release.state == "active"
    assert release.published_by == head
    assert BoundaryRelease.objects.active_at(timezone.now()).get() == release


def test_predecessor_ends_at_the_instant_its_successor_begins(station):
    first, second = draft(station, square(0)), draft(station, square(0), square(1))
    publish(first, at=None, by=None)
    instant = in_hours(5)
    publish(second, at=instant, by=None)
    first.refresh_from_db()
    assert first.period.upper == second.period.lower == instant
    assert [first.state, second.state] == ["active", "scheduled"]


def test_release_published_before_a_scheduled_one_ends_when_that_begins(station):
    scheduled, now = draft(station, square(0)), draft(station, square(1))
    publish(scheduled, at=in_hours(48), by=None)
    publish(now, at=None, by=None)
    assert now.period.upper == scheduled.period.lower


def test_instant_within_the_last_minute_is_taken_as_now(station):
    release = draft(station, square(0))
    before = timezone.now()
    publish(release, at=before - datetime.timedelta(seconds=40), by=None)
    assert release.period.lower >= before


def test_instant_in_the_past_is_refused(station):
    release = draft(station, square(0))
    with pytest.raises(PublicationRefused, match="has passed"):
        publish(release, at=in_hours(-1), by=None)
    release.refresh_from_db()
    assert release.is_draft


def test_same_instant_twice_is_refused_with_a_sentence(station):
    instant = in_hours(3)
    publish(draft(station, square(0)), at=instant, by=None)
    with pytest.raises(PublicationRefused, match="very same instant"):
        publish(draft(station, square(0)), at=instant, by=None)


def test_release_is_published_once(station):
    release = draft(station, square(0))
    publish(release, at=None, by=None)
    with pytest.raises(PublicationRefused, match="published already"):
        publish(release, at=None, by=None)


def test_overlap_refuses_publication_and_nothing_changes(station):
    first = draft(station, square(0))
    publish(first, at=None, by=None)
    release = draft(station, box(0, 0, 1, 1), box(0.9, 0, 2, 1))
    with pytest.raises(PublicationRefused, match="overlap by") as refused:
        publish(release, at=None, by=None)
    assert [finding.code for finding in refused.value.report.refusals] == ["overlap"]
    first.refresh_from_db()
    release.refresh_from_db()
    assert first.period.upper is None
    assert release.is_draft
    assert not Neighbour.objects.filter(release=release).exists()


def test_empty_draft_refuses_publication(station):
    with pytest.raises(PublicationRefused, match="draws no sector"):
        publish(BoundaryReleaseFactory(station=station), at=None, by=None)


def test_neighbours_touch_also_across_districts_and_slivers(station):
    north, south = DistrictFactory(station=station), DistrictFactory(station=station)
    one, two, three, far = (
        SectorFactory(district=district, number=number)
        for number, district in enumerate((north, north, south, south), 1)
    )
    sliver = 0.3 / 111_195 / SIDE  # 0.3 m, in sides
    street = 3 / 111_195 / SIDE
    areas = {
        one: box(0, 0, 1, 1),
        two: box(1, 0, 2, 1),
        three: box(0, -1, 1, -sliver),
        far: box(0, 1 + street, 1, 2),
    }
    release = BoundaryReleaseFactory(station=station, areas=areas)
    publish(release, at=None, by=None)
    links = {(link.sector.number, link.other.number) for link in release.neighbours.all()}
    # Three touches two in a corner, across the sliver.
    assert links == {(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)}


def test_scheduled_release_taken_back_leaves_its_predecessor_in_force(station):
    first, second, third = (draft(station, square(0)) for _ in range(3))
    publish(first, at=None, by=None)
    publish(second, at=in_hours(1), by=None)
    publish(third, at=in_hours(2), by=None)
    unschedule(second, by=None)
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.is_draft
    assert second.published_at is None
    assert not second.neighbours.exists()
    assert first.period.upper == third.period.lower
    unschedule(third, by=None)
    first.refresh_from_db()
    assert first.period.upper is None


def test_draft_taken_back_can_be_redrawn(station):
    release = draft(station, square(0))
    publish(release, at=in_hours(1), by=None)
    unschedule(release, by=None)
    release.boundaries.update(area=square(4))
    publish(release, at=None, by=None)
    assert release.state == "active"


@pytest.mark.parametrize("published", [False, True])
def test_only_a_scheduled_release_is_taken_back(station, published):
    release = draft(station, square(0))
    if published:
        publish(release, at=None, by=None)
    with pytest.raises(PublicationRefused, match="has not begun"):
        unschedule(release, by=None)


def test_draft_from_a_release_has_its_boundaries(station):
    release, head = draft(station, square(0), square(1)), UserFactory()
    publish(release, at=None, by=None)
    copy = draft_from(release, name="Redrawn", by=head)
    assert (copy.is_draft, copy.name, copy.created_by) == (True, "Redrawn", head)
    assert {boundary.sector.number: boundary.area for boundary in copy.boundaries.all()} == {
        1: square(0),
        2: square(1),
    }


def test_worker_is_rung_after_commit(station, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        publish(draft(station, square(0)), at=None, by=None)
    assert len(callbacks) == 1


@pytest.mark.usefixtures("no_broker")
def test_publication_stands_when_the_broker_is_away(station, django_capture_on_commit_callbacks, caplog):
    release = draft(station, square(0))
    with django_capture_on_commit_callbacks(execute=True):
        publish(release, at=None, by=None)
    release.refresh_from_db()
    assert release.state == "active"
    assert "The broker is away" in caplog.text


# --- What changes hands -------------------------------------------------------------------------


def address(lon: float, lat: float, number: int) -> Address:
    street, _made = Street.objects.get_or_create(name="Vej", postcode="2700", city="By", key="vej")
    return Address.objects.create(street=street, number=number, location=Point(lon, lat, srid=4326))


def test_moves_name_the_sectors_the_area_and_the_addresses(station):
    publish(draft(station, box(0, 0, 1, 1), box(1, 0, 2, 1)), at=None, by=None)
    redrawn = draft(station, box(0, 0, 1.5, 1), box(1.5, 0, 2, 1))
    address(WEST + 1.2 * SIDE, SOUTH + 0.5 * SIDE, 1)
    address(WEST + 0.2 * SIDE, SOUTH + 0.5 * SIDE, 2)
    [move] = moves(redrawn)
    assert (move.from_sector.number, move.to_sector.number, move.addresses) == (2, 1, 1)
    assert move.geometry.equals(box(1, 0, 1.5, 1)[0])
    assert move.area_m2 == pytest.approx(350_000, rel=0.01)
    assert move.geojson["type"] in {"Polygon", "MultiPolygon"}


def test_moves_tell_ground_given_up_and_new_ground(station):
    publish(draft(station, box(0, 0, 1, 1), box(1, 0, 2, 1)), at=None, by=None)
    redrawn = draft(station, box(0.5, 0, 1, 1), box(1, 0, 3, 1))
    found = {
        (move.from_sector and move.from_sector.number, move.to_sector and move.to_sector.number)
        for move in moves(redrawn)
    }
    assert found == {(1, None), (None, 2)}


def test_nothing_moves_when_nothing_was_redrawn(station):
    release = draft(station, square(0), square(1))
    publish(release, at=None, by=None)
    assert moves(draft_from(release, name="Same", by=None)) == []


def test_drawing_accuracy_is_no_move(station):
    publish(draft(station, box(0, 0, 1, 1), box(1, 0, 2, 1)), at=None, by=None)
    hair = 1e-9 / SIDE
    assert moves(draft(station, box(0, 0, 1 + hair, 1), box(1 + hair, 0, 2, 1))) == []


def test_first_release_of_a_station_is_all_new_ground(station):
    found = moves(draft(station, square(0), square(1)))
    assert {(move.from_sector, move.to_sector.number) for move in found} == {(None, 1), (None, 2)}


def test_moves_compare_to_the_release_asked_for(station):
    one, two = draft(station, square(0)), draft(station, square(1))
    publish(one, at=None, by=None)
    assert {move.area_m2 > 1 for move in moves(two, compared_to=one)} == {True}
    assert moves(two, compared_to=two) == []


# --- What the database refuses by itself --------------------------------------------------------


def test_two_releases_in_force_at_once_violate_the_database(station):
    publish(draft(station, square(0)), at=None, by=None)
    other = draft(station, square(0))
    with pytest.raises(IntegrityError, match="release_one_in_force_per_station"), transaction.atomic():
        BoundaryRelease.objects.filter(pk=other.pk).update(
            period=DateTimeTZRange(in_hours(1), None), published_at=timezone.now()
        )


@pytest.mark.parametrize("act", ["update", "insert", "delete"])
def test_boundaries_of_a_published_release_stay(station, act):
    release = draft(station, square(0))
    publish(release, at=None, by=None)
    newcomer = SectorFactory(district=station.districts.get(), number=99)
    acts = {
        "update": lambda: release.boundaries.update(area=square(3)),
        "insert": lambda: Boundary.objects.create(release=release, sector=newcomer, area=square(5)),
        "delete": lambda: release.boundaries.all().delete(),
    }
    with pytest.raises(IntegrityError, match="do not change"), transaction.atomic():
        acts[act]()


def test_invalid_area_violates_the_database(station):
    release = draft(station, square(0))
    lon, lat = middle()
    bow_tie = Polygon(((lon, lat), (lon + 1, lat + 1), (lon + 1, lat), (lon, lat + 1), (lon, lat)))
    with pytest.raises(IntegrityError, match="boundary_area_is_valid"), transaction.atomic():
        release.boundaries.update(area=MultiPolygon(bow_tie, srid=4326))
