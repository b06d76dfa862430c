"""Log files hold no secret of a link, and no word that a citizen wrote."""

import logging

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from contacts.tasks import erase_messages

SECRET = "c2VjcmV0LW9mLWEtbGluaw"


def test_only_the_masking_handler_writes_what_django_logs():
    assert logging.getLogger("django").handlers == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/da"])
def test_refused_link_of_an_invitation_is_told_of_without_its_secret(client, log_lines, language):
    path = reverse("account_invitation", args=[SECRET])
    assert client.get(f"{language}{path}").status_code == 404
    assert "Not Found" in log_lines()
    assert "/invitation/***" in log_lines()
    assert SECRET not in log_lines()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        reverse("account_invitation", args=[SECRET]),
        reverse("account_reset_password_from_key", kwargs={"uidb36": "5", "key": SECRET}),
    ],
)
def test_form_without_its_token_is_told_of_without_the_secret(log_lines, path):
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert "***" in log_lines()
    assert SECRET not in log_lines()


def test_error_is_told_of_without_the_secret(log_lines):
    try:
        raise ValueError(f"/account/invitation/{SECRET}/")
    except ValueError:
        logging.getLogger("any").exception("Broken at %s", f"/account/password/reset/key/5-{SECRET}/?x=1")
    assert "/password/reset/key/***/?x=1" in log_lines()
    assert "ValueError: /account/invitation/***/" in log_lines()
    assert SECRET not in log_lines()


def test_modules_that_handle_messages_are_named_and_the_secrets_of_messages_are_not(log_lines):
    token = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"
    logging.getLogger("any").warning(
        'File "/srv/contacts/messages/receiving.py", refused /messages/%s/', token
    )
    logging.getLogger("any").warning(
        "File contacts/messages/mail/incoming.py; cut off: /da/messages/%s", token[:40]
    )
    assert "contacts/messages/receiving.py" in log_lines()
    assert "contacts/messages/mail/incoming.py" in log_lines()
    assert log_lines().count("/messages/***") == 2
    assert token[:40] not in log_lines()


WORDS = "my neighbour\nhits his wife"


@pytest.fixture
def refused(db):
    """The error of a row that the database refuses, which repeats the row, with what led to it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE words (text text CHECK (text = ''))")
        with pytest.raises(IntegrityError) as caught:
            cursor.execute("INSERT INTO words VALUES (%s)", [WORDS])
        transaction.set_rollback(True)
    assert "hits his wife" in str(caught.value)
    return caught.value


def test_error_of_the_database_is_told_of_without_the_row_that_it_refused(log_lines, refused):
    try:
        raise ValueError("Not received") from refused
    except ValueError:
        logging.getLogger("any").exception("A message could not be received: %s, %r", refused, refused)
    assert "words_text_check" in log_lines()
    assert "ValueError: Not received" in log_lines()
    assert "psycopg.errors.CheckViolation" in log_lines()
    assert "neighbour" not in log_lines()
    assert "hits his wife" not in log_lines()


@pytest.mark.django_db
def test_statement_that_fails_is_told_of_without_its_values(log_lines):
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s, nothing_of_the_kind", [WORDS])
    assert "hits his wife" in str(caught.value)
    logging.getLogger("any").error("Broken", exc_info=caught.value)
    assert "nothing_of_the_kind" in log_lines()
    assert "hits his wife" not in log_lines()


def test_failed_task_is_told_of_without_the_row_that_the_database_refused(log_lines, refused, monkeypatch):
    def fail():
        raise refused

    monkeypatch.setattr("contacts.messages.forgetting.erase_due", fail)
    erase_messages.apply(throw=False)
    assert "contacts.tasks.erase_messages" in log_lines()
    assert "words_text_check" in log_lines()
    assert "neighbour" not in log_lines()
    assert "hits his wife" not in log_lines()
