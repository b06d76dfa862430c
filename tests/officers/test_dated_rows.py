"""What the database itself refuses of dated rows, whoever asks: bulk updates and raw SQL included."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from officers.models import Absence, Assignment, Cover, Leadership, Liaison, StaffRole
from sectors.models import ManningBasis
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    DistrictFactory,
    LeadershipFactory,
    LiaisonFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    between,
    since,
)

pytestmark = pytest.mark.django_db

FACTORIES = [
    AbsenceFactory,
    CoverFactory,
    LeadershipFactory,
    LiaisonFactory,
    StaffRoleFactory,
    AssignmentFactory,
]
OTHER = {
    AbsenceFactory: lambda: {"officer": OfficerFactory()},
    CoverFactory: lambda: {"sector": SectorFactory()},
    LeadershipFactory: lambda: {"user": UserFactory()},
    LiaisonFactory: lambda: {"user": UserFactory()},
    StaffRoleFactory: lambda: {"user": UserFactory()},
    AssignmentFactory: lambda: {"officer": OfficerFactory()},
}


def during(factory, period):
    """Make a row that holds for the period; a cover needs an absence for it."""
    if factory is CoverFactory:
        return factory(absence=AbsenceFactory(period=period))
    return factory(period=period)


def refuses(act) -> str:
    """Return the name of the constraint that refused the act."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return refusal.value.__cause__.diag.constraint_name


@pytest.mark.parametrize("factory", FACTORIES)
def test_what_has_begun_keeps_what_it_says(factory):
    row = factory()
    rows = type(row).objects.filter(pk=row.pk)
    name = f"{row._meta.model_name}_past_stays"
    assert refuses(lambda: rows.update(**OTHER[factory]())) == name
    assert refuses(lambda: rows.update(period=between(days=(-3, 1)))) == name
    assert refuses(lambda: rows.update(withdrawn_at=timezone.now())) != ""
    assert refuses(rows.delete) == name


@pytest.mark.parametrize("factory", FACTORIES)
def test_what_is_over_does_not_change(factory):
    row = during(factory, between(days=(-9, -2)))
    rows = type(row).objects.filter(pk=row.pk)
    longer = type(row.period)(row.period.lower, timezone.now())
    assert refuses(lambda: rows.update(period=longer)) == f"{row._meta.model_name}_past_stays"


@pytest.mark.parametrize("factory", FACTORIES)
def test_what_is_in_force_ends_now_or_later_but_not_earlier(factory):
    row = during(factory, between(days=(-9, 2)))
    rows = type(row).objects.filter(pk=row.pk)
    earlier = type(row.period)(row.period.lower, between(days=(-1, 1)).lower)
    assert refuses(lambda: rows.update(period=earlier)) == f"{row._meta.model_name}_past_stays"
    assert rows.update(period=type(row.period)(row.period.lower, timezone.now())) == 1


@pytest.mark.parametrize("factory", FACTORIES)
def test_what_is_planned_begins_now_or_later_but_is_not_moved_into_the_past(factory):
    row = during(factory, between(days=(5, 9)))
    rows = type(row).objects.filter(pk=row.pk)
    earlier = type(row.period)(between(days=(-1, 1)).lower, row.period.upper)
    assert refuses(lambda: rows.update(period=earlier)) == f"{row._meta.model_name}_past_stays"
    if factory is not CoverFactory:
        assert rows.update(period=type(row.period)(timezone.now(), row.period.upper)) == 1


@pytest.mark.parametrize("factory", [f for f in FACTORIES if f is not AssignmentFactory])
def test_the_same_twice_at_a_time_is_refused(factory):
    row = during(factory, between(days=(1, 9)))
    again = {
        field.name: getattr(row, field.name)
        for field in row._meta.fields
        if field.name not in ("id", "created_at", "period")
    }
    if factory is CoverFactory:
        again["officer"] = OfficerFactory()
    assert refuses(lambda: type(row).objects.create(**again, period=between(days=(2, 3))))
    type(row).objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    if factory is not CoverFactory:
        type(row).objects.create(**again, period=between(days=(2, 3)))


def test_a_cover_lies_within_the_absence():
    absence = AbsenceFactory(period=between(days=(1, 9)))
    assert (
        refuses(lambda: CoverFactory(absence=absence, period=between(days=(8, 10)))) == "cover_within_absence"
    )
    cover = CoverFactory(absence=absence)
    shorter = Absence.objects.filter(pk=absence.pk)
    assert refuses(lambda: shorter.update(period=between(days=(1, 5)))) == "cover_within_absence"
    assert refuses(lambda: shorter.update(withdrawn_at=timezone.now())) == "cover_within_absence"
    Cover.objects.filter(pk=cover.pk).update(withdrawn_at=timezone.now())
    assert shorter.update(withdrawn_at=timezone.now()) == 1
    assert refuses(lambda: CoverFactory(absence=absence, period=absence.period)) == "cover_within_absence"


def test_nobody_covers_for_themselves():
    absence = AbsenceFactory()
    assert refuses(lambda: CoverFactory(absence=absence, officer=absence.officer)) == "cover_by_another"


def test_who_is_away_does_not_cover():
    away = AbsenceFactory(period=between(days=(2, 3)))
    absence = AbsenceFactory(period=between(days=(1, 9)))
    refused = refuses(lambda: CoverFactory(absence=absence, officer=away.officer))
    assert refused == "cover_by_somebody_present"
    CoverFactory(absence=absence, officer=away.officer, period=between(days=(4, 8)))


def test_a_cover_is_of_a_sector_that_the_absent_officer_answers_for():
    post = AssignmentFactory(period=between(days=(0, 5)))
    absence = AbsenceFactory(officer=post.officer, period=between(days=(1, 9)))
    others = AssignmentFactory(attached=True, officer=post.officer).sector
    for sector, days in ((SectorFactory(), (2, 8)), (others, (2, 8)), (post.sector, (6, 8))):
        values = {"sector": sector, "officer": OfficerFactory(), "period": between(days=days)}
        refused = refuses(lambda values=values: Cover.objects.create(absence=absence, **values))
        assert refused == "cover_of_own_sector"
    cover = CoverFactory(absence=absence, sector=post.sector)
    moved = Cover.objects.filter(pk=cover.pk)
    assert refuses(lambda: moved.update(sector=SectorFactory())) == "cover_of_own_sector"


def test_a_cover_ends_though_the_appointment_has_ended_before():
    cover = CoverFactory(absence__period=between(days=(1, 9)))
    Assignment.objects.filter(sector=cover.sector).update(withdrawn_at=timezone.now())
    covers = Cover.objects.filter(pk=cover.pk)
    assert covers.update(period=between(days=(2, 5))) == 1
    assert covers.update(withdrawn_at=timezone.now()) == 1


def test_a_district_is_headed_from_its_own_station():
    district = DistrictFactory()
    refused = refuses(lambda: LeadershipFactory(district=district))
    assert refused == "leadership_of_own_district"
    row = LeadershipFactory(station=district.station, district=district, period=between(days=(1, 9)))
    rows = Leadership.objects.filter(pk=row.pk)
    assert refuses(lambda: rows.update(district=DistrictFactory())) == "leadership_of_own_district"


def test_a_sector_has_one_stand_in_who_is_attached():
    sector = SectorFactory()
    AssignmentFactory(attached=True, sector=sector, is_stand_in=True)
    refused = refuses(lambda: AssignmentFactory(attached=True, sector=sector, is_stand_in=True))
    assert refused == "assignment_one_stand_in_per_sector"
    assert refuses(lambda: AssignmentFactory(is_stand_in=True)) == "assignment_stand_in_is_attached"


def test_roles_have_the_reach_that_fits_them():
    assert refuses(lambda: StaffRoleFactory(role=StaffRole.Role.EDITOR)) == "staffrole_station_fits"
    refused = refuses(lambda: StaffRoleFactory(station=SectorFactory().station))
    assert refused == "staffrole_station_fits"


def test_raw_sql_meets_the_same_guards():
    for model in (Leadership, Liaison):
        row = {Leadership: LeadershipFactory, Liaison: LiaisonFactory}[model](period=since(days=2))
        with connection.cursor() as cursor:
            assert refuses(
                lambda cursor=cursor, row=row: cursor.execute(
                    f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk]
                )
            )


def test_a_decided_manning_basis_stays():
    figures = {"reported_crimes": 1, "exposed_residents": 1, "special_places": 1, "inhabitants": 1}
    basis = ManningBasis.objects.create(
        sector=SectorFactory(), holds_from="2026-01-01", reason="Census", **figures
    )
    rows = ManningBasis.objects.filter(pk=basis.pk)
    assert rows.update(inhabitants=2) == 1
    assert refuses(lambda: rows.update(required=1)) == "manningbasis_at_least_two"
    assert rows.update(required=2) == 1
    assert refuses(lambda: rows.update(required=3)) == "manningbasis_decided_stays"
    assert refuses(rows.delete) == "manningbasis_decided_stays"
