"""The demonstrations that journeys are made in fit together, also when a part of one has grown old meanwhile."""

from sectors.models import Station
from tests.factories import DistrictFactory, StationFactory
from tests.journeys.conftest import Demonstrations


def test_what_was_added_to_an_earlier_station_is_not_put_back_for_a_later_one(site):
    demonstrations = Demonstrations()

    def loaded_with_district() -> tuple[Station, Station]:
        station = demonstrations.load("tried_station", StationFactory)

        def add() -> Station:
            DistrictFactory(station=station)
            return station

        return station, demonstrations.load("tried_district", add, of=station)

    earlier, _ = loaded_with_district()
    demonstrations.kept.pop("tried_station", None)
    later, with_district = loaded_with_district()
    assert later != earlier
    assert with_district == later
    assert later.districts.count() == 1
