import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from tests.factories import AssignmentFactory, OfficerFactory, UserFactory, since

pytestmark = pytest.mark.django_db

NO_SECTOR = "You are not appointed to a sector at the moment."


@pytest.fixture
def officer():
    return OfficerFactory(user=UserFactory())


def log_of(client, user) -> str:
    client.force_login(user)
    response = client.get("/log/")
    assert response.status_code == 200
    return response.content.decode()


def appointed(officer, name: str, **fields):
    return AssignmentFactory(
        officer=officer, sector__district__station=officer.station, sector__name=name, **fields
    )


def test_asks_for_a_login(client):
    response = client.get("/log/")
    assert response.status_code == 302
    assert response["Location"] == "/admin/login/?next=/log/"


def test_an_officer_sees_own_sectors_with_the_role(client, officer):
    appointed(officer, "Brønshøj")
    appointed(officer, "Husum", attached=True)
    page = log_of(client, officer.user)
    assert page.index("Brønshøj") < page.index("Husum")
    for assignment in officer.assignments.all():
        assert assignment.get_role_display() in page
        assert f'href="{assignment.sector.get_absolute_url()}"' in page
    assert NO_SECTOR not in page


def test_sectors_of_others_are_not_shown(client, officer):
    appointed(officer, "Brønshøj")
    appointed(OfficerFactory(station=officer.station), "Husum")
    assert "Husum" not in log_of(client, officer.user)


def test_appointments_that_are_over_or_to_come_are_not_shown(client, officer):
    appointed(officer, "Husum", period=DateTimeTZRange(since(days=9).lower, since(days=1).lower))
    appointed(officer, "Vanløse", period=DateTimeTZRange(since(days=-1).lower, None))
    page = log_of(client, officer.user)
    assert "Husum" not in page
    assert "Vanløse" not in page
    assert NO_SECTOR in page


def test_a_user_who_is_no_officer_is_told_so(client):
    assert NO_SECTOR in log_of(client, UserFactory())


def test_only_reading_is_allowed(client, officer):
    client.force_login(officer.user)
    assert client.post("/log/").status_code == 405
