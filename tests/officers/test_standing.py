"""What an account is at an instant, and what follows from it."""

import datetime

import pytest

from officers.models import User
from officers.rights import TABLE
from officers.standing import NOBODY, Standing, standing_of
from tests.access import world
from tests.access.world import LETTERS
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    CoverFactory,
    OfficerFactory,
    SectorFactory,
    UserFactory,
    administrator,
    between,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stations():
    return world.build()


@pytest.mark.parametrize("letter", LETTERS)
def test_each_dated_row_gives_its_letter_while_it_holds(letter, stations):
    assert stations.accounts[letter, "now"].standing.letters == {letter}
    assert stations.accounts[letter, "ended"].standing.letters == set()
    assert stations.accounts[letter, "future"].standing.letters == set()


def test_rights_begin_and_end_at_the_instant():
    sector = SectorFactory()
    term = AssignmentFactory(officer__user=UserFactory(), sector=sector, period=between(hours=(-1, 1)))
    user, moment = term.officer.user, datetime.timedelta(microseconds=1)
    begins, ends = term.period.lower, term.period.upper
    assert standing_of(user, begins - moment) == NOBODY
    assert standing_of(user, begins).responsible == {sector.pk}
    assert standing_of(user, ends - moment).responsible == {sector.pk}
    assert standing_of(user, ends) == NOBODY


def test_a_cover_who_is_away_has_no_rights_in_the_sector():
    cover = CoverFactory(officer__user=UserFactory())
    assert cover.officer.user.standing.covering == {cover.sector.pk}
    AbsenceFactory(officer=cover.officer)
    assert standing_of(cover.officer.user).covering == set()


def test_an_account_that_is_switched_off_is_nobody():
    head = head_of(SectorFactory().station)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert standing_of(User.objects.get(pk=head.pk)) == NOBODY


def test_a_standing_costs_one_query(django_assert_num_queries):
    head = User.objects.get(pk=head_of(SectorFactory().station).pk)
    with django_assert_num_queries(1):
        assert head.standing.stations
        assert head.standing.stations


def test_an_account_in_several_places_has_each_right_in_its_place():
    home, away = SectorFactory(), SectorFactory()
    head = head_of(home.station)
    AssignmentFactory(attached=True, officer=OfficerFactory(user=head, station=away.station), sector=away)
    head = User.objects.get(pk=head.pk)
    assert head.has_perm("sectors.change_sector", home)
    assert not head.has_perm("sectors.change_sector", away)
    assert head.standing.home == {home.station_id, away.station_id}


def test_a_district_head_reads_the_own_district_alone():
    sector = SectorFactory()
    neighbour = SectorFactory(district__station=sector.station)
    head = head_of_district(sector.district)
    assert head.has_perm("sectors.view_sector", sector)
    assert not head.has_perm("sectors.view_sector", neighbour)
    assert not head.has_perm("sectors.change_sector", sector)


def test_the_administrator_sees_accounts_and_no_content():
    sector = SectorFactory()
    admin = administrator()
    assert admin.has_perm("officers.view_user", admin)
    assert not admin.has_perm("sectors.view_sector", sector)
    assert not admin.has_perm("officers.view_assignment", AssignmentFactory(sector=sector))
    assert not admin.has_perm("officers.view_officer", OfficerFactory())


def test_nobody_deletes_what_is_dated():
    dated = {"assignment", "leadership", "absence", "cover", "staffrole", "liaison", "user", "station"}
    granted = {permission for permissions in TABLE.values() for permission in permissions}
    assert not {f"officers.delete_{model}" for model in dated} & granted


def test_a_standing_is_told_by_its_letters():
    everything = Standing(stations=frozenset({1}), covering=frozenset({2}), roles=frozenset({("editor", 1)}))
    assert everything.letters == {"S", "C", "H"}
    assert everything.sectors == {2}
