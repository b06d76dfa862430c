"""The log is only added to: not by the application's role, and not by a slip of the one that owns it."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit import checks, schema
from audit.models import ReadEntry

from .conftest import run

pytestmark = pytest.mark.django_db

ROLE = "audit_test_application"
LOG = ("audit_readentry", "audit_change", "audit_seal")
ENTRY = "INSERT INTO audit_readentry (actor, verb, subject) VALUES ('somebody', 'shown', 'tests.note')"
SEAL = (
    "INSERT INTO audit_seal (log, from_xid, to_xid, rows, digest, previous)"
    " VALUES ('reads', 0, 1, 0, 'made up', '')"
)


def partitions():
    return [
        name
        for (name,) in run(
            "SELECT relname FROM pg_class WHERE relispartition AND relname LIKE 'audit_%%' AND relkind = 'r'"
        )
    ]


def refused(statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)
    return True


def become_the_application():
    run(f"CREATE ROLE {ROLE}")
    schema.grant_application_rights(ROLE)
    run(f"SET LOCAL ROLE {ROLE}")


@pytest.fixture
def entries(notes):
    run(ENTRY)
    run(SEAL)


@pytest.fixture
def as_application(entries):
    """From here on, the test works as the application does."""
    become_the_application()
    yield
    run("RESET ROLE")


def test_owner_cannot_change_the_log_by_a_slip(entries):
    for table in (*LOG, *partitions()):
        assert refused(f"TRUNCATE {table}")
        for (rows,) in run(f"SELECT count(*) FROM {table}"):
            if rows:
                assert refused(f"UPDATE {table} SET id = DEFAULT")
                assert refused(f"DELETE FROM {table}")
    assert all(run(f"SELECT count(*) > 0 FROM {table}") == [(True,)] for table in LOG)


def test_every_partition_refuses_to_be_emptied(entries):
    assert len(partitions()) >= 10
    assert all(refused(f"TRUNCATE {partition}") for partition in partitions())


@pytest.mark.parametrize("table", LOG)
def test_application_may_not_change_what_is_written(as_application, table):
    assert refused(f"UPDATE {table} SET id = DEFAULT")
    assert refused(f"DELETE FROM {table}")
    assert refused(f"TRUNCATE {table}")
    assert refused(f"DROP TABLE {table}")
    assert refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    assert run(f"SELECT count(*) > 0 FROM {table}") == [(True,)]


def test_application_reaches_no_partition_past_the_table(as_application):
    for partition in partitions():
        assert refused(f"DELETE FROM {partition}")
        assert refused(f"INSERT INTO {partition} SELECT * FROM {partition}")
        assert refused(f"DROP TABLE {partition}")


def test_application_may_not_make_up_a_change(as_application):
    assert refused(
        "INSERT INTO audit_change (actor, table_name, subject, key, operation) VALUES ('x', 'y', 'z', '1', 'I')"
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "now() - interval '1 year'"), ("xid", "1"), ("id", "1"), ("at", "now()")],
)
def test_application_may_not_say_when_an_entry_was_written(as_application, column, value):
    assert refused(
        f"INSERT INTO audit_readentry (actor, verb, subject, {column}) OVERRIDING SYSTEM VALUE"
        f" VALUES ('somebody', 'shown', 'tests.note', {value})"
    )


def test_application_may_not_write_an_entry_that_is_too_long_to_be_sealed(as_application):
    assert refused(
        "INSERT INTO audit_readentry (actor, verb, subject) VALUES (repeat('x', 300000000), 'shown', 'y')"
    )


def test_application_may_not_make_up_a_seal(as_application):
    assert refused(SEAL)
    assert refused("INSERT INTO audit_seal DEFAULT VALUES")


def test_application_may_not_lift_the_guards(as_application, notes):
    assert refused(f"DROP TRIGGER audit_record_change ON {notes}")
    assert refused(
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'"
    )
    assert refused("SET session_replication_role = replica")


@pytest.mark.parametrize("right", ["INSERT ON audit_seal", "INSERT ON audit_readentry"])
def test_role_that_could_write_seals_or_times_is_warned_about(entries, right):
    """As it stood before its rights were narrowed: `migrate` has to be run."""
    become_the_application()
    run("RESET ROLE")
    run(f"GRANT {right} TO {ROLE}")
    assert not schema.is_append_only(ROLE)


def test_application_does_its_work(as_application, notes):
    run(ENTRY)
    run(f"INSERT INTO {notes} (text) VALUES ('from the application')")
    run(f"UPDATE {notes} SET text = 'still'")
    run(f"DELETE FROM {notes}")
    assert ReadEntry.objects.count() == 2
    assert run("SELECT count(*) FROM audit_change WHERE subject = 'tests.note'") == [(9,)]


def test_application_makes_the_partitions_ahead_and_no_others(entries):
    ahead = run("SELECT to_char(date_trunc('month', now()) + interval '3 months', 'YYYY_MM')")[0][0]
    run(f"DROP TABLE audit_readentry_{ahead}, audit_change_{ahead}")
    become_the_application()
    run("SELECT audit_make_partitions()")
    assert {f"audit_readentry_{ahead}", f"audit_change_{ahead}"} <= set(partitions())
    assert refused(f"TRUNCATE audit_change_{ahead}")
    assert refused("SELECT audit_make_partitions('2001-01-01', 2)")
    run("RESET ROLE")


def test_application_cannot_record_a_change_that_did_not_happen(as_application):
    """By a table of its own that the recording is hung on."""
    trigger = (
        "CREATE TRIGGER forged AFTER INSERT ON {} FOR EACH ROW EXECUTE FUNCTION audit_record_change("
        "'officers.officer', 'id', 'sector_id', '{}')"
    )
    assert refused("CREATE TEMPORARY TABLE officers_officer (id int, sector_id int)")
    assert refused("CREATE TABLE audit_test_own (id int, sector_id int)")
    run("RESET ROLE")
    run(
        f"CREATE TEMPORARY TABLE audit_test_own (id int, sector_id int); ALTER TABLE audit_test_own OWNER TO {ROLE}"
    )
    run(f"SET LOCAL ROLE {ROLE}")
    assert refused(trigger.replace("{}", "audit_test_own", 1))


def test_recording_hung_on_a_temporary_table_by_a_slip_refuses(entries):
    run("CREATE TEMPORARY TABLE audit_test_own (id int, sector_id int)")
    run(
        "CREATE TRIGGER forged AFTER INSERT ON audit_test_own FOR EACH ROW"
        " EXECUTE FUNCTION audit_record_change('officers.officer', 'id', 'sector_id', '{}')"
    )
    assert refused("INSERT INTO audit_test_own VALUES (1, 1)")


def test_entry_of_a_month_without_partition_is_kept(entries):
    run(
        "INSERT INTO audit_readentry (at, actor, verb, subject) VALUES ('1999-05-05', 'x', 'shown', 'tests.note')"
    )
    run("SELECT audit_make_partitions('1999-04-01', 3)")
    assert ReadEntry.objects.filter(at__year=1999).count() == 1
    assert "audit_readentry_1999_06" in partitions()


def test_one_role_for_everything_is_warned_about_in_production(entries, settings):
    assert [one.id for one in checks.application_role(databases=["default"])] == ["audit.W001"]
    settings.DEMO = True
    assert checks.application_role(databases=["default"]) == []


def test_role_of_its_own_is_not_warned_about(as_application):
    assert checks.application_role(databases=["default"]) == []


def test_flush_leaves_the_log(entries):
    emptied = connection.introspection.django_table_names(only_existing=True, include_views=False)
    assert "sectors_station" in emptied
    assert not any(table.startswith("audit_") for table in emptied)
