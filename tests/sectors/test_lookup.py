import math

import pytest
from django.contrib.gis.geos import Point
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sectors.lookup import (
    Ambiguous,
    Found,
    InvalidAddress,
    InvalidPosition,
    NearBorder,
    Outside,
    clean_address,
    locate_address,
    locate_point,
    parse_position,
)
from tests.factories import (
    SIDE,
    SOUTH,
    WEST,
    AddressFactory,
    DistrictFactory,
    SectorFactory,
    StreetFactory,
    division_of,
    middle,
)

pytestmark = pytest.mark.django_db
METRE = 1 / 62_883  # degrees of longitude


@pytest.fixture
def two_sectors():
    district = DistrictFactory()
    sectors = SectorFactory(district=district, number=1), SectorFactory(district=district, number=2)
    division_of(*sectors)
    return sectors


def test_point_well_inside_is_found(two_sectors):
    outcome = locate_point(*middle(0))
    assert isinstance(outcome, Found)
    assert outcome.sector.id == two_sectors[0].id


def test_point_near_a_border_names_both_sectors_with_the_distance(two_sectors):
    outcome = locate_point(WEST + SIDE - 18.2 * METRE, SOUTH + 0.005)
    assert isinstance(outcome, NearBorder)
    assert outcome.sector.id == two_sectors[0].id
    [near] = outcome.neighbours
    assert near.sector.id == two_sectors[1].id
    assert near.distance_m == pytest.approx(18.2, abs=0.05)


def test_how_near_is_near_is_a_setting(two_sectors, settings):
    point = WEST + SIDE - 18.2 * METRE, SOUTH + 0.005
    settings.NEAR_BORDER_METRES = 18
    assert isinstance(locate_point(*point), Found)
    settings.NEAR_BORDER_METRES = 18.5
    assert isinstance(locate_point(*point), NearBorder)


def test_outer_border_is_no_border_between_sectors(two_sectors):
    assert isinstance(locate_point(WEST + 2 * METRE, SOUTH + 0.005), Found)


def test_point_just_outside_names_the_sector_it_is_near(two_sectors):
    outcome = locate_point(WEST - 10 * METRE, SOUTH + 0.005)
    assert isinstance(outcome, NearBorder)
    assert outcome.sector is None
    assert outcome.neighbours[0].sector.id == two_sectors[0].id


def test_point_far_away_is_outside(two_sectors):
    assert locate_point(-1.54, 53.80) == Outside()


@pytest.mark.parametrize("lon", [math.nan, math.inf, -180.01, 720_000.0])
def test_position_that_is_none_is_refused(lon):
    with pytest.raises(InvalidPosition):
        locate_point(lon, 55.7)


@pytest.mark.parametrize("lat", ["", "north", "55,7,1", "55.7 N", "[55.7]", "5" * 10_000, "١e999"])
def test_text_that_is_no_position_is_refused(lat):
    with pytest.raises(InvalidPosition):
        locate_point(*parse_position(lat, "12.5"))


def test_decimal_comma_is_understood():
    assert parse_position("55,7", " 12.5 ") == (12.5, 55.7)


@given(st.floats(), st.floats())
@example(0.0, 90.0)
@example(180.0, -90.0)
@example(-180.0, 0.0)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_numbers_are_answered_or_refused(two_sectors, lon, lat):
    try:
        outcome = locate_point(lon, lat)
    except InvalidPosition:
        assert not (abs(lon) <= 180 and abs(lat) <= 90)
    else:
        assert isinstance(outcome, Found | NearBorder | Outside)


def test_misspelt_address_leads_to_its_sector(two_sectors):
    AddressFactory(number=12, column=0)
    AddressFactory(number=112, column=1)
    outcome = locate_address("fredriksundvej 112")
    assert isinstance(outcome, Found)
    assert outcome.sector.id == two_sectors[1].id
    assert outcome.address.text == "Frederikssundsvej 112, 2700 Brønshøj"


def test_address_near_a_border_says_so(two_sectors):
    AddressFactory(number=12, location=Point(WEST + SIDE - 5 * METRE, SOUTH + 0.005, srid=4326))
    outcome = locate_address("Frederikssundsvej 12")
    assert isinstance(outcome, NearBorder)
    assert outcome.address.house == "12"


def test_street_in_two_sectors_is_ambiguous_with_one_choice_each(two_sectors):
    for number, column in ((2, 0), (40, 0), (44, 1), (100, 1)):
        AddressFactory(number=number, column=column)
    outcome = locate_address("Frederikssundsvej")
    assert isinstance(outcome, Ambiguous)
    assert [(choice.address, choice.sector.id) for choice in outcome.choices] == [
        ("Frederikssundsvej 2–40, 2700 Brønshøj", two_sectors[0].id),
        ("Frederikssundsvej 44–100, 2700 Brønshøj", two_sectors[1].id),
    ]


def test_street_in_one_sector_is_found(two_sectors):
    AddressFactory(number=1, column=1)
    AddressFactory(number=3, column=1)
    outcome = locate_address("Frederikssundsvej")
    assert isinstance(outcome, Found)
    assert outcome.sector.id == two_sectors[1].id
    assert outcome.address.text == "Frederikssundsvej, 2700 Brønshøj"


def test_same_address_in_two_towns_is_ambiguous(two_sectors):
    for postcode, city, column in (("2700", "Brønshøj", 0), ("3600", "Frederikssund", 1)):
        AddressFactory(
            number=5, column=column, street=StreetFactory(name="Skovvej", postcode=postcode, city=city)
        )
    outcome = locate_address("Skovvej 5")
    assert [choice.address for choice in outcome.choices] == [
        "Skovvej 5, 2700 Brønshøj",
        "Skovvej 5, 3600 Frederikssund",
    ]


def test_known_address_outside_all_sectors_is_outside_and_named(two_sectors):
    AddressFactory(number=7, column=9)
    outcome = locate_address("Frederikssundsvej 7")
    assert isinstance(outcome, Outside)
    assert outcome.address.text == "Frederikssundsvej 7, 2700 Brønshøj"
    assert not outcome.is_unknown_address


def test_address_that_nobody_knows_is_unknown(two_sectors):
    AddressFactory()
    assert locate_address("Xyzzyplugh 99").is_unknown_address


@pytest.mark.parametrize(
    "text", ["", "   ", "a" * 10_000, "Skov\x00vej 1", "Skovvej\x07", "\ud800", "---", "🚲"]
)
def test_text_that_cannot_be_an_address_is_refused(text):
    with pytest.raises(InvalidAddress, match="street and a house number"):
        clean_address(text)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE sectors_address; --", "<script>alert(1)</script>", "%_%", "\\"]
)
def test_hostile_text_finds_nothing_or_is_refused(two_sectors, text):
    AddressFactory()
    try:
        assert locate_address(text).is_unknown_address
    except InvalidAddress:
        assert not any(letter.isalnum() for letter in text)
