"""What changes while a request is being answered: it is answered by what held when it began."""

from collections.abc import Iterator

import pytest

from contacts.views import home, map, sectors
from contacts.views.kept import kept
from sectors import division
from sectors.boundaries.publication import publish
from sectors.snapshot import Snapshot
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    AssignmentFactory,
    BoundaryReleaseFactory,
    OfficerFactory,
    square,
)


@pytest.fixture
def published_meanwhile(quarter, monkeypatch) -> None:
    """The next request begins in the division of all three sectors; then one without them comes into force."""
    before = division.current()
    publish(BoundaryReleaseFactory(station=quarter.station, areas={quarter.west: square()}), at=None, by=None)
    Snapshot.forget_all()
    newest = division.current
    assert len(newest().sectors) == 1
    first: Iterator[division.Division] = iter([before])
    monkeypatch.setattr(division, "current", lambda: next(first, None) or newest())


@pytest.mark.usefixtures("published_meanwhile")
@pytest.mark.parametrize("path", ["/", "/map/", "/sectors/", "/sectors/husum/", "/sectors/vanloese/"])
def test_a_page_tells_of_one_division(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "Vanløse" in page.content.decode()


@pytest.mark.usefixtures("published_meanwhile")
def test_a_place_near_a_border_is_answered_in_one_division(client):
    page = client.get("/find/", {"lat": SOUTH + SIDE / 2, "lon": WEST + SIDE + 18 / 62_800})
    assert page.status_code == 200
    assert "Jonas Berg" in page.content.decode()


@pytest.mark.usefixtures("published_meanwhile")
def test_the_map_is_drawn_of_one_division(client):
    drawn = client.get("/sectors.geojson").json()["features"]
    assert [feature["properties"]["number"] for feature in drawn] == [1, 2, 3]


@pytest.mark.parametrize(
    ("view", "path"), [(home, "/"), (map, "/map/"), (sectors, "/sectors/"), (sectors, "/sectors/vanloese/")]
)
def test_a_page_is_kept_only_under_the_facts_that_it_tells(client, quarter, monkeypatch, view, path):
    def appointed_meanwhile(*args):
        monkeypatch.setattr(view, "kept", kept)
        officer = OfficerFactory(station=quarter.station, name="Karla Lund")
        AssignmentFactory(sector=quarter.vacant, officer=officer)
        return kept(*args)

    monkeypatch.setattr(view, "kept", appointed_meanwhile)
    assert "Karla Lund" not in client.get(path).content.decode()
    assert "Karla Lund" in client.get(path).content.decode()
