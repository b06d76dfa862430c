"""Whoever is named on a page of staff stands in the read log, also in a choice, a list or a step of an act."""

import pytest
from django.urls import reverse

from audit.models import ReadEntry
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    CoverFactory,
    head_of,
    square,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointed(client):
    """A present appointment, at a station whose head is logged in."""
    made = AssignmentFactory()
    BoundaryReleaseFactory(station=made.sector.station, areas={made.sector: square(0)}, in_force=True)
    client.force_login(head_of(made.sector.station))
    return made


def logged(subject):
    entries = ReadEntry.objects.filter(subject=subject)
    return {number for entry in entries for number in entry.numbers}


@pytest.mark.parametrize(
    "page",
    [
        "admin:officers_absence_add",
        "admin:officers_assignment_add",
        "admin:sectors_sector_changelist",
        "officers:sector_list",
    ],
)
def test_officers_that_a_page_names_are_logged(client, appointed, page):
    assert appointed.officer.name in client.get(reverse(page)).content.decode()
    assert str(appointed.officer.pk) in logged("officers.officer")


def test_steps_of_entering_an_absence_are_logged(client, appointed):
    answers = {"officer": appointed.officer.pk, "begins": "2099-05-01T08:00", "ends": "2099-05-02T08:00"}
    assert client.post(reverse("admin:officers_absence_add"), answers).status_code == 200
    assert str(appointed.officer.pk) in logged("officers.officer")


def test_replacing_an_officer_is_logged_with_who_can_follow_and_who_is_there(client, appointed):
    assert client.get(reverse("admin:sectors_sector_replace", args=[appointed.sector.pk])).status_code == 200
    assert str(appointed.officer.pk) in logged("officers.officer")
    assert str(appointed.pk) in logged("officers.assignment")


def test_appointments_on_an_officers_page_are_logged(client, appointed):
    client.get(reverse("admin:officers_officer_change", args=[appointed.officer.pk]))
    assert logged("officers.assignment") == {str(appointed.pk)}


def test_covers_on_an_absences_page_are_logged(client, appointed):
    absence = AbsenceFactory(officer=appointed.officer)
    cover = CoverFactory(absence=absence, sector=appointed.sector)
    client.get(reverse("admin:officers_absence_change", args=[absence.pk]))
    assert logged("officers.cover") == {str(cover.pk)}
