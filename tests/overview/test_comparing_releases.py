"""A release compared with the division in force: what moves, what lies there, what stays."""

import csv
import io

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse

from audit.models import ReadEntry
from overview.comparing.estimating import estimated, sectors_then
from overview.comparing.redrawing import redrawing
from sectors.boundaries.moves import Move
from sectors.models import Address, BoundaryRelease
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    AddressFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    ChallengeFactory,
    DistrictFactory,
    LeadershipFactory,
    LogEntryFactory,
    ManningBasisFactory,
    MessageFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    StationFactory,
    between,
    division_of,
    head_of,
    head_of_district,
    square,
)

pytestmark = pytest.mark.django_db


def strip(west: float, east: float) -> MultiPolygon:
    """Return what lies between two columns, in squares from the west."""
    return MultiPolygon(
        Polygon.from_bbox((WEST + west * SIDE, SOUTH, WEST + east * SIDE, SOUTH + SIDE)), srid=4326
    )


def at(column: float) -> Point:
    return Point(WEST + column * SIDE, SOUTH + SIDE / 2, srid=4326)


class City:
    """Two districts with a sector each, side by side; the draft gives the eastern quarter of one to the other."""

    def __init__(self) -> None:
        self.station = StationFactory()
        self.one, self.other = (
            SectorFactory(district=DistrictFactory(station=self.station), number=number) for number in (1, 2)
        )
        self.active = division_of(self.one, self.other)
        self.draft = BoundaryReleaseFactory(
            station=self.station, areas={self.one: strip(0, 0.75), self.other: strip(0.75, 2)}
        )
        for column in (0.2, 0.8, 0.9, 1.5):
            AddressFactory(location=at(column), sector=self.one if column < 1 else self.other)
        self.head = head_of(self.station)

    @property
    def url(self) -> str:
        return reverse("overview:what_if_release", args=[self.draft.pk])


@pytest.fixture
def city():
    return City()


def test_what_lies_on_moved_ground_is_counted_and_what_has_no_place_is_told(city):
    moved = PartyFactory(sector=city.one, place=at(0.8))
    PartyFactory(sector=city.one, place=at(0.2))
    PartyFactory(sector=city.one)
    PartyFactory(sector=city.other, place=at(0.8))
    trouble = ChallengeFactory(sector=city.one)
    trouble.parties.add(moved)
    ChallengeFactory(sector=city.one)
    there = PromiseFactory(entry=LogEntryFactory(sector=city.one, place=at(0.9)))
    to_party = PromiseFactory(entry=LogEntryFactory(sector=city.one))
    to_party.entry.party_links.create(party=moved)
    PromiseFactory(entry=LogEntryFactory(sector=city.one, place=at(0.1)))
    MessageFactory(sector=city.one)
    found = redrawing(city.draft, city.head)
    (passing,) = found.passings
    assert (passing.move.from_sector, passing.move.to_sector, found.addresses) == (city.one, city.other, 2)
    assert passing.parties == {moved.pk}
    assert passing.challenges == {trouble.pk}
    assert passing.promises == {there.pk, to_party.pk}
    unplaced = found.unplaced
    assert (unplaced.parties, unplaced.challenges, unplaced.promises, unplaced.messages) == (1, 1, 1, 1)


def test_gone_parties_closed_challenges_and_promises_told_back_do_not_count(city):
    gone = PartyFactory(sector=city.one, place=at(0.8), gone_at=city.active.published_at)
    closed = ChallengeFactory(sector=city.one, closed_at=city.active.published_at, result="Settled")
    closed.parties.add(gone)
    PromiseFactory(
        entry=LogEntryFactory(sector=city.one, place=at(0.9)), told_back_at=city.active.published_at
    )
    found = redrawing(city.draft, city.head)
    assert (found.parties, found.challenges, found.promises) == (frozenset(),) * 3


def test_sectors_are_told_before_and_after_with_manning_in_proportion(city):
    ManningBasisFactory(sector=city.one, inhabitants=9000, required=3)
    ManningBasisFactory(sector=city.other, inhabitants=1000)
    AssignmentFactory(sector=city.one)
    one, other = sectors_then(redrawing(city.draft, city.head))
    # Two of the three doors of the one sector.
    assert (one.addresses, other.addresses) == ((3, 1), (1, 3))
    assert (one.inhabitants, other.inhabitants) == ((9000, 3000), (1000, 7000))
    assert (one.required, one.there, other.there) == (3, 1, 0)
    assert one.asks_for is not None
    assert one.asks_for[0] >= one.asks_for[1]


def test_a_sector_without_figures_leaves_the_estimate_open(city):
    ManningBasisFactory(sector=city.other)
    rows = sectors_then(redrawing(city.draft, city.head))
    assert [row.inhabitants for row in rows] == [None, None]


def test_a_sector_without_addresses_is_not_divided_by(city):
    basis = {"inhabitants": 10.0, "reported_crimes": 1.0, "exposed_residents": 0.0, "special_places": 0.0}
    move = Move(city.one, city.other, 5.0, 0, square(0))
    after = estimated({city.one.pk: basis, city.other.pk: basis}, {}, [move])
    assert after == {city.one.pk: basis, city.other.pk: basis}


def test_a_sector_that_the_release_leaves_out_is_marked(city):
    city.draft.boundaries.filter(sector=city.one).delete()
    one = sectors_then(redrawing(city.draft, city.head))[0]
    assert (one.sector, one.leaves, one.addresses) == (city.one, True, (3, 0))


def test_the_page_says_it_and_draws_it(client, city):
    PartyFactory(sector=city.one, place=at(0.8), name="The bakery")
    client.force_login(city.head)
    page = client.get(city.url).content.decode()
    assert "2 addresses get another sector." in page
    assert "data-moved-ground" in page
    assert '"label": "1 \\u2192 2"' in page
    parties = client.get(city.url, {"of": "parties"}).content.decode()
    assert "The bakery" in parties
    read = ReadEntry.objects.filter(subject="sectorlog.party").get()
    assert read.verb == ReadEntry.Verb.LISTED
    assert client.get(city.url, {"of": "sectors"}).status_code == 200


def test_a_district_head_sees_what_touches_the_district(client, city):
    third = SectorFactory(district=DistrictFactory(station=city.station), number=3)
    PartyFactory(sector=city.one, place=at(0.8), name="The bakery")
    receiving = head_of_district(city.other.district)
    found = redrawing(city.draft, receiving)
    assert [one.parties for one in found.passings] == [None]
    assert redrawing(city.draft, head_of_district(third.district)).passings == ()
    client.force_login(receiving)
    assert "The bakery" not in client.get(city.url, {"of": "parties"}).content.decode()
    assert "not yours to see" in client.get(city.url).content.decode()


def test_another_stations_release_is_not_there(client, city):
    client.force_login(head_of(StationFactory()))
    assert client.get(city.url).status_code == 404
    assert client.get(reverse("overview:what_if_release_csv", args=[city.draft.pk])).status_code == 404


def test_releases_of_where_one_merely_works_are_not_there(client, city):
    user = LeadershipFactory().user
    AssignmentFactory(sector=city.one, officer__user=user)
    assert BoundaryRelease.objects.visible_to(user).filter(pk=city.draft.pk).exists()
    client.force_login(user)
    assert client.get(city.url).status_code == 404


def test_the_release_in_force_and_one_that_is_over_say_so(client, city):
    past = BoundaryReleaseFactory(station=city.station, areas={city.one: square(0)})
    past.period = between(days=(-30, -20))
    past.published_at = past.period.lower
    past.save()
    client.force_login(city.head)
    for release, words in ((city.active, "division in force"), (past, "This release is over")):
        page = client.get(reverse("overview:what_if_release", args=[release.pk]))
        assert words in page.content.decode()
        assert client.get(reverse("overview:what_if_release_csv", args=[release.pk])).status_code == 404


def test_a_station_without_a_release_in_force_has_only_new_ground(client):
    station = StationFactory()
    sector = SectorFactory(district__station=station)
    draft = BoundaryReleaseFactory(station=station, areas={sector: square(0)})
    client.force_login(head_of(station))
    page = client.get(reverse("overview:what_if_release", args=[draft.pk])).content.decode()
    assert "all of this would be new ground" in page
    empty = BoundaryReleaseFactory(station=station)
    assert client.get(reverse("overview:what_if_release", args=[empty.pk])).status_code == 200


def test_a_draft_that_moves_nothing_says_so(client, city):
    same = BoundaryReleaseFactory(station=city.station, areas={city.one: square(0), city.other: square(1)})
    client.force_login(city.head)
    page = client.get(reverse("overview:what_if_release", args=[same.pk])).content.decode()
    assert "No ground of yours would change sector." in page


def test_the_file_has_every_move_and_no_formula(client, city):
    city.one.name = "=1+1"
    city.one.save()
    client.force_login(city.head)
    answer = client.get(reverse("overview:what_if_release_csv", args=[city.draft.pk]))
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (head[0], row[1], row[3:]) == ("From", "2 " + city.other.name, ["2", "0", "0", "0"])
    assert ReadEntry.objects.filter(subject="sectors.boundaryrelease", verb="exported").exists()


def test_nothing_changes_by_looking(client, city):
    before = list(Address.objects.values()), list(BoundaryRelease.objects.values())
    client.force_login(city.head)
    for part in ("moves", "sectors", "parties", "nonsense"):
        assert client.get(city.url, {"of": part, "page": "99999"}).status_code == 200
    assert (list(Address.objects.values()), list(BoundaryRelease.objects.values())) == before


@pytest.mark.parametrize("part", ["moves", "sectors", "parties"])
@pytest.mark.parametrize("number", [2, 20])
def test_queries_do_not_grow_with_the_sectors(client, django_assert_max_num_queries, part, number):
    station = StationFactory()
    sectors = [SectorFactory(district__station=station, number=one + 1) for one in range(number)]
    division_of(*sectors)
    draft = BoundaryReleaseFactory(
        station=station,
        areas={
            sector: strip(place - 0.25 * (place > 0), place + 0.75 + 0.25 * (place == number - 1))
            for place, sector in enumerate(sectors)
        },
    )
    for place, sector in enumerate(sectors):
        PartyFactory(sector=sector, place=at(place + 0.8))
    client.force_login(head_of(station))
    url = reverse("overview:what_if_release", args=[draft.pk])
    client.get(url, {"of": part})
    with django_assert_max_num_queries(32):
        assert client.get(url, {"of": part}).status_code == 200
