"""A release compared with the division in force: what moves, what lies there, what stays."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from overview.comparing.estimating import estimated, sectors_then
from overview.comparing.redrawing import Passing, redrawing
from overview.views import comparing_files
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
from tests.overview.files import lines_of

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

    @property
    def file_url(self) -> str:
        return reverse("overview:what_if_release_csv", args=[self.draft.pk])


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


@pytest.mark.parametrize(
    ("square_metres", "words"),
    [(1_234_567, "1.235 km²"), (140_000, "0.140 km²"), (73_452, "0.073 km²"), (3, "less than 0.001 km²")],
)
def test_all_areas_of_a_table_have_one_unit(square_metres, words):
    move = Move(None, None, square_metres, 0, square(0))
    assert Passing(move, None, None, None).area == words


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
    for part in ("moves", "sectors", "parties"):
        assert client.get(city.file_url, {"of": part}).status_code == 404


def test_releases_of_where_one_merely_works_are_not_there(client, city):
    user = LeadershipFactory().user
    AssignmentFactory(sector=city.one, officer__user=user)
    assert BoundaryRelease.objects.visible_to(user).filter(pk=city.draft.pk).exists()
    client.force_login(user)
    assert client.get(city.url).status_code == 404
    assert client.get(city.file_url).status_code == 404


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


def test_the_file_has_every_move(client, city):
    client.force_login(city.head)
    answer = client.get(city.file_url)
    head, row = lines_of(answer)
    assert (head[0], row[1], row[3:]) == ("From", "2 " + city.other.name, ["2", "0", "0", "0"])
    assert ReadEntry.objects.filter(subject="sectors.boundaryrelease", verb="exported").exists()
    name = f"release-{city.draft.pk}-moves-{timezone.localdate()}.csv"
    assert name in answer["Content-Disposition"]


def test_the_file_of_sectors_says_what_the_page_says_and_has_no_formula(client, city):
    city.one.name = "=1+1"
    city.one.save()
    ManningBasisFactory(sector=city.one, inhabitants=8999, required=3)
    city.draft.boundaries.filter(sector=city.one).delete()
    client.force_login(city.head)
    answer = client.get(city.file_url, {"of": "sectors"})
    head, one, other = lines_of(answer)
    assert len(head) == len(one) == len(other)
    told = dict(zip(head, one, strict=True))
    assert (told["Sector"], told["Addresses today"], told["Addresses then"]) == ("'=1+1", "3", "0")
    assert (told["Decided"], told["Too few"], told["Not drawn any more"]) == ("3", "yes", "yes")
    # The other sector has no basis, so that nobody knows.
    assert dict(zip(head, other, strict=True))["Inhabitants then, estimated"] == ""
    exported = ReadEntry.objects.get(verb="exported")
    assert exported.keys == [f"sectors.boundaryrelease:{city.draft.pk}"]
    assert set(exported.sectors) == {city.one.pk, city.other.pk}


def test_the_estimate_is_as_round_in_the_file_as_on_the_page(client, city):
    ManningBasisFactory(sector=city.one, inhabitants=9001)
    ManningBasisFactory(sector=city.other, inhabitants=1000)
    client.force_login(city.head)
    head, one, _other = lines_of(client.get(city.file_url, {"of": "sectors"}))
    told = dict(zip(head, one, strict=True))
    assert (told["Inhabitants today"], told["Inhabitants then, estimated"]) == ("9001", "3000")


def test_the_file_of_parties_has_all_of_them_and_is_noted(client, city):
    moved = [PartyFactory(sector=city.one, place=at(0.8), name=f"@Shop {one}") for one in range(30)]
    PartyFactory(sector=city.one, place=at(0.2), name="Stays")
    client.force_login(city.head)
    answer = client.get(city.file_url, {"of": "parties", "page": "2"})
    head, *rows = lines_of(answer)
    assert head == ["Number", "Sector", "Party", "Address"]
    assert {row[2] for row in rows} == {f"'@Shop {one}" for one in range(30)}
    exported = ReadEntry.objects.get(verb="exported")
    assert set(exported.keys) == {f"sectorlog.party:{one.pk}" for one in moved}
    assert exported.sectors == [city.one.pk]


def test_a_file_of_too_many_parties_says_that_there_are_more(client, city, monkeypatch):
    monkeypatch.setattr(comparing_files, "MOST_IN_FILE", 2)
    for _ in range(3):
        PartyFactory(sector=city.one, place=at(0.8))
    client.force_login(city.head)
    _head, *rows = lines_of(client.get(city.file_url, {"of": "parties"}))
    assert (len(rows), rows[-1]) == (3, ["Only the first 2 stand in this file."])
    assert len(ReadEntry.objects.get(verb="exported").keys) == 2


@pytest.mark.parametrize("part", ["moves", "sectors", "parties"])
def test_a_file_without_rows_has_its_titles(client, city, part):
    same = BoundaryReleaseFactory(station=city.station, areas={city.one: square(0), city.other: square(1)})
    client.force_login(city.head)
    answer = client.get(reverse("overview:what_if_release_csv", args=[same.pk]), {"of": part})
    (head,) = lines_of(answer)
    assert len(head) > 3


def test_the_receiving_districts_head_gets_no_others_parties_in_a_file(client, city):
    PartyFactory(sector=city.one, place=at(0.8), name="The bakery")
    client.force_login(head_of_district(city.other.district))
    assert len(lines_of(client.get(city.file_url, {"of": "parties"}))) == 1
    _head, row = lines_of(client.get(city.file_url))
    assert row[3:] == ["2", "", "", ""]


def test_a_part_that_is_none_is_no_file(client, city):
    client.force_login(city.head)
    assert client.get(city.file_url, {"of": "nonsense"}).status_code == 404


@pytest.mark.parametrize("part", ["moves", "sectors", "parties", "nonsense"])
def test_the_page_leads_to_the_file_of_what_it_lists(client, city, part):
    client.force_login(city.head)
    page = client.get(city.url, {"of": part}).content.decode()
    listed = part if part != "nonsense" else "moves"
    assert f'href="{city.file_url}?of={listed}"' in page


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
    for route in ("what_if_release", "what_if_release_csv"):
        url = reverse(f"overview:{route}", args=[draft.pk])
        client.get(url, {"of": part})
        with django_assert_max_num_queries(32):
            assert client.get(url, {"of": part}).status_code == 200
