import datetime

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    OfficerFactory,
    UserFactory,
    since,
)

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
    assert response["Location"] == "/account/login/?next=/log/"


def test_an_officer_sees_own_sectors_with_the_role(client, officer):
    appointed(officer, "Brønshøj")
    appointed(officer, "Husum", attached=True)
    page = log_of(client, officer.user)
    assert page.index("Brønshøj") < page.index("Husum")
    for assignment in officer.assignments.all():
        assert assignment.get_role_display() in page
        overview = reverse("sectorlog:sector_overview", args=[assignment.sector.slug])
        assert f'href="{overview}"' in page
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


BEGINS = datetime.datetime(2027, 11, 28, 7, tzinfo=datetime.UTC)
ENDS = datetime.datetime(2027, 12, 5, 7, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def covered():
    """Rita is away and Ole, an officer of another station, covers for her."""
    post = AssignmentFactory(officer__name="Rita Fictional", sector__name="Brønshøj", sector__number=7)
    post.officer.user = UserFactory()
    post.officer.save()
    absence = AbsenceFactory(officer=post.officer, period=DateTimeTZRange(BEGINS, ENDS))
    return CoverFactory(
        absence=absence, sector=post.sector, officer=OfficerFactory(name="Ole Over", user=UserFactory())
    )


def words_of(client, user) -> str:
    return " ".join(log_of(client, user).split())


PROMISE = "in place of Rita Fictional from 28 November 2027, 08:00 until 5 December 2027, 08:00"
DOSSIER = "Appointments and documents of Brønshøj"


@pytest.mark.parametrize(
    ("instant", "is_listed", "is_open"),
    [(BEGINS - HOUR, True, False), (BEGINS, True, True), (ENDS - HOUR, True, True), (ENDS, False, False)],
)
def test_covering_officer_sees_when_and_for_whom_and_enters_during_it(
    client, covered, instant, is_listed, is_open
):
    with time_machine.travel(instant, tick=False):
        page = words_of(client, covered.officer.user)
    assert (PROMISE in page) is is_listed
    assert (DOSSIER in page) is is_open
    assert (NO_SECTOR in page) is not is_listed


def test_absent_officer_sees_until_when_and_who_answers(client, covered):
    with time_machine.travel(BEGINS - HOUR, tick=False):
        page = words_of(client, covered.absence.officer.user)
        assert "You will be away from 28 November 2027, 08:00 until 5 December 2027, 08:00." in page
        assert "While you are away" not in page
    with time_machine.travel(BEGINS, tick=False):
        page = words_of(client, covered.absence.officer.user)
    assert "You are away until 5 December 2027, 08:00." in page
    assert "While you are away Ole Over answers." in page


def test_absent_officer_is_told_that_nobody_covers(client, officer):
    appointed(officer, "Brønshøj")
    AbsenceFactory(officer=officer, period=since(days=1))
    page = words_of(client, officer.user)
    assert "You are away until further notice." in page
    assert "While you are away nobody answers but the district." in page


def test_absence_that_is_over_is_not_told(client, officer):
    AbsenceFactory(officer=officer, period=DateTimeTZRange(since(days=9).lower, since(days=1).lower))
    assert "You are away" not in words_of(client, officer.user)
