"""Manning in the admin: enter figures, see the proposal, decide; what is decided stays."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from officers.models import User
from sectors.models import ManningBasis, ManningNorm
from tests.factories import (
    AssignmentFactory,
    ManningBasisFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def as_head(client, sector):
    client.force_login(head_of(sector.station))
    return client


def page(model, name, *args) -> str:
    return reverse(f"admin:sectors_{model._meta.model_name}_{name}", args=args)


def figures(sector, **changed) -> dict:
    return {
        "sector": sector.pk,
        "holds_from": "2026-03-01",
        "reported_crimes": 1600,
        "exposed_residents": 4000,
        "special_places": 16,
        "inhabitants": 12000,
        "reason": "A new housing estate",
        "required": "",
        **changed,
    }


def test_figures_lead_to_a_proposal_that_decides_nothing(as_head, sector):
    response = as_head.post(page(ManningBasis, "add"), figures(sector), follow=True)
    basis = ManningBasis.objects.get()
    assert basis.required is None
    assert response.redirect_chain[-1][0] == page(ManningBasis, "change", basis.pk)
    assert (response.context["proposal"].officers, response.context["before"]) == (3, 2)
    text = response.content.decode()
    assert "Mean of the four" in text
    assert "2.50" in text


def test_head_decides_later_and_may_differ_from_the_proposal(as_head, sector):
    basis = ManningBasisFactory(sector=sector)
    as_head.post(page(ManningBasis, "change", basis.pk), figures(sector, required=5))
    basis.refresh_from_db()
    assert (basis.required, basis.inhabitants) == (5, 12000)
    assert sector.station.leaderships.get().user == basis.decided_by
    assert basis.decided_at is not None


def test_head_decides_at_once(as_head, sector):
    as_head.post(page(ManningBasis, "add"), figures(sector, required=3))
    assert ManningBasis.objects.get().required == 3


def test_decided_row_is_looked_at_only(as_head, sector):
    basis = ManningBasisFactory(sector=sector, required=3)
    text = as_head.get(page(ManningBasis, "change", basis.pk)).content.decode()
    assert 'name="required"' not in text
    assert "The number is decided" in text
    assert (
        as_head.post(page(ManningBasis, "change", basis.pk), figures(sector, required=9)).status_code == 404
    )
    basis.refresh_from_db()
    assert basis.required == 3


def test_nothing_is_deleted(as_head, sector):
    basis = ManningBasisFactory(sector=sector)
    for method in (as_head.get, as_head.post):
        assert method(page(ManningBasis, "delete", basis.pk)).status_code == 404
    assert ManningBasis.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"required": 1}, "greater than or equal to 2"),
        ({"reason": ""}, "This field is required"),
        ({"inhabitants": -1}, "greater than or equal to 0"),
        ({"inhabitants": 10**12}, "less than or equal to"),
        ({"holds_from": "1026-03-01"}, "Check the year"),
        ({"holds_from": "2099-03-01"}, "Check the year"),
        ({"holds_from": "someday"}, "Enter a valid date"),
    ],
)
def test_impossible_figures_are_refused_with_a_sentence(as_head, sector, changed, sentence):
    response = as_head.post(page(ManningBasis, "add"), figures(sector, **changed))
    assert sentence in response.content.decode()
    assert not ManningBasis.objects.exists()


def test_second_basis_from_the_same_day_is_refused(as_head, sector):
    ManningBasisFactory(sector=sector, holds_from=datetime.date(2026, 3, 1))
    response = as_head.post(page(ManningBasis, "add"), figures(sector))
    assert "has a manning basis from this day already" in response.content.decode()


def test_foreign_sector_is_no_choice(as_head):
    foreign = SectorFactory()
    assert str(foreign) not in as_head.get(page(ManningBasis, "add")).content.decode()
    as_head.post(page(ManningBasis, "add"), figures(foreign))
    assert not ManningBasis.objects.exists()


def test_foreign_basis_does_not_exist(as_head):
    foreign = ManningBasisFactory()
    for method in (as_head.get, as_head.post):
        assert method(page(ManningBasis, "change", foreign.pk)).status_code == 404
    assert foreign.reason not in as_head.get(page(ManningBasis, "changelist")).content.decode()


def test_head_of_the_district_reads(client, sector):
    basis = ManningBasisFactory(sector=sector)
    neighbour = ManningBasisFactory(sector__station=sector.station, sector__name="Next district")
    client.force_login(head_of_district(sector.district))
    text = client.get(page(ManningBasis, "changelist")).content.decode()
    assert str(sector) in text
    assert "Next district" not in text
    assert client.get(page(ManningBasis, "change", basis.pk)).status_code == 200
    assert client.get(page(ManningBasis, "change", neighbour.pk)).status_code == 404
    assert client.get(page(ManningBasis, "add")).status_code == 404
    assert client.post(page(ManningBasis, "change", basis.pk), figures(sector)).status_code == 404


def responsible_of(sector) -> User:
    return AssignmentFactory(sector=sector, officer__user=UserFactory()).officer.user


def analyst_of(sector) -> User:
    return StaffRoleFactory(analyst=True, station=sector.station).user


@pytest.mark.parametrize("who", [responsible_of, analyst_of])
def test_figures_are_the_heads_business(client, sector, who):
    basis = ManningBasisFactory(sector=sector)
    client.force_login(who(sector))
    assert client.get(page(ManningBasis, "change", basis.pk)).status_code in (302, 404)
    assert client.get(page(ManningBasis, "changelist")).status_code in (302, 404)


def test_head_who_works_in_a_foreign_sector_does_not_see_its_figures(client, sector):
    head, foreign = head_of(sector.station), ManningBasisFactory()
    AssignmentFactory(sector=foreign.sector, officer__user=head)
    client.force_login(head)
    assert client.get(page(ManningBasis, "change", foreign.pk)).status_code == 404


def test_figures_to_be_decided_are_found(as_head, sector):
    ManningBasisFactory(sector=sector, required=2, holds_from=timezone.localdate())
    undecided = ManningBasisFactory(sector=sector)
    found = as_head.get(page(ManningBasis, "changelist"), {"decided": "no"}).context["cl"].result_list
    assert list(found) == [undecided]


def test_list_is_bounded_in_queries(as_head, sector, django_assert_max_num_queries):
    for days in range(20):
        ManningBasisFactory(sector=sector, holds_from=datetime.date(2026, 1, 1 + days))
    with django_assert_max_num_queries(16):
        as_head.get(page(ManningBasis, "changelist"))


def test_station_sets_its_own_norm_once(as_head, sector):
    values = {
        "station": sector.station_id,
        "reported_crimes": 100,
        "exposed_residents": 2000,
        "special_places": 8,
        "inhabitants": 6000,
    }
    assert as_head.post(page(ManningNorm, "add"), values).status_code == 302
    norm = ManningNorm.objects.get()
    assert as_head.get(page(ManningNorm, "add")).status_code == 404
    as_head.post(page(ManningNorm, "change", norm.pk), values | {"inhabitants": 0})
    norm.refresh_from_db()
    assert norm.inhabitants == 6000


def test_foreign_norm_does_not_exist(as_head):
    foreign = ManningNorm.objects.create(station=SectorFactory().station)
    for method in (as_head.get, as_head.post):
        assert method(page(ManningNorm, "change", foreign.pk)).status_code == 404
