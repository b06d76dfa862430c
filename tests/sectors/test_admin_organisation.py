"""Stations, districts and sectors in the admin: what stays, what is made, what cannot be deleted."""

import pytest
from django.urls import reverse

from officers.models import Leadership
from sectors.models import District, Sector, Station
from tests.factories import (
    AssignmentFactory,
    BoundaryReleaseFactory,
    DistrictFactory,
    LeadershipFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    administrator,
    division_of,
    square,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return DistrictFactory(name="North East")


@pytest.fixture
def as_head(client, district):
    client.force_login(LeadershipFactory(station=district.station).user)
    return client


@pytest.fixture
def as_administrator(client):
    client.force_login(administrator())
    return client


def page(model, name, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def errors_of(answer) -> str:
    assert answer.status_code == 200, "the form was expected to come back"
    return str(answer.context["adminform"].form.errors)


def test_a_sector_gets_its_station_and_its_address_by_itself(as_head, district):
    data = {"district": district.pk, "number": 7, "name": "Nørrebroparken"}
    assert as_head.post(page(Sector, "add"), data).status_code == 302
    made = Sector.objects.get()
    assert (made.station, made.slug, str(made)) == (district.station, "noerrebroparken", "7 Nørrebroparken")


def test_two_sectors_of_one_name_get_two_addresses(as_head, district):
    for number in (7, 8):
        as_head.post(page(Sector, "add"), {"district": district.pk, "number": number, "name": "Park"})
    assert sorted(Sector.objects.values_list("slug", flat=True)) == ["park", "park-8"]


def test_a_number_that_is_taken_is_refused_in_a_sentence(as_head, district):
    SectorFactory(district=district, number=7)
    answer = as_head.post(page(Sector, "add"), {"district": district.pk, "number": 7, "name": "Park"})
    assert "has a sector with this number already" in errors_of(answer)


def test_the_address_of_a_sector_stays_when_its_name_changes(as_head, district):
    sector = SectorFactory(district=district, slug="old-name")
    data = {"district": district.pk, "number": sector.number, "name": "New name", "slug": "new-name"}
    as_head.post(page(Sector, "change", sector.pk), data)
    sector.refresh_from_db()
    assert (sector.name, sector.slug) == ("New name", "old-name")


def test_the_number_stays_once_a_published_release_has_drawn_it(as_head, district):
    drafted, published = SectorFactory.create_batch(2, district=district)
    BoundaryReleaseFactory(station=district.station, areas={drafted: square()})
    division_of(published)
    for sector, number in ((drafted, 101), (published, 102)):
        data = {"district": district.pk, "number": number, "name": "Park"}
        assert as_head.post(page(Sector, "change", sector.pk), data).status_code == 302
    drafted.refresh_from_db()
    assert drafted.number == 101
    assert not Sector.objects.filter(number=102).exists()


def test_a_sector_moves_between_the_districts_of_its_own_station_only(client, as_head, district):
    sector = SectorFactory(district=district)
    own, foreign = DistrictFactory(station=district.station), DistrictFactory()
    # The head of both stations, too.
    LeadershipFactory(user=district.station.leaderships.get().user, station=foreign.station)
    data = {"number": sector.number, "name": sector.name}
    url = page(Sector, "change", sector.pk)
    assert "Select a valid choice" in errors_of(as_head.post(url, {**data, "district": foreign.pk}))
    assert as_head.post(url, {**data, "district": own.pk}).status_code == 302
    sector.refresh_from_db()
    assert sector.district == own


def test_an_administrator_makes_stations_and_deletes_none(as_administrator, district):
    data = {"name": "New Station", "slug": "new-station"}
    assert as_administrator.post(page(Station, "add"), data).status_code == 302
    assert Station.objects.filter(slug="new-station").exists()
    url = page(Station, "delete", district.station.pk)
    assert as_administrator.post(url, {"post": "yes"}).status_code == 404
    assert as_administrator.get(page(District, "add")).status_code == 404


def test_list_names_the_responsible_officer_or_says_vacant(as_head, district):
    AssignmentFactory(sector=SectorFactory(district=district), officer__name="Alma Eksempel")
    vacant = SectorFactory(district=district)
    content = as_head.get(page(Sector, "changelist")).content.decode()
    assert "Alma Eksempel" in content
    assert content.count("Vacant</strong>") == 1
    assert f"?sector={vacant.pk}&amp;role=responsible" in content


@pytest.mark.parametrize(("vacant", "count"), [("yes", 2), ("no", 1)])
def test_list_filters_vacant_sectors(as_head, district, vacant, count):
    AssignmentFactory(sector=SectorFactory(district=district))
    AssignmentFactory(sector=SectorFactory(district=district), attached=True)
    SectorFactory(district=district)
    answer = as_head.get(page(Sector, "changelist"), {"vacant": vacant})
    assert answer.context["cl"].result_count == count


def test_index_begins_with_the_vacant_sectors_that_are_in_force(as_head, district):
    answered, vacant, _undrawn = SectorFactory.create_batch(3, district=district)
    AssignmentFactory(sector=answered)
    division_of(answered, vacant)
    division_of(SectorFactory())
    assert as_head.get(reverse("admin:index")).context["attention"].vacant == (vacant,)


def test_a_head_of_several_stations_is_asked_which(client):
    user = UserFactory()
    stations = StationFactory.create_batch(2)
    for station in stations:
        LeadershipFactory(user=user, station=station)
    client.force_login(user)
    form = client.get(page(District, "add")).context["adminform"].form
    assert form["station"].value() is None
    assert set(form.fields["station"].queryset) == set(stations)


def test_leadership_follows_one_after_the_other(as_administrator, district):
    present = LeadershipFactory(station=district.station)
    data = {"user": UserFactory().pk, "station": district.station.pk}
    assert "has another head in this period" in errors_of(
        as_administrator.post(page(Leadership, "add"), data)
    )
    ended = {"begins": "", "ends": "2030-01-01T08:00"}
    assert as_administrator.post(page(Leadership, "change", present.pk), ended).status_code == 302
    data["begins"] = "2030-01-01T08:00"
    assert as_administrator.post(page(Leadership, "add"), data).status_code == 302
    assert Leadership.objects.count() == 2


def test_leadership_of_a_district_of_another_station_is_refused(as_administrator, district):
    data = {"user": UserFactory().pk, "station": StationFactory().pk, "district": district.pk}
    assert "belongs to another station" in errors_of(as_administrator.post(page(Leadership, "add"), data))
