"""The database goes away while the site runs: sectors and officers go on from copies, addresses must wait."""

from collections.abc import Iterator

import pytest
from django.contrib.gis.db.backends.postgis.base import DatabaseWrapper
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from sectors.snapshot import Snapshot
from tests.contacts import public_scene, public_visits
from tests.factories import middle


@pytest.fixture(params=[OperationalError, InterfaceError])
def outage(request, client, addresses) -> Iterator[None]:
    """From now on every query fails, as it does when the connection is refused or lost."""
    client.get(client.get("/find/", {"q": "Frederikssundsvej 12"})["Location"])

    def fail(*args):
        raise request.param("connection refused")

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.usefixtures("outage")
def test_a_citizen_is_asked_to_try_again_or_to_choose_in_the_list(client):
    response = client.get("/find/", {"q": "Islevhusvej 4"})
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Addresses cannot be looked up at the moment." in page
    assert 'value="Islevhusvej 4"' in page
    assert 'href="/sectors/"' in page


@pytest.mark.usefixtures("outage")
@pytest.mark.parametrize(
    "path", ["/api/v1/locate?address=Islevhusvej+4", "/api/v1/addresses?q=Islevhusvej+4"]
)
def test_a_program_is_told_when_to_come_again(client, path):
    response = client.get(path)
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "30"
    assert response.json()["detail"].startswith("Addresses cannot be looked up at the moment.")


@pytest.mark.parametrize("outage", [OperationalError], indirect=True)
@pytest.mark.usefixtures("outage")
def test_a_position_still_finds_its_officer(client):
    lon, lat = middle(0)
    assert client.get(f"/api/v1/locate?lat={lat}&lon={lon}").json()["officer"]["name"] == "Mette Holm"


PAGES = "/ /sectors/ /sectors/broenshoej/ /map/ /find/?lat=55.7&lon=12.4 /api/v1/docs /sectors/broenshoej/message/"
FILES = "card.vcf qr.svg events.ics notices.atom leaflet.pdf"
OTHERS = "/sectors.geojson /stations/bellahoej/events.ics /stations/bellahoej/notices.atom /portraits/abc-small.jpg"
PUBLIC = [*PAGES.split(), *OTHERS.split(), *(f"/sectors/broenshoej/{name}" for name in FILES.split())]


@pytest.mark.usefixtures("outage")
@pytest.mark.parametrize("path", PUBLIC)
def test_a_process_that_has_just_begun_says_whom_to_call_and_when_to_come_again(client, path):
    Snapshot.forget_all()
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert 'href="tel:112"' in page
    assert 'href="tel:114"' in page
    assert "This cannot be shown at the moment" in page


@pytest.mark.usefixtures("outage")
def test_a_process_that_has_just_begun_says_it_in_danish(client):
    Snapshot.forget_all()
    page = client.get("/da/sectors/").content.decode()
    assert "Det kan ikke vises i øjeblikket" in page
    assert 'lang="da"' in page


@pytest.mark.usefixtures("outage")
@pytest.mark.parametrize(
    "path", ["/api/v1/sectors", "/api/v1/sectors/broenshoej", "/api/v1/locate?lat=55.7&lon=12.4"]
)
def test_a_process_that_has_just_begun_tells_a_program_when_to_come_again(client, path):
    Snapshot.forget_all()
    response = client.get(path)
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "30"


@pytest.mark.django_db
def test_no_public_address_breaks_in_a_process_that_has_just_begun():
    """Every one that there is; of those behind the login and of health nothing is promised here."""
    scene = public_scene.build(lambda *_names: "x")
    client = Client(raise_request_exception=False)
    asked = [path for paths in public_visits.addresses(scene).values() for path in paths]

    def fail(*args):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(fail):
        for path in asked:
            Snapshot.forget_all()
            if not path.startswith(("account/", "admin/")):
                assert client.get(f"/{path}").status_code != 500, path


@pytest.mark.django_db
def test_a_connection_that_broke_while_nobody_used_it_costs_no_request():
    """As after a restart of the database: the pool gives a whole one instead."""
    known = connection.settings_dict
    pool = {"min_size": 1, "max_size": 1, "timeout": 5}
    pooled = DatabaseWrapper({**known, "OPTIONS": {**known["OPTIONS"], "pool": pool}})
    try:
        with pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (before,) = cursor.fetchone()
        pooled.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
        with pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone() != (before,)
    finally:
        pooled.close()
        pooled.close_pool()
