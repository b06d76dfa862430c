"""A table that is watched, pages that show stations, and a log that is empty before and after."""

import pytest
from django.db import connection

from audit.schema import make_partitions
from audit.triggers import watch

NOTES = "audit_test_note"


def run(statement, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else None


def behind_the_triggers(statement, parameters=None):
    """Do what only a superuser can: alter the log as if nothing guarded it."""
    run("SET session_replication_role = replica")
    try:
        run(statement, parameters)
    finally:
        run("SET session_replication_role = origin")


def _make_notes():
    run(f"CREATE TABLE {NOTES} (id bigserial PRIMARY KEY, text text, secret text, sector_id bigint)")
    run(watch(NOTES, subject="tests.note", without=("secret",)).sql)


@pytest.fixture
def notes(db):
    """A watched table with two rows, made inside the test's transaction."""
    _make_notes()
    run(f"INSERT INTO {NOTES} (text, secret, sector_id) VALUES ('one', 'xyzzy', 7), ('two', 'plugh', 8)")
    return NOTES


@pytest.fixture
def empty_log(transactional_db):
    """The log without entries and seals, emptied again afterwards: commits are real here."""
    _empty()
    yield
    _empty()


@pytest.fixture
def committed_notes(empty_log):
    _make_notes()
    yield NOTES
    run(f"DROP TABLE {NOTES}")


@pytest.fixture
def site(settings):
    settings.ROOT_URLCONF = "tests.audit.urls"


def _empty():
    behind_the_triggers("TRUNCATE audit_readentry, audit_change, audit_seal")
    make_partitions()
