"""The menu in the staff's header: the daily work at once, the rest below "More"."""

import pytest

from tests.factories import (
    AssignmentFactory,
    LiaisonFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    StationFactory,
    UserFactory,
    head_of,
)

pytestmark = pytest.mark.django_db


def menu_on(client, address):
    menu = client.get(address).context["menu"]
    return [entry.name for entry in menu.first], [entry.name for entry in menu.more], menu


def test_an_officer_finds_the_daily_work_at_once_and_the_rest_below_more(client):
    sector = SectorFactory()
    officer = OfficerFactory(station=sector.station, user=UserFactory())
    AssignmentFactory(officer=officer, sector=sector)
    client.force_login(officer.user)
    first, more, menu = menu_on(client, "/inbox/")
    assert first == ["My sectors", "Messages", "Handbook"]
    assert more == ["My account", "Log out"]
    assert [entry.name for entry in menu.first if entry.is_current] == ["Messages"]
    assert not menu.is_in_more


def test_a_heads_menu_has_no_more_than_three_entries_at_once(client):
    client.force_login(head_of(StationFactory()))
    first, more, menu = menu_on(client, "/inbox/")
    assert first == ["Overview", "Messages", "Sector log"]
    assert more[-2:] == ["My account", "Log out"]
    assert not menu.is_in_more
    assert menu_on(client, "/account/text-messages/")[2].is_in_more


def test_the_handbook_is_offered_to_who_works_in_a_station_and_not_to_who_only_administers(client):
    readers = [LiaisonFactory().user, StaffRoleFactory(role="reviewer", station=None).user]
    readers += [StaffRoleFactory(role=role, station=StationFactory()).user for role in ("analyst", "editor")]
    for user in readers:
        client.force_login(user)
        first, more, _menu = menu_on(client, "/account/text-messages/")
        assert "Handbook" in [*first, *more]
    client.force_login(StaffRoleFactory(role="administrator", station=None).user)
    first, more, _menu = menu_on(client, "/account/text-messages/")
    assert "Handbook" not in [*first, *more]


def test_who_has_three_entries_in_all_finds_them_at_once(client):
    client.force_login(UserFactory())
    assert menu_on(client, "/account/text-messages/")[:2] == (["My account", "Log out"], [])
