import datetime

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from officers.models import Assignment
from tests.factories import AssignmentFactory, OfficerFactory, SectorFactory, since


def detail(client, slug: str = "broenshoej") -> str:
    return client.get(f"/sectors/{slug}/").content.decode()


def test_names_the_officer_and_how_to_reach_them(client, quarter):
    page = detail(client)
    assert "Mette Holm, Brønshøj" in page
    assert 'href="tel:+4511111111"' in page
    assert f'href="mailto:{quarter.mette.email}"' in page
    assert ">MH<" in page


def test_says_since_when(client, quarter):
    began = datetime.datetime(2024, 3, 1, 7, tzinfo=datetime.UTC)
    officer = OfficerFactory(station=quarter.station, name="Karla Lund")
    AssignmentFactory(sector=quarter.vacant, officer=officer, period=DateTimeTZRange(began, None))
    assert "Your officer since March 2024" in detail(client, "vanloese")


def test_a_vacant_sector_gives_its_district_kindly(client, quarter):
    response = client.get("/sectors/vanloese/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "At the moment no officer is appointed to Vanløse" in page
    assert 'href="tel:+4500002222"' in page
    assert "South" in page


def test_a_vacant_sector_of_a_district_without_contact_gives_the_station(client, quarter):
    quarter.south.phone = quarter.south.email = ""
    quarter.south.save()
    page = detail(client, "vanloese")
    assert "Bellahøj Station takes care of you" in page
    assert 'href="tel:+4500001000"' in page


def test_a_vacant_sector_without_any_contact_gives_the_police_number(client, quarter):
    quarter.south.phone = quarter.south.email = ""
    quarter.south.save()
    quarter.station.phone = quarter.station.email = ""
    quarter.station.save()
    article = detail(client, "vanloese").partition("<article")[2].partition("</article>")[0]
    assert 'href="tel:114"' in article


def test_colleagues_stand_with_their_contact(client, quarter):
    colleague = OfficerFactory(station=quarter.station, name="Ulrik Dam", phone="+45 33 33 33 33")
    AssignmentFactory(sector=quarter.west, officer=colleague, attached=True)
    page = detail(client)
    assert page.index("Mette Holm</span>") < page.index("Ulrik Dam")
    assert 'href="tel:+4533333333"' in page


def test_neighbours_stand_with_their_officer_and_direction(client, quarter):
    page = detail(client, "husum")
    assert "Mette Holm · to the west" in " ".join(page.split())
    assert "No officer at the moment · to the east" in " ".join(page.split())


def test_a_sector_not_in_force_is_not_found_and_the_page_helps_on(client, quarter):
    SectorFactory(district=quarter.north, slug="planned")
    response = client.get("/sectors/planned/")
    assert response.status_code == 404
    assert 'name="q"' in response.content.decode()


def test_an_appointment_shows_at_its_instant_and_not_before(client, quarter):
    begins = timezone.now() + datetime.timedelta(hours=2)
    officer = OfficerFactory(station=quarter.station, name="Karla Lund")
    AssignmentFactory(sector=quarter.vacant, officer=officer, period=DateTimeTZRange(begins, None))
    with time_machine.travel(begins - datetime.timedelta(seconds=1), tick=False):
        assert "Karla Lund" not in detail(client, "vanloese")
    with time_machine.travel(begins, tick=False):
        assert "Karla Lund" in detail(client, "vanloese")


def test_a_new_appointment_changes_the_page_and_its_etag(client, quarter):
    before = client.get("/sectors/vanloese/")
    officer = OfficerFactory(station=quarter.station, name="Karla Lund")
    AssignmentFactory(sector=quarter.vacant, officer=officer, period=since(minutes=1))
    after = client.get("/sectors/vanloese/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "Karla Lund" in after.content.decode()


def test_each_language_and_host_has_its_own_copy(client, quarter, settings):
    settings.ALLOWED_HOSTS = ["testserver", "police.example"]
    assert '<html lang="en">' in detail(client)
    assert '<html lang="da">' in client.get("/da/sectors/broenshoej/").content.decode()
    elsewhere = client.get("/sectors/broenshoej/", headers={"host": "police.example"}).content.decode()
    assert 'rel="canonical" href="http://police.example/sectors/broenshoej/"' in elsewhere


@pytest.mark.parametrize("query", ["", "?found=nonsense"])
def test_the_page_needs_no_query_once_warm(client, quarter, settings, django_assert_num_queries, query):
    settings.REGISTER_RECHECK_SECONDS = 60.0
    url = f"/sectors/broenshoej/{query}"
    with django_assert_num_queries(4):  # the register's version, the division, the appointments, what is told
        client.get(url)
    with django_assert_num_queries(0):
        client.get(url)


def test_an_appointment_that_has_ended_is_not_on_the_page(client, quarter):
    ended = OfficerFactory(station=quarter.station, name="Bygone Person")
    now = timezone.now()
    AssignmentFactory(
        sector=quarter.vacant,
        officer=ended,
        role=Assignment.Role.RESPONSIBLE,
        period=DateTimeTZRange(now - datetime.timedelta(days=9), now - datetime.timedelta(days=2)),
    )
    assert "Bygone Person" not in detail(client, "vanloese")
