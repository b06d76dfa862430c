"""Which account an officer is linked with: one that works in the station, once and for good."""

import pytest
from django.urls import reverse

from officers.models import Officer
from tests.factories import (
    DistrictFactory,
    LeadershipFactory,
    OfficerFactory,
    StationFactory,
    UserFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/officers/officer/add/"


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def head(client, station):
    head = head_of(station)
    client.force_login(head)
    return head


def page_of(officer: Officer) -> str:
    return reverse("admin:officers_officer_change", args=[officer.pk])


def posted(officer: Officer, **changed) -> dict:
    fields = ("name", "title", "phone", "email", "patrol_form")
    hours = {"duty_hours-TOTAL_FORMS": 0, "duty_hours-INITIAL_FORMS": 0}
    known = {name: getattr(officer, name) for name in fields}
    return {**known, **hours, "station": officer.station_id} | changed


def test_the_account_of_an_officer_is_neither_taken_away_nor_exchanged(client, station, head):
    account = UserFactory()
    officer = OfficerFactory(station=station, user=account)
    for other in ("", head.pk):
        assert client.post(page_of(officer), posted(officer, user=other, title="Sergeant")).status_code == 302
        officer.refresh_from_db()
        assert (officer.user, officer.title) == (account, "Sergeant")


def test_offered_are_accounts_that_work_in_the_station_and_are_no_officers(client, station, head):
    linked = head_of_district(DistrictFactory(station=station))
    OfficerFactory(station=station, user=linked)
    OfficerFactory(station=station, user=UserFactory())
    LeadershipFactory()
    officer = OfficerFactory(station=station, user=None)
    for path in (ADD, page_of(officer)):
        assert list(client.get(path).context["adminform"].form.fields["user"].queryset) == [head], path
    assert client.post(page_of(officer), posted(officer, user=head.pk)).status_code == 302
    officer.refresh_from_db()
    assert officer.user == head


def test_an_account_of_another_station_of_the_same_head_is_no_choice(client, station, head):
    second = LeadershipFactory(user=head, station=StationFactory()).station
    deputy = head_of_district(DistrictFactory(station=second))
    officer = OfficerFactory(station=station, user=None)
    answer = client.post(page_of(officer), posted(officer, user=deputy.pk))
    assert "Select a valid choice" in str(answer.context["adminform"].form.errors["user"])
    officer.refresh_from_db()
    assert officer.user is None
