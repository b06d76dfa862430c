import pytest
from django.db import transaction

from audit.context import acting_as
from audit.models import Change
from audit.triggers import watch

from .conftest import run

pytestmark = pytest.mark.django_db


def changes(operation):
    return list(Change.objects.filter(subject="tests.note", operation=operation).order_by("id"))


def test_insert_is_recorded_with_the_whole_row_but_for_its_secrets(notes):
    first, second = changes("I")
    assert (first.table_name, first.before) == (notes, None)
    assert first.after == {"id": int(first.key), "text": "one", "secret": "(left out)", "sector_id": 7}
    assert (first.sectors, second.sectors) == ([7], [8])


def test_bulk_update_by_raw_sql_is_recorded_row_by_row_with_what_differs(notes):
    run(f"UPDATE {notes} SET text = 'three'")
    assert [(one.before, one.after) for one in changes("U")] == [
        ({"text": "one"}, {"text": "three"}),
        ({"text": "two"}, {"text": "three"}),
    ]


def test_changed_secret_is_told_but_not_what_it_was(notes):
    run(f"UPDATE {notes} SET secret = 'frotz' WHERE text = 'one'")
    run(f"UPDATE {notes} SET secret = NULL WHERE text = 'one'")
    assert [(one.before, one.after) for one in changes("U")] == [
        ({"secret": "(left out)"}, {"secret": "(left out)"}),
        ({"secret": "(left out)"}, {"secret": None}),
    ]
    assert run("SELECT count(*) FROM audit_change WHERE audit_change::text ~ 'xyzzy|plugh|frotz'") == [(0,)]


def test_value_beyond_a_megabyte_is_told_but_not_kept(notes):
    run(f"UPDATE {notes} SET text = repeat('x', 1100000) WHERE text = 'one'")
    assert [(one.before, one.after) for one in changes("U")] == [({"text": "one"}, {"text": "(left out)"})]


def test_update_that_changes_nothing_is_no_change(notes):
    run(f"UPDATE {notes} SET text = text")
    assert changes("U") == []


def test_row_that_moves_is_found_in_both_sectors(notes):
    run(f"UPDATE {notes} SET sector_id = 9 WHERE sector_id = 7")
    assert changes("U")[0].sectors == [7, 9]


def test_delete_is_recorded_with_what_was_there(notes):
    run(f"DELETE FROM {notes} WHERE text = 'two'")
    (gone,) = changes("D")
    assert (gone.before["text"], gone.after) == ("two", None)


def test_emptying_the_table_is_recorded(notes):
    run(f"TRUNCATE {notes}")
    (emptied,) = changes("T")
    assert (emptied.table_name, emptied.key, emptied.before) == (notes, "", None)


def test_nobody_named_is_the_system(notes):
    assert {one.actor for one in changes("I")} == {"system"}


def test_without_a_page_the_program_is_named(notes):
    run("SET LOCAL application_name = 'manage.py tidy_up'")
    run(f"UPDATE {notes} SET text = 'tidy'")
    assert {one.path for one in changes("U")} == {"manage.py tidy_up"}


def test_name_holds_inside_and_the_one_before_afterwards(notes):
    with acting_as("the night's command", actor_id=5, purpose="tidying"):
        with acting_as("a step of it"):
            run(f"UPDATE {notes} SET text = 'a'")
        run(f"UPDATE {notes} SET text = 'b' WHERE sector_id = 7")
    run(f"UPDATE {notes} SET text = 'c' WHERE sector_id = 7")
    told = [(one.actor, one.actor_id, one.purpose) for one in changes("U")]
    assert told == [
        ("a step of it", None, ""),
        ("a step of it", None, ""),
        ("the night's command", 5, "tidying"),
        ("system", None, ""),
    ]


def test_name_does_not_outlive_a_transaction_that_failed(committed_notes):
    with pytest.raises(RuntimeError), transaction.atomic(), acting_as("somebody"):
        raise RuntimeError
    with pytest.raises(RuntimeError), acting_as("somebody else"):
        raise RuntimeError
    run(f"INSERT INTO {committed_notes} (text) VALUES ('later')")
    assert [one.actor for one in changes("I")] == ["system"]


def test_table_can_be_let_go_again(notes):
    operation = watch(notes, subject="tests.note")
    run(operation.reverse_sql)
    run(f"UPDATE {notes} SET text = 'unseen'")
    assert changes("U") == []
