"""The admin's first page: what needs attention, and the act that mends it; the same as filters of the sector list."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from officers.models import Assignment
from sectors.models import ManningBasis
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    SectorFactory,
    StaffRoleFactory,
    administrator,
    division_of,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


def in_days(days: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


@pytest.fixture
def manned():
    """A sector in force that wants for nothing."""
    sector = SectorFactory(name="Manned")
    AssignmentFactory(sector=sector)
    AssignmentFactory(sector=sector, attached=True)
    return sector


@pytest.fixture
def in_force(manned):
    """Put the sectors of the test into force beside `manned`."""

    def put(*sectors):
        division_of(manned, *sectors)
        return sectors

    return put


@pytest.fixture
def as_head(client, manned):
    client.force_login(head_of(manned.station))
    return client


def beside(manned, **names):
    return SectorFactory(district=manned.district, **names)


def index(client):
    return client.get(reverse("admin:index"))


def filtered(client, **query):
    answer = client.get(reverse("admin:sectors_sector_changelist"), query)
    return list(answer.context["cl"].queryset)


def test_where_nothing_is_open_nothing_is_said(as_head, in_force):
    in_force()
    answer = index(as_head)
    assert not answer.context["attention"]
    assert answer.context["attention_lists"] == []


def test_a_vacant_sector_leads_to_the_appointment(as_head, manned, in_force):
    [vacant] = in_force(beside(manned))
    content = index(as_head).content.decode()
    url = f"{reverse('admin:officers_assignment_add')}?sector={vacant.pk}&amp;role=responsible"
    assert url in content


def leaving(sector, days=30):
    AssignmentFactory(sector=sector, attached=True)
    return AssignmentFactory(
        sector=sector, officer__name="Leaving", period=DateTimeTZRange(in_days(-9), in_days(days))
    )


def test_a_departure_without_successor_leads_to_the_replacement(as_head, manned, in_force):
    [sector] = in_force(beside(manned))
    departure = leaving(sector)
    answer = index(as_head)
    assert answer.context["attention"].departures == (departure,)
    url = reverse("admin:sectors_sector_replace", args=[sector.pk])
    assert url in answer.content.decode()
    assert filtered(as_head, departure="yes") == [sector]
    form = as_head.get(url).context["form"]
    assert form["at"].initial == departure.period.upper.replace(microsecond=0)


@pytest.mark.parametrize("reason", ["late", "succeeded", "withdrawn"])
def test_other_departures_need_no_attention(as_head, manned, in_force, reason):
    [sector] = in_force(beside(manned))
    departure = leaving(sector, 90 if reason == "late" else 30)
    after = DateTimeTZRange(departure.period.upper, None)
    if reason == "succeeded":
        AssignmentFactory(sector=sector, period=after)
    if reason == "withdrawn":
        AssignmentFactory(sector=sector, period=after, withdrawn_at=timezone.now())
    found = index(as_head).context["attention"].departures
    assert found == ((departure,) if reason == "withdrawn" else ())


def test_an_absence_without_cover_leads_to_arranging_it(as_head, manned, in_force):
    in_force()
    absence = AbsenceFactory(officer=manned.assignments.get(role=Assignment.Role.RESPONSIBLE).officer)
    content = index(as_head).content.decode()
    url = f"{reverse('admin:officers_cover_add')}?absence={absence.pk}&amp;sector={manned.pk}"
    assert url in content
    assert as_head.get(url.replace("&amp;", "&")).status_code == 200
    assert filtered(as_head, uncovered="yes") == [manned]
    CoverFactory(absence=absence, sector=manned, period=DateTimeTZRange(in_days(0.01), absence.period.upper))
    [gap] = index(as_head).context["attention"].gaps
    assert gap.ends < in_days(1)


def test_too_few_officers_are_counted_against_what_was_decided(as_head, manned, in_force):
    [sector] = in_force(beside(manned))
    AssignmentFactory(sector=sector)
    [few] = index(as_head).context["attention"].below_manning
    assert (few.sector, few.actual, few.required) == (sector, 1, 2)
    assert filtered(as_head, manning="below") == [sector]
    basis(manned, required=3)
    assert {few.sector for few in index(as_head).context["attention"].below_manning} == {sector, manned}


def basis(sector, required=None, days=-1):
    figures = dict.fromkeys(("reported_crimes", "exposed_residents", "special_places", "inhabitants"), 10)
    day = timezone.localdate() + datetime.timedelta(days=days)
    return ManningBasis.objects.create(
        sector=sector, holds_from=day, reason="A new housing area", required=required, **figures
    )


def test_manning_that_nobody_decided_leads_to_the_decision(as_head, manned, in_force):
    in_force()
    undecided = basis(manned)
    answer = index(as_head)
    assert answer.context["attention"].undecided == (undecided,)
    assert reverse("admin:sectors_manningbasis_change", args=[undecided.pk]) in answer.content.decode()
    basis(manned, required=2, days=0)
    assert index(as_head).context["attention"].undecided == ()


def test_nothing_of_another_station_is_there(as_head, manned, in_force):
    in_force()
    foreign = SectorFactory(name="Theirs")
    division_of(foreign)
    leaving(foreign)
    basis(foreign)
    assert not index(as_head).context["attention"]
    for query in ({"departure": "yes"}, {"uncovered": "yes"}, {"manning": "below"}, {"vacant": "yes"}):
        assert foreign not in filtered(as_head, **query)


def test_a_district_head_sees_the_own_district_and_no_acts(client, manned, in_force):
    other = SectorFactory(district__station=manned.station)
    vacant, _other = in_force(beside(manned), other)
    client.force_login(head_of_district(manned.district))
    answer = index(client)
    assert answer.context["attention"].vacant == (vacant,)
    content = answer.content.decode()
    assert "assignment/add/" not in content
    assert reverse("admin:sectors_sector_change", args=[vacant.pk]) in content


@pytest.mark.parametrize("who", ["administrator", "reviewer", "analyst"])
def test_who_heads_nothing_has_no_such_lists(client, manned, in_force, who):
    in_force(beside(manned))
    users = {
        "administrator": administrator,
        "reviewer": lambda: StaffRoleFactory(reviewer=True).user,
        "analyst": lambda: StaffRoleFactory(analyst=True, station=manned.station).user,
    }
    client.force_login(users[who]())
    answer = index(client)
    assert answer.status_code == 200
    assert "attention" not in answer.context


def test_more_sectors_cost_no_more_queries(as_head, manned, in_force, django_assert_max_num_queries):
    in_force(*SectorFactory.create_batch(15, district=manned.district))
    index(as_head)
    with django_assert_max_num_queries(22):
        index(as_head)
