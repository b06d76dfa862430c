import datetime
import time

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from officers.models import User
from tests.factories import StationFactory, UserFactory, head_of

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def clock():
    with time_machine.travel(datetime.datetime(2027, 5, 3, 8, tzinfo=datetime.UTC), tick=False) as travel:
        yield travel


@pytest.fixture
def logged_in(clock, client):
    client.force_login(head_of(StationFactory()))
    return client


def is_in(client) -> bool:
    return client.get(reverse("account_home")).status_code == 200


def test_a_session_ends_after_half_an_hour_without_a_request(logged_in, clock):
    clock.shift(29 * 60)
    assert is_in(logged_in)
    clock.shift(29 * 60)
    assert is_in(logged_in)
    clock.shift(31 * 60)
    answer = logged_in.get("/log/?day=today")
    assert answer.url == "/account/login/?next=/log/%3Fday%3Dtoday"
    assert "You were away for a while" in logged_in.get(answer.url).content.decode()


def test_a_session_ends_after_twelve_hours_however_busy(logged_in, clock):
    for _ in range(12 * 4):
        assert is_in(logged_in)
        clock.shift(15 * 60)
    clock.shift(60)
    answer = logged_in.get("/log/")
    assert "whole working day" in logged_in.get(answer.url).content.decode()


def test_what_is_sent_after_the_end_is_not_done_after_the_next_login(logged_in, clock):
    clock.shift(31 * 60)
    assert logged_in.post("/admin/officers/user/1/invite/").url == reverse("account_login")


def test_a_session_that_nobody_began_is_over(logged_in):
    session = logged_in.session
    del session["login_began"]
    session.save()
    assert not is_in(logged_in)


def test_being_seen_is_written_once_a_minute_at_most(logged_in, clock):
    assert is_in(logged_in)
    seen = logged_in.session["login_seen"]
    clock.shift(30)
    assert is_in(logged_in)
    assert logged_in.session["login_seen"] == seen
    clock.shift(40)
    assert is_in(logged_in)
    assert logged_in.session["login_seen"] == time.time()


def test_an_account_switched_off_is_out_with_its_next_request(client):
    user = head_of(StationFactory())
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.get(reverse("admin:index")).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("account_home")).status_code == 302


def test_one_logs_out_everywhere_else(client):
    user = UserFactory()
    elsewhere = type(client)()
    for one in (elsewhere, client):
        one.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("usersessions_list"))
    assert is_in(client)
    assert not is_in(elsewhere)


def test_the_sessions_cookie_is_no_business_of_scripts_or_other_sites(client):
    user = UserFactory()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


@pytest.mark.parametrize("path", ["/", "/sectors/", "/map/", "/api/v1/sectors", "/healthz"])
def test_public_pages_leave_the_session_and_the_counts_of_attempts_alone(path, client):
    client.force_login(UserFactory())
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert "Cookie" not in answer.headers.get("Vary", "")
    tables = " ".join(query["sql"] for query in asked.captured_queries)
    assert "django_session" not in tables
    assert "login_attempts" not in tables
