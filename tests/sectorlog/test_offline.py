import pytest
from django.test import Client

from sectorlog.entries.writing import draft_owner
from sectorlog.models import LogEntry
from tests.factories import AssignmentFactory, FormVersionFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db

STATE = "/log/entries/state/"


@pytest.fixture
def officer():
    return OfficerFactory(user=UserFactory())


def test_the_state_names_the_account_by_its_token_alone(client, officer):
    client.force_login(officer.user)
    response = client.get(STATE)
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    answer = response.json()
    assert answer["account"] == draft_owner(officer.user)
    assert officer.user.email not in response.content.decode()


def test_the_token_of_the_state_lets_an_entry_in(officer):
    sector = AssignmentFactory(officer=officer, sector__district__station=officer.station).sector
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer.user)
    uuid = "2d4f4f9e-6a52-4b21-9be5-1d1a1c5b3f10"
    version = FormVersionFactory(template__station=officer.station).pk
    posted = {"uuid": uuid, "sector": sector.slug, "form": version, "text": "Once."}
    headers = {"Accept": "application/json"}
    assert browser.post("/log/entries/new/", posted, headers=headers).status_code == 403
    headers["X-CSRFToken"] = browser.get(STATE).json()["csrf"]
    first = browser.post("/log/entries/new/", posted, headers=headers)
    assert (first.status_code, first.json()["uuid"]) == (201, uuid)
    assert browser.post("/log/entries/new/", posted, headers=headers).status_code == 200
    assert LogEntry.objects.count() == 1


def test_without_a_login_the_state_leads_to_the_login(client):
    assert client.get(STATE)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_the_worker_stands_below_the_log_and_is_asked_for_anew(client, prefix):
    response = client.get(f"{prefix}/log/worker.js")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert "Cookie" not in response.get("Vary", "")
    assert b"respondWith" in response.content


def test_every_page_of_the_log_shows_what_waits_of_this_account_alone(client, officer):
    sector = AssignmentFactory(officer=officer, sector__district__station=officer.station).sector
    client.force_login(officer.user)
    for path in ("/log/", f"/log/sectors/{sector.slug}/", "/log/entries/new/"):
        page = client.get(path).content.decode()
        assert f'data-account="{draft_owner(officer.user)}"' in page


def test_the_logout_page_warns_whoever_is_logged_in(client, officer):
    assert "data-leaving" not in client.get("/account/logout/", follow=True).content.decode()
    client.force_login(officer.user)
    assert "data-leaving" in client.get("/account/logout/").content.decode()


def test_two_accounts_have_two_tokens():
    assert draft_owner(UserFactory()) != draft_owner(UserFactory())
