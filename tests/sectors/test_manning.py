"""The sum that leads to a proposal, and the decision that ends a basis."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from sectors.manning import AlreadyDecided, decide, proposal_for, required_on
from sectors.models import ManningBasis, ManningNorm
from tests.factories import ManningBasisFactory, SectorFactory, head_of

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 1)


def test_sum_is_shown_line_by_line_and_leads_to_the_proposal():
    basis = ManningBasisFactory(
        reported_crimes=1600, exposed_residents=4000, special_places=16, inhabitants=12000
    )
    ManningNorm.objects.create(station=basis.sector.station, reported_crimes=400)
    proposal = proposal_for(basis)
    assert [(line.figure, line.per_officer) for line in proposal.lines] == [
        (1600, 400),
        (4000, 2000),
        (16, 8),
        (12000, 6000),
    ]
    assert proposal.mean == 2.5
    assert (proposal.officers, proposal.is_least) == (3, False)


def test_small_sector_still_gets_two():
    basis = ManningBasisFactory(reported_crimes=0, exposed_residents=0, special_places=0, inhabitants=100)
    proposal = proposal_for(basis)
    assert (proposal.officers, proposal.is_least) == (2, True)


def test_station_with_another_norm_gets_another_proposal():
    basis = ManningBasisFactory(inhabitants=60000)
    before = proposal_for(basis).officers
    ManningNorm.objects.create(station=basis.sector.station, inhabitants=2000)
    basis.sector.station.refresh_from_db()
    assert proposal_for(basis).officers > before


def test_required_is_what_was_decided_last_and_two_before_any_decision():
    sector, other = SectorFactory(), SectorFactory()
    ManningBasisFactory(sector=sector, holds_from=DAY, required=3)
    ManningBasisFactory(sector=sector, holds_from=DAY + datetime.timedelta(days=10), required=5)
    ManningBasisFactory(sector=sector, holds_from=DAY + datetime.timedelta(days=20))

    def on(days):
        return required_on([sector, other], DAY + datetime.timedelta(days=days))

    assert on(-1) == {sector.pk: 2, other.pk: 2}
    assert on(0) == {sector.pk: 3, other.pk: 2}
    assert on(10)[sector.pk] == on(25)[sector.pk] == 5


def test_required_of_many_sectors_is_one_query(django_assert_num_queries):
    sectors = [SectorFactory() for _ in range(3)]
    with django_assert_num_queries(1):
        required_on(sectors, DAY)


def test_decision_says_who_and_when():
    basis = ManningBasisFactory()
    head = head_of(basis.sector.station)
    decide(basis, 4, by=head)
    basis.refresh_from_db()
    assert (basis.required, basis.decided_by) == (4, head)
    assert basis.decided_at is not None


def test_second_decision_is_refused():
    basis = ManningBasisFactory()
    stale = ManningBasis.objects.get(pk=basis.pk)
    head = head_of(basis.sector.station)
    decide(basis, 4, by=head)
    with pytest.raises(AlreadyDecided):
        decide(stale, 3, by=head)
    assert ManningBasis.objects.get(pk=basis.pk).required == 4


def test_database_keeps_what_was_decided():
    basis = ManningBasisFactory(required=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManningBasis.objects.filter(pk=basis.pk).update(inhabitants=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManningBasis.objects.filter(pk=basis.pk).delete()
