"""What was altered, added or removed behind the triggers is found, and where."""

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit import schema, sealing, tasks
from audit.models import Seal

from .conftest import behind_the_triggers, run

pytestmark = pytest.mark.usefixtures("empty_log")

ENTRY = (
    "INSERT INTO audit_readentry (actor_id, actor, verb, subject, keys) VALUES"
    " (%s, 'a@police.example', 'shown', 'tests.note', ARRAY['tests.note:1'])"
)
SLIPPED_IN = (
    "INSERT INTO audit_readentry (xid, actor, verb, subject)"
    " SELECT xid, 'b', 'shown', 'x' FROM audit_readentry WHERE actor_id = 3"
)


def read_by(*actors):
    for actor in actors:
        run(ENTRY, [actor])


def decided(log="reads"):
    """Wait until nothing runs that began before the newest entry: another database of the cluster may."""
    newest = f"SELECT max(xid) - audit_counter_ahead() FROM {sealing.TABLES[log]}"
    for _attempt in range(600):
        if run(f"SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > ({newest})") == [(True,)]:
            return
        time.sleep(0.1)
    pytest.fail("Another transaction of this PostgreSQL has been open for a minute.")


def seal(log="reads"):
    decided(log)
    return sealing.seal(log)


def verified():
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def refusal(*arguments):
    with pytest.raises(CommandError) as found:
        call_command("verify_audit", *arguments, stdout=StringIO())
    return str(found.value)


@pytest.fixture
def sealed_log(committed_notes):
    """Three seals of reads, one of changes."""
    for actors in ((1, 2), (3,), (4, 5)):
        read_by(*actors)
        seal()
    run(f"INSERT INTO {committed_notes} (text) VALUES ('one'), ('two')")
    seal("changes")


def test_untouched_log_is_found_as_it_was(sealed_log):
    read_by(6)
    said = verified()
    assert "reads: 5 entries under 3 seals are as they were written, 1 are not sealed yet" in said
    assert "changes: 2 entries under 1 seals" in said


def test_application_which_owns_nothing_seals_by_the_function(committed_notes):
    """In the name of the role that web, worker and beat work as."""
    # Roles belong to the whole cluster, where the same test may run in another database.
    role = f"{connection.settings_dict['NAME']}_sealing"
    run(f"CREATE ROLE {role}")
    schema.grant_application_rights(role)
    try:
        run(f"SET ROLE {role}")
        read_by(1, 2)
        run(f"INSERT INTO {committed_notes} (text) VALUES ('æøå')")
        assert (seal().rows, seal("changes").rows) == (2, 1)
        with pytest.raises(DatabaseError, match="audit_seal"):
            run(
                "INSERT INTO audit_seal (log, from_xid, to_xid, rows, digest, previous)"
                " VALUES ('reads', 9223372036854775806, 9223372036854775807, 0, '', '')"
            )
        assert "2 entries under 1 seals" in verified()
    finally:
        run("RESET ROLE")
        run(f"DROP OWNED BY {role}")
        run(f"DROP ROLE {role}")


def test_nothing_new_makes_no_seal(sealed_log):
    assert sealing.seal("reads") is None
    assert Seal.objects.filter(log="reads").count() == 3


@pytest.mark.parametrize(
    ("tampering", "reason"),
    [
        ("UPDATE audit_readentry SET actor_id = 9 WHERE actor_id = 3", "was altered"),
        ("UPDATE audit_readentry SET keys = '{}' WHERE actor_id = 3", "was altered"),
        ("UPDATE audit_readentry SET at = at - interval '1 microsecond' WHERE actor_id = 3", "was altered"),
        ("DELETE FROM audit_readentry WHERE actor_id = 3", "sealed 1 entries, the log holds 0"),
        (
            SLIPPED_IN,
            "sealed 1 entries, the log holds 2",
        ),
    ],
)
def test_tampering_is_found_in_the_seal_that_it_concerns(sealed_log, tampering, reason):
    behind_the_triggers(tampering)
    said = refusal()
    second = Seal.objects.filter(log="reads").order_by("id")[1]
    assert f"reads: seal {second.pk} does not hold" in said
    assert reason in said
    assert "The 1 seals before it hold." in said
    assert second.at.isoformat(timespec="seconds") in said


def test_altered_change_is_found(sealed_log):
    behind_the_triggers(
        "UPDATE audit_change SET after = jsonb_set(after, '{text}', '\"three\"') WHERE key = '1'"
    )
    assert "changes: seal" in refusal()


def test_entry_slipped_in_before_the_first_seal_is_found(sealed_log):
    behind_the_triggers(
        "INSERT INTO audit_readentry (xid, actor, verb, subject) VALUES (1, 'b', 'shown', 'x')"
    )
    assert "the log holds 3" in refusal()


def test_removed_seal_is_found(sealed_log):
    _first, second, third = Seal.objects.filter(log="reads").order_by("id")
    behind_the_triggers("DELETE FROM audit_seal WHERE id = %s", [second.pk])
    assert f"seal {third.pk} does not hold: the seal before it is missing" in refusal()


def test_chain_that_was_made_anew_lacks_the_digest_kept_elsewhere(sealed_log):
    kept = Seal.objects.filter(log="reads").latest("id").digest
    assert call_command("verify_audit", "--expect", kept, stdout=StringIO()) is None
    behind_the_triggers("UPDATE audit_readentry SET actor_id = 9 WHERE actor_id = 5")
    behind_the_triggers("DELETE FROM audit_seal")
    seal()
    assert "as they were written" in verified()
    assert f"No seal has the digest {kept}" in refusal("--expect", kept)


def test_transaction_that_still_runs_is_left_to_the_next_seal(empty_log):
    """Its entries, though written first, are sealed with none missing once it has ended."""
    written, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            read_by(1)
            written.set()
            may_end.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    read_by(2)
    assert sealing.seal("reads") is None
    may_end.set()
    thread.join()
    assert seal().rows == 2
    assert "2 entries under 1 seals" in verified()


def test_two_who_seal_at_once_make_one_seal(empty_log):
    read_by(1, 2, 3)
    decided()
    made = []

    def seal_too():
        made.append(sealing.seal("reads"))
        connection.close()

    threads = [threading.Thread(target=seal_too) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.rows for one in made if one) == [3]


def test_count_goes_on_where_a_restored_log_ends(sealed_log):
    """A database restored into a new cluster counts its transactions from the beginning."""
    behind_the_triggers(
        "INSERT INTO audit_readentry (xid, actor, verb, subject) VALUES (900000000000, 'b', 'shown', 'x')"
    )
    try:
        schema.count_on()
        read_by(7)
        assert run("SELECT max(xid) > 900000000000 FROM audit_readentry") == [(True,)]
        assert seal().rows == 2
        assert "7 entries under 4 seals" in verified()
        ahead = run("SELECT audit_counter_ahead()")
        schema.count_on()
        assert run("SELECT audit_counter_ahead()") == ahead
    finally:
        run(
            "CREATE OR REPLACE FUNCTION audit_counter_ahead() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE"
            " AS 'SELECT 0::bigint'"
        )


def test_clock_seals_both_logs_and_says_the_digests(sealed_log, caplog):
    caplog.set_level("INFO")
    read_by(8)
    decided()
    tasks.seal()
    assert Seal.objects.latest("id").digest in caplog.text


def test_lag_is_the_age_of_the_oldest_entry_without_a_seal(sealed_log):
    assert dict(sealing.lag()) == {"reads": 0, "changes": 0}
    behind_the_triggers(
        "INSERT INTO audit_readentry (at, actor, verb, subject) VALUES (now() - interval '5 min', 'b', 'shown', 'x')"
    )
    assert 299 <= dict(sealing.lag())["reads"] <= 310


def test_sealing_by_hand_says_what_it_did(empty_log):
    read_by(1)
    decided()
    out = StringIO()
    call_command("seal_audit", stdout=out)
    assert "reads: 1 entries, " in out.getvalue()
    assert "changes: nothing new" in out.getvalue()
