"""Drawings that would keep the station's row locked for minutes, were they taken apart."""

import math
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sectors.boundaries.drawing import ChangedArea, Drawing, DrawingRefused, areas_version, save_drawing
from tests.factories import SIDE, BoundaryReleaseFactory, SectorFactory, middle, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory(number=1, name="Husum")


@pytest.fixture
def draft(sector):
    return BoundaryReleaseFactory(station=sector.station, areas={sector: square()})


def star(corners: int) -> list[tuple[float, float]]:
    """Return a ring in which every edge crosses nearly every other."""
    lon, lat = middle()
    turns = [math.pi * (corners - 1) * corner / corners for corner in range(corners)]
    ring = [(lon + SIDE / 2 * math.sin(turn), lat + SIDE / 2 * math.cos(turn)) for turn in turns]
    return [*ring, ring[0]]


# Seconds, on a machine that is busy with other things. Without the limits it would be minutes.
AT_ONCE = 5


def draw(draft, sector, *rings) -> float:
    """Save the drawing and return how many seconds the answer took."""
    changed = ChangedArea(sector=sector.pk, coordinates=[[ring] for ring in rings])
    drawing = Drawing(version=areas_version(draft), changed=[changed])
    before = time.monotonic()
    with pytest.raises(DrawingRefused, match="1 Husum crosses or touches itself"):
        save_drawing(draft, drawing)
    return time.monotonic() - before


@pytest.mark.parametrize("corners", [5, 101, 501, 5001, 19_999])
def test_star_is_refused_at_once(draft, sector, corners):
    assert draw(draft, sector, star(corners)) < AT_ONCE


def test_ring_drawn_over_itself_a_thousand_times_is_refused_at_once(draft, sector):
    ring = [(float(lon), float(lat)) for lon, lat in square()[0][0].coords]
    assert draw(draft, sector, ring[:-1] * 4000 + ring[:1]) < AT_ONCE


def test_hundreds_of_small_stars_are_refused_at_once(draft, sector):
    assert draw(draft, sector, *[star(31)] * 600) < AT_ONCE


def test_appointments_need_not_wait_for_a_drawing(draft, sector):
    """A row that points at the station locks its key alone: a drawing must not lock the whole row."""
    drawing = Drawing(version=areas_version(draft))
    with CaptureQueriesContext(connection) as queries:
        save_drawing(draft, drawing)
    locks = [query["sql"] for query in queries if " FOR " in query["sql"]]
    assert len(locks) == 1
    assert locks[0].endswith("FOR NO KEY UPDATE")
