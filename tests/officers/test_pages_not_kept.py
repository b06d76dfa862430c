"""Pages behind the login are kept by no browser; public ones are as they were."""

import pytest

from tests.factories import AssignmentFactory, OfficerFactory, PartyFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGES = (
    "/account/",
    "/account/password/change/",
    "/log/",
    "/log/sectors/{slug}/",
    "/log/sectors/{slug}/parties/",
    "/log/parties/{party}/",
    "/log/entries/new/",
    "/da/log/entries/new/",
)


@pytest.fixture
def place(client):
    """Return what the addresses name; the client is logged in as the sector's officer."""
    officer = OfficerFactory(user=UserFactory())
    sector = AssignmentFactory(officer=officer, sector__district__station=officer.station).sector
    client.force_login(officer.user)
    return {"slug": sector.slug, "party": PartyFactory(sector=sector).uuid}


@pytest.mark.parametrize("path", PAGES)
def test_no_browser_keeps_a_page_behind_the_login(client, place, path):
    response = client.get(path.format(**place))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_what_was_not_found_behind_the_login_is_not_kept_either(client, place):
    response = client.get("/log/sectors/nowhere/")
    assert (response.status_code, response["Cache-Control"]) == (404, "no-store, private")


def test_the_way_to_the_login_is_not_kept(client):
    response = client.get("/log/")
    assert (response.status_code, response["Cache-Control"]) == (302, "no-store, private")


def test_a_public_page_says_itself_how_long_it_is_kept(client, place):
    assert "no-store" not in client.get("/")["Cache-Control"]
    assert client.get("/log/worker.js")["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_the_logout_clears_what_the_browser_kept(client, place, prefix):
    response = client.post(f"{prefix}/account/logout/", secure=True)
    assert response["Clear-Site-Data"] == '"cache"'
    assert "no-store" in response["Cache-Control"]


def test_nothing_is_cleared_where_nobody_logs_out(client, place):
    assert "Clear-Site-Data" not in client.get("/account/logout/", secure=True)
    assert "Clear-Site-Data" not in client.post("/account/logout/")
