"""Which sectors a page of the overview is about."""

import pytest
from django.http import Http404

from overview.scope import MOST_SECTORS_OFFERED, headed, in_attention, in_figures, key_of, scope_of
from sectors.boundaries.publication import publish
from tests.factories import (
    AssignmentFactory,
    BoundaryReleaseFactory,
    DistrictFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    StationFactory,
    UserFactory,
    square,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    """Return two districts of one station with a sector each, in force."""
    station = StationFactory()
    north, south = (
        DistrictFactory(station=station, name=name, slug=name.lower()) for name in ("North", "South")
    )
    sectors = [SectorFactory(district=north), SectorFactory(district=south)]
    BoundaryReleaseFactory(
        station=station, areas={one: square(at) for at, one in enumerate(sectors)}, in_force=True
    )
    return sectors


def test_a_station_head_sees_all_of_it_and_can_choose_a_part(city):
    head = LeadershipFactory(station=city[0].station).user
    everything = scope_of(head, "", headed(head))
    assert list(everything.sectors) == city
    assert [choice.depth for choice in everything.choices] == [0, 1, 2, 1, 2]
    south = scope_of(head, key_of(city[1].district), headed(head))
    assert list(south.sectors) == [city[1]]
    assert list(scope_of(head, key_of(city[0]), headed(head)).sectors) == [city[0]]


def test_a_district_head_sees_the_district_alone(city):
    head = LeadershipFactory(station=city[0].station, district=city[0].district).user
    assert list(scope_of(head, "", headed(head)).sectors) == [city[0]]
    with pytest.raises(Http404):
        scope_of(head, key_of(city[1]), headed(head))
    with pytest.raises(Http404):
        scope_of(head, key_of(city[1].district), headed(head))


def test_who_heads_two_districts_sees_both(city):
    head = UserFactory()
    for sector in city:
        LeadershipFactory(user=head, station=sector.station, district=sector.district)
    assert list(scope_of(head, "", headed(head)).sectors) == city


def test_nonsense_is_no_place(city):
    head = LeadershipFactory(station=city[0].station).user
    for nonsense in ("sector:", "station:x", "'", "district:", "sector:\x00", "x" * 5000):
        with pytest.raises(Http404):
            scope_of(head, nonsense, headed(head))


def test_an_analyst_gets_figures_without_small_cells_and_a_head_all(city):
    station = city[0].station
    analyst = StaffRoleFactory(role="analyst", station=station).user
    assert scope_of(analyst, "", in_figures(analyst)).hides_small
    assert scope_of(analyst, "", headed(analyst)).sectors == ()
    head = LeadershipFactory(station=station).user
    assert not scope_of(head, "", in_figures(head)).hides_small


def test_an_analyst_who_heads_a_district_sees_small_cells_of_it_alone(city):
    station = city[0].station
    both = StaffRoleFactory(role="analyst", station=station).user
    LeadershipFactory(user=both, station=station, district=city[0].district)
    assert scope_of(both, "", in_figures(both)).hides_small
    assert not scope_of(both, key_of(city[0].district), in_figures(both)).hides_small


def test_an_officer_sees_what_waits_in_their_sectors(city):
    officer = OfficerFactory(station=city[0].station, user=UserFactory())
    AssignmentFactory(officer=officer, sector=city[1])
    assert list(scope_of(officer.user, "", in_attention(officer.user)).sectors) == [city[1]]


def test_a_scope_costs_three_queries_and_then_one(city, django_assert_num_queries):
    head = LeadershipFactory(station=city[0].station).user
    assert head.standing
    for queries in (3, 1, 1):
        with django_assert_num_queries(queries):
            scope_of(head, "", headed(head))


def test_a_sector_that_comes_is_renamed_or_goes_is_noticed_at_the_next_look(city):
    station = city[0].station
    head = LeadershipFactory(station=station).user
    assert len(scope_of(head, "", headed(head)).sectors) == 2
    city[0].name = "Renamed"
    city[0].save()
    assert scope_of(head, "", headed(head)).sectors[0].name == "Renamed"
    publish(BoundaryReleaseFactory(station=station, areas={city[1]: square(1)}), at=None, by=None)
    assert list(scope_of(head, "", headed(head)).sectors) == [city[1]]


def test_of_many_sectors_those_of_the_chosen_district_are_offered():
    station = StationFactory()
    north, south = (DistrictFactory(station=station, name=name) for name in ("North", "South"))
    only = SectorFactory(district=north)
    many = SectorFactory.create_batch(MOST_SECTORS_OFFERED, district=south)
    areas = {sector: square(place) for place, sector in enumerate([only, *many])}
    BoundaryReleaseFactory(station=station, areas=areas, in_force=True)
    head = LeadershipFactory(station=station).user
    depths = [choice.depth for choice in scope_of(head, "", headed(head)).choices]
    assert depths == [0, 1, 1]
    near = scope_of(head, key_of(only), headed(head)).choices
    assert [choice.depth for choice in near] == [0, 1, 2, 1]


def test_a_station_without_sectors_is_an_empty_scope():
    head = LeadershipFactory().user
    found = scope_of(head, "", headed(head))
    assert (found.sectors, found.choices) == ((), ())
