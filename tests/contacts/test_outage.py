"""The database goes away while the site runs: sectors and officers go on from copies, addresses must wait."""

from collections.abc import Iterator

import pytest
from django.db import InterfaceError, OperationalError, connection

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
