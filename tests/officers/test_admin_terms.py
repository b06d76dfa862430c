"""Dated rows in the admin: leadership, staff roles, liaisons, appointments end by one way and are never deleted."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from officers.models import Assignment, Leadership, Liaison, StaffRole, Unit
from tests.factories import (
    AssignmentFactory,
    LeadershipFactory,
    LiaisonFactory,
    StaffRoleFactory,
    StationFactory,
    UserFactory,
    administrator,
    head_of,
)
from tests.officers.minutes import in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_administrator(client):
    client.force_login(administrator())
    return client


def typed(instant: datetime.datetime) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def page(found, name: str = "change") -> str:
    return reverse(f"admin:officers_{found._meta.model_name}_{name}", args=[found.pk])


def errors_of(answer) -> str:
    assert answer.status_code == 200, "the form was expected to come back"
    return str(answer.context["adminform"].form.errors)


@pytest.mark.parametrize("factory", [LeadershipFactory, StaffRoleFactory])
def test_ending_asks_first_and_takes_the_rights_with_the_next_request(as_administrator, client, factory):
    term = factory()
    assert "now?" in as_administrator.get(page(term, "end")).content.decode()
    assert as_administrator.post(page(term, "end")).url == page(term)
    term.refresh_from_db()
    assert term.period.upper <= timezone.now()
    client.force_login(term.user)
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("factory", [LeadershipFactory, StaffRoleFactory])
def test_what_has_not_begun_is_withdrawn_and_stays_in_the_list(as_administrator, factory):
    term = factory(period=DateTimeTZRange(in_days(5), None))
    as_administrator.post(page(term, "withdraw"))
    term.refresh_from_db()
    assert term.withdrawn_at is not None
    listing = reverse(f"admin:officers_{term._meta.model_name}_changelist")
    assert list(as_administrator.get(listing, {"state": "withdrawn"}).context["cl"].queryset) == [term]


@pytest.mark.parametrize("model", [Leadership, StaffRole, Unit])
def test_nothing_of_it_is_deleted(as_administrator, model):
    factories = {Leadership: LeadershipFactory, StaffRole: StaffRoleFactory}
    row = factories[model]() if model in factories else Unit.objects.create(name="Traffic Division")
    assert as_administrator.post(page(row, "delete"), {"post": "yes"}).status_code == 404
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("factory", [LeadershipFactory, StaffRoleFactory])
def test_of_what_has_begun_only_the_end_changes(as_administrator, factory):
    term = factory()
    data = {
        "user": UserFactory().pk,
        "role": "reviewer",
        "begins": "2020-01-01T00:00",
        "ends": typed(in_days(4)),
    }
    as_administrator.post(page(term), data)
    changed = type(term).objects.get(pk=term.pk)
    assert (changed.user, changed.period.lower) == (term.user, term.period.lower)
    assert changed.period.upper == in_days(4)


@pytest.mark.parametrize("factory", [LeadershipFactory, StaffRoleFactory])
def test_what_is_over_stays_as_it_was(as_administrator, factory):
    term = factory(period=DateTimeTZRange(in_days(-9), in_days(-1)))
    assert "is over" in errors_of(as_administrator.post(page(term), {"ends": typed(in_days(4))}))


ROLE = "admin:officers_staffrole_add"


@pytest.mark.parametrize(
    ("role", "has_station", "sentence"),
    [
        ("editor", False, "Choose the station"),
        ("analyst", False, "Choose the station"),
        ("administrator", True, "Leave the station empty"),
        ("reviewer", True, "Leave the station empty"),
    ],
)
def test_a_role_with_the_wrong_station_is_refused(as_administrator, role, has_station, sentence):
    station = StationFactory().pk if has_station else ""
    data = {"user": UserFactory().pk, "role": role, "station": station}
    assert sentence in errors_of(as_administrator.post(reverse(ROLE), data))


def test_a_role_that_the_account_has_already_is_refused(as_administrator):
    user = StaffRoleFactory(reviewer=True).user
    answer = as_administrator.post(reverse(ROLE), {"user": user.pk, "role": "reviewer"})
    assert "has this role in this period already" in errors_of(answer)


def test_a_liaison_is_ended_by_the_head(client):
    liaison = LiaisonFactory()
    client.force_login(head_of(liaison.sector.station))
    assert liaison.user.standing_at(timezone.now()).liaison
    client.post(page(liaison, "end"))
    assert not liaison.user.standing_at(timezone.now()).liaison
    assert Liaison.objects.count() == 1


# --- What an appointment says besides ----------------------------------------------------------


@pytest.fixture
def attached(client):
    assignment = AssignmentFactory(attached=True, period=DateTimeTZRange(in_days(3), None))
    client.force_login(head_of(assignment.sector.station))
    return assignment


def values(assignment, **changed) -> dict:
    return {
        "sector": assignment.sector_id,
        "officer": assignment.officer_id,
        "role": assignment.role,
        "begins": typed(assignment.period.lower),
        "ends": "",
        **changed,
    }


def test_a_stand_in_is_named_and_there_is_one_at_a_time(client, attached):
    assert client.post(page(attached), values(attached, is_stand_in="on")).status_code == 302
    attached.refresh_from_db()
    assert attached.is_stand_in
    other = AssignmentFactory(sector=attached.sector, attached=True, period=attached.period)
    assert "another stand-in" in errors_of(client.post(page(other), values(other, is_stand_in="on")))


def test_a_responsible_officer_is_no_stand_in(client, attached):
    data = values(attached, is_stand_in="on", role="responsible")
    assert "Only an attached officer" in errors_of(client.post(page(attached), data))


def test_the_hand_over_is_set_while_the_appointment_holds(client, attached):
    begun = AssignmentFactory(sector=attached.sector)
    day = timezone.localdate(in_days(10))
    assert client.post(page(begun), {"ends": typed(in_days(9)), "hand_over_on": day}).status_code == 302
    begun.refresh_from_db()
    assert begun.hand_over_on == day


@pytest.mark.parametrize(("days", "sentence"), [(-500, "before the appointment"), (200, "long after")])
def test_a_hand_over_at_an_odd_time_is_refused(client, attached, days, sentence):
    begun = AssignmentFactory(sector=attached.sector)
    data = {"ends": typed(in_days(9)), "hand_over_on": timezone.localdate(in_days(days))}
    assert sentence in errors_of(client.post(page(begun), data))
    assert Assignment.objects.get(pk=begun.pk).hand_over_on is None
