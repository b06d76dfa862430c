"""Three sectors side by side, from west to east, of one station with two districts; the third is vacant."""

from types import SimpleNamespace

import pytest

from sectors.models import Address, Street
from sectors.spelling import search_key
from tests.factories import (
    AssignmentFactory,
    DistrictFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    division_of,
    middle,
)
from tests.notifications.conftest import mail_server  # noqa: F401 - a fixture, which tests here use too


@pytest.fixture
def quarter(db) -> SimpleNamespace:
    station = StationFactory(name="Bellahøj Station", slug="bellahoej", address="Borups Allé 1")
    north = DistrictFactory(station=station, name="North East", slug="north-east")
    south = DistrictFactory(station=station, name="South", slug="south", phone="+45 00 00 22 22")
    west_sector = SectorFactory(district=north, number=1, name="Brønshøj", slug="broenshoej")
    mid_sector = SectorFactory(district=north, number=2, name="Husum", slug="husum")
    vacant = SectorFactory(district=south, number=3, name="Vanløse", slug="vanloese")
    release = division_of(west_sector, mid_sector, vacant)
    mette = OfficerFactory(station=station, name="Mette Holm", phone="+45 11 11 11 11")
    jonas = OfficerFactory(station=station, name="Jonas Berg", phone="+45 22 22 22 22")
    return SimpleNamespace(
        station=station,
        north=north,
        south=south,
        west=west_sector,
        mid=mid_sector,
        vacant=vacant,
        release=release,
        mette=mette,
        jonas=jonas,
        appointment=AssignmentFactory(sector=west_sector, officer=mette),
        other_appointment=AssignmentFactory(sector=mid_sector, officer=jonas),
    )


@pytest.fixture
def addresses(quarter) -> None:
    """Addresses in the middle of each sector; "Langgade" runs through all three."""
    _address("Frederikssundsvej", 12, *middle(0))
    _address("Islevhusvej", 4, *middle(1))
    for column in range(3):
        lon, lat = middle(column)
        _address("Langgade", column + 1, lon, lat + 0.001)


def _address(street: str, number: int, lon: float, lat: float) -> Address:
    row, _created = Street.objects.get_or_create(
        name=street, postcode="2700", city="Brønshøj", defaults={"key": search_key(street)}
    )
    address = Address.objects.create(street=row, number=number, location=f"SRID=4326;POINT({lon} {lat})")
    row.address_count += 1
    row.save()
    return address
