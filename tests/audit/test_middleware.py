"""Pages behind the login: in whose name, in one transaction, and never shown without being logged."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Change, ReadEntry
from audit.triggers import watch
from sectors.models import District
from tests.factories import StationFactory, UserFactory

from .conftest import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def user(client):
    account = UserFactory()
    client.force_login(account)
    return account


@pytest.fixture
def watched_stations(db):
    """Stations under the test's own watch, whether or not a migration watches them as well."""
    run("DROP TRIGGER IF EXISTS audit_record_change ON sectors_station")
    run("DROP TRIGGER IF EXISTS audit_record_change_truncate ON sectors_station")
    run(watch("sectors_station", subject="sectors.station").sql)
    return [StationFactory(), StationFactory()]


def break_the_log():
    """No entry can be written from now on, as when the disk is full."""
    run("ALTER TABLE audit_readentry ADD CONSTRAINT audit_test_full CHECK (false) NOT VALID")


def test_listed_objects_stand_in_the_log_in_one_entry(client, user):
    stations = [StationFactory(), StationFactory()]
    assert client.get("/page/?q=secret+name").content == b"stations"
    (entry,) = ReadEntry.objects.all()
    assert (entry.actor_id, entry.actor) == (user.pk, user.email)
    assert (entry.verb, entry.subject, entry.path) == ("listed", "sectors.station", "/page/")
    assert entry.keys == [f"sectors.station:{station.pk}" for station in stations]
    assert entry.request_id is not None


def test_empty_list_is_logged_too(client, user):
    client.get("/page/")
    (entry,) = ReadEntry.objects.all()
    assert (entry.subject, entry.keys) == ("sectors.station", [])


def test_logging_costs_one_statement(client, user):
    StationFactory()
    client.get("/page/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/page/")
    written = [query["sql"] for query in queries if "audit_" in query["sql"]]
    assert len(written) == 1
    assert not any("SAVEPOINT" in query["sql"] for query in queries)


def test_page_whose_read_cannot_be_logged_is_not_shown(client, user):
    StationFactory()
    break_the_log()
    answer = client.get("/page/")
    assert answer.status_code == 503
    assert b"stations" not in answer.content
    assert "This cannot be shown at the moment" in answer.content.decode()
    assert answer["Retry-After"]


def test_change_whose_read_cannot_be_logged_is_not_made(client, user):
    station = StationFactory(phone="+45 00 00 10 00")
    break_the_log()
    assert client.post("/change/?shown").status_code == 503
    station.refresh_from_db()
    assert station.phone == "+45 00 00 10 00"


def test_change_is_made_in_the_accounts_name(client, user, watched_stations):
    assert client.post("/change/").status_code == 200
    changes = list(Change.objects.filter(operation="U", subject="sectors.station"))
    assert [one.key for one in changes] == [str(station.pk) for station in watched_stations]
    assert {(one.actor_id, one.actor, one.path, one.purpose) for one in changes} == {
        (user.pk, user.email, "/change/", "case 42")
    }
    assert len({one.request_id for one in changes}) == 1
    assert Change.objects.filter(operation="I", subject="sectors.station").first().actor == "system"


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500, 503])
def test_refused_request_changes_nothing(client, user, watched_stations, status):
    client.raise_request_exception = False
    assert client.post(f"/change/?status={status}").status_code == status
    watched_stations[0].refresh_from_db()
    assert watched_stations[0].phone == "+45 00 00 10 00"
    assert not Change.objects.filter(operation="U", subject="sectors.station").exists()


def test_page_that_fails_while_it_is_rendered_changes_nothing(client, user, watched_stations):
    client.raise_request_exception = False
    assert client.post("/broken-template/").status_code == 500
    watched_stations[0].refresh_from_db()
    assert watched_stations[0].phone == "+45 00 00 10 00"


@pytest.mark.parametrize(("status", "entries"), [(302, 0), (409, 1), (422, 1), (404, 0), (500, 0)])
def test_only_what_the_answer_shows_is_logged(client, user, watched_stations, status, entries):
    client.raise_request_exception = False
    client.post(f"/change/?shown&status={status}")
    assert ReadEntry.objects.count() == entries


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_that_does_not_say_what_it_shows_is_an_error(client, user, method):
    with pytest.raises(ImproperlyConfigured, match="/silent/"):
        getattr(client, method)("/silent/")


def test_page_that_does_not_say_what_it_shows_is_logged_as_a_whole_in_production(client, user, settings):
    settings.AUDIT_RAISES = False
    assert client.get("/silent/").status_code == 200
    (entry,) = ReadEntry.objects.all()
    assert (entry.verb, entry.subject, entry.path) == ("shown", "", "/silent/")


@pytest.mark.parametrize("path", ["/empty/", "/asks-first/"])
def test_page_about_nobody_is_not_logged(client, user, path):
    assert client.get(path).status_code == 200
    assert not ReadEntry.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_public_page_costs_no_query_and_leaves_the_session_alone(client, method, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = getattr(client, method)("/public/")
    assert answer.status_code == 200
    assert "Cookie" not in answer.get("Vary", "")


def test_page_behind_the_login_asks_for_it_first(client):
    assert client.post("/change/").status_code == 302
    assert not ReadEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_change_that_proves_impossible_at_its_end_is_told_of(client, user):
    answer = client.post("/dangling/")
    assert answer.status_code == 409
    assert "This was not saved" in answer.content.decode()
    assert not District.objects.filter(slug="nowhere").exists()
