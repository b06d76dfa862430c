import math

from hypothesis import given
from hypothesis import strategies as st

from sectorlog.entries.places import ABOUT, FINEST, METRES_IN_DEGREE, Precision, is_served, kept, rounded

LAT, LON = st.floats(54.0, 58.0), st.floats(8.0, 15.5)


def metres(point, lat, lon) -> float:
    north = (point.y - lat) * METRES_IN_DEGREE
    east = (point.x - lon) * METRES_IN_DEGREE * math.cos(math.radians(lat))
    return math.hypot(north, east)


@given(LAT, LON, st.integers(FINEST, 10_000))
def test_what_is_kept_lies_within_the_precision_of_where_it_was(lat, lon, precision):
    assert metres(rounded(lat, lon, precision), lat, lon) <= precision


@given(LAT, LON, st.integers(FINEST, 10_000))
def test_rounding_again_changes_nothing(lat, lon, precision):
    once = rounded(lat, lon, precision)
    assert rounded(once.y, once.x, precision).equals_exact(once, tolerance=2e-6)


def test_two_neighbours_within_the_precision_become_one_place():
    one = kept(55.70001, 12.50001, 8, Precision.ABOUT)
    other = kept(55.70010, 12.50020, 8, Precision.ABOUT)
    assert one.point.equals(other.point)
    assert one.precision == ABOUT


def test_the_phone_does_not_say_more_than_it_knew():
    assert kept(55.7, 12.5, 430.2, Precision.EXACT).precision == 431
    assert kept(55.7, 12.5, 430.2, Precision.ABOUT).precision == 431
    assert kept(55.7, 12.5, 3, Precision.EXACT).precision == FINEST
    assert kept(55.7, 12.5, None, Precision.ABOUT).precision == ABOUT


def test_where_the_phone_did_not_know_or_the_sector_is_enough_nothing_is_kept():
    assert kept(55.7, 12.5, 25_000, Precision.EXACT) is None
    assert kept(55.7, 12.5, 5, Precision.SECTOR) is None


def test_a_place_outside_the_area_of_the_site_is_told_apart(settings):
    settings.SERVICE_BOUNDS = (8.0, 54.0, 16.0, 58.0)
    assert is_served(55.7, 12.5)
    assert not is_served(48.8, 2.3)
