"""Trying passwords is slowed down, by account and by address; the counts are shared and outlive a process."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
WAIT = "Too many attempts have failed. Wait for five minutes, then try again."


def log_in(client, email, password, **how):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **how)


def test_the_sixth_password_for_an_account_is_not_looked_at(client):
    user = UserFactory()
    for _ in range(5):
        assert WAIT not in log_in(client, user.email, "a guess").content.decode()
    page = log_in(client, user.email, PASSWORD)
    assert WAIT in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_from_wherever_the_guesses_come(client):
    user = UserFactory()
    for number in range(5):
        log_in(client, user.email, "a guess", REMOTE_ADDR=f"192.0.2.{number}")
    assert WAIT in log_in(client, user.email.upper(), PASSWORD, REMOTE_ADDR="198.51.100.1").content.decode()


def test_an_unknown_address_is_slowed_down_alike(client):
    for _ in range(5):
        log_in(client, "nobody@police.example", "a guess")
    assert WAIT in log_in(client, "nobody@police.example", "a guess").content.decode()


def test_one_password_for_many_accounts_is_slowed_down_by_address(client):
    for number in range(20):
        log_in(client, f"user-{number}@police.example", "123456")
    user = UserFactory()
    assert WAIT in log_in(client, user.email, PASSWORD).content.decode()
    assert log_in(client, user.email, PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_who_logs_in_rightly_uses_nothing_up(client):
    user = UserFactory()
    for _ in range(8):
        assert log_in(client, user.email, PASSWORD).status_code == 302
        client.logout()


def test_a_header_that_anybody_can_write_does_not_make_a_new_address(client):
    for number in range(20):
        log_in(client, f"user-{number}@police.example", "x", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    user = UserFactory()
    assert WAIT in log_in(client, user.email, PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.99").content.decode()


def test_behind_a_proxy_the_last_address_that_it_wrote_counts(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        forged = f"192.0.2.{number}, 203.0.113.5"
        log_in(client, f"user-{number}@police.example", "x", HTTP_X_FORWARDED_FOR=forged)
    user = UserFactory()
    same = log_in(client, user.email, PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.5")
    assert WAIT in same.content.decode()
    assert log_in(client, user.email, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.6").status_code == 302


def test_asking_for_new_passwords_is_slowed_down(client):
    user = UserFactory()
    answers = [client.post(reverse("account_reset_password"), {"email": user.email}) for _ in range(21)]
    assert answers[-1].status_code == 429
    assert "Wait for a minute" in answers[-1].content.decode()


@pytest.mark.django_db(transaction=True)
def test_another_process_knows_the_counts():
    cache.set("seen-by-another-process", "yes", 60)
    name = settings.DATABASES["default"]["NAME"]
    asked = (
        "import django; from django.conf import settings; django.setup();"
        f"settings.DATABASES['default']['NAME'] = {name!r};"
        "from django.core.cache import cache; print(cache.get('seen-by-another-process'))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60)
    cache.clear()
    assert told.stdout.strip() == "yes", told.stderr
