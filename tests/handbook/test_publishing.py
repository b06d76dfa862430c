"""A revision comes into force: what becomes of the text before it, of passages, and what the database refuses."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from handbook.beginning import DYNAMIC, FIXED, begin
from handbook.chapters.publishing import publish, shortened
from handbook.models import Chapter, Passage, Revision
from tests.factories import (
    ChapterFactory,
    ContributionFactory,
    RevisionFactory,
    StationFactory,
    UserFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db

BODY = "Ground.\n\n## Practice {#practice}\n\n1. First. {#first}\n2. Second. {#second}"


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def chapter(station):
    return ChapterFactory(station=station, slug="task", position=1, body=BODY)


def change(chapter, body="", *, agreed_by=None, now=None, **more):
    revision = RevisionFactory(chapter=chapter, body_en=body, **more)
    publish(revision, agreed_by=agreed_by, now=now)
    return revision


def numbers(chapter):
    rows = chapter.passages.filter(left_at=None).order_by("position")
    return [(row.anchor, row.number) for row in rows]


def refused(name):
    return pytest.raises(IntegrityError, match=name)


# --- Passages


def test_the_passages_are_those_of_the_text_in_force(chapter):
    assert numbers(chapter) == [("task", None), ("practice", None), ("first", 1), ("second", 2)]
    beginning = chapter.passages.get(position=0)
    assert (beginning.kind, beginning.title_en, beginning.text_en) == ("chapter", "Title of task", "Ground.")


def test_a_renumbered_point_is_the_same_with_all_that_points_at_it(chapter):
    contribution = ContributionFactory(passage=chapter.passages.get(anchor="second"))
    change(chapter, "Ground.\n\n1. New. {#new}\n2. Second. {#second}\n3. First. {#first}")
    assert numbers(chapter) == [("task", None), ("new", 1), ("second", 2), ("first", 3)]
    contribution.refresh_from_db()
    assert (contribution.passage.number, contribution.passage.anchor) == (2, "second")


def test_only_what_says_something_else_has_changed(chapter):
    Passage.objects.update(changed_at=days_ago(9))
    now = timezone.now()
    change(chapter, BODY.replace("First.", "First of all."), now=now)
    assert set(Passage.objects.filter(changed_at=now).values_list("anchor", flat=True)) == {"first"}


def test_what_the_text_no_longer_has_stays_as_it_was_and_says_since_when(chapter):
    now = timezone.now()
    change(chapter, BODY.replace("\n2. Second. {#second}", ""), now=now)
    left = Passage.objects.get(anchor="second")
    assert (left.left_at, left.text_en, left.number, left.is_current) == (now, "Second.", 2, False)
    change(chapter, "Ground.")
    assert Passage.objects.get(anchor="second").left_at == now


def test_what_comes_back_is_the_same_passage_and_new(chapter):
    before = Passage.objects.get(anchor="second")
    change(chapter, "Ground.")
    now = timezone.now()
    change(chapter, BODY, now=now)
    after = Passage.objects.get(anchor="second")
    assert (after.pk, after.left_at, after.changed_at) == (before.pk, None, now)


def test_a_passage_moves_to_another_chapter_with_all_that_points_at_it(chapter, station):
    contribution = ContributionFactory(passage=chapter.passages.get(anchor="second"))
    other = ChapterFactory(station=station, slug="other", position=2)
    change(other, "1. Second. {#second}")
    moved = Passage.objects.get(anchor="second")
    assert (moved.chapter, moved.number, moved.pk) == (other, 1, contribution.passage_id)
    # The text it came from is published without it, and does not take it back.
    change(chapter, "Ground.")
    assert Passage.objects.get(anchor="second").left_at is None


def test_handbooks_of_other_stations_have_their_own_passages(chapter):
    other = ChapterFactory(station=StationFactory(), slug="task", body=BODY)
    change(other, "Ground.")
    assert Passage.objects.filter(anchor="second").count() == 2
    assert chapter.passages.get(anchor="second").is_current


def test_both_languages_make_one_passage(chapter):
    change(chapter, "1. First. {#first}", title_da="Opgaven", body_da="1. Første. {#first}")
    first = Passage.objects.get(anchor="first")
    assert (first.title_en, first.title_da, first.text_da) == ("First.", "Første.", "Første.")


def test_a_long_point_has_a_short_title_and_its_whole_text(chapter):
    words = "word " * 60
    change(chapter, f"1. {words} {{#first}}")
    first = Passage.objects.get(anchor="first")
    assert len(first.title_en) <= 120
    assert first.title_en.endswith("word…")
    assert first.text_en == words.strip()
    assert shortened("short") == "short"


# --- Texts


def test_the_text_before_it_is_replaced_and_stays(chapter):
    before, now = chapter.text, timezone.now()
    after = change(chapter, "Newer.", now=now)
    before.refresh_from_db()
    assert (before.state, before.replaced_at, before.body_en) == ("replaced", now, BODY)
    assert (after.state, after.published_at) == ("in_force", now)
    assert Chapter.objects.with_text().get(pk=chapter.pk).text == after
    assert list(chapter.revisions.published()) == [after, before]


def test_what_was_in_force_is_neither_rewritten_nor_deleted(chapter):
    for values in (
        {"body_en": "Other."},
        {"title_en": "Other"},
        {"written_by": UserFactory()},
        {"number": 9},
    ):
        with refused("does not change"), transaction.atomic():
            Revision.objects.update(**values)
    with refused("What was in force stays"), transaction.atomic():
        chapter.text.delete()
    RevisionFactory(chapter=chapter).delete()


def test_what_was_replaced_does_not_come_back(chapter):
    before = chapter.text
    change(chapter, "Newer.")
    with refused("does not change"), transaction.atomic():
        Revision.objects.filter(pk=before.pk).update(state="in_force", replaced_at=None)


def test_one_text_at_a_time_is_written_and_one_is_in_force(chapter):
    RevisionFactory(chapter=chapter)
    with refused("revision_one_being_written"), transaction.atomic():
        RevisionFactory(chapter=chapter, number=9)
    with refused("revision_one_in_force"), transaction.atomic():
        Revision.objects.filter(chapter=chapter, state="draft").update(
            state="in_force", published_at=timezone.now()
        )


# --- Fixed chapters


def test_a_fixed_chapter_comes_into_force_by_editor_and_head_together(station):
    editor, head = UserFactory(), UserFactory()
    fixed = ChapterFactory(station=station, slug="strategy", fixed=True)
    for agreed_by in (None, editor):
        with refused("editor and station head together"), transaction.atomic():
            change(fixed, "Newer.", written_by=editor, agreed_by=agreed_by)
    assert not fixed.revisions.unpublished().exists()
    change(fixed, "Newer.", written_by=editor, agreed_by=head)
    assert Chapter.objects.with_text().get(pk=fixed.pk).text.body_en == "Newer."


def test_a_fixed_text_cannot_be_put_in_force_past_the_pages_either(station):
    fixed = ChapterFactory(station=station, slug="strategy", fixed=True, body="")
    with refused("editor and station head together"), transaction.atomic():
        RevisionFactory(chapter=fixed, state="in_force", published_at=timezone.now())
    draft = RevisionFactory(chapter=fixed)
    with refused("editor and station head together"), transaction.atomic():
        Revision.objects.filter(pk=draft.pk).update(state="in_force", published_at=timezone.now())


def test_a_chapter_keeps_its_address_and_kind_and_a_fixed_one_its_place(station, chapter):
    fixed = ChapterFactory(station=station, slug="strategy", position=5, fixed=True)
    for row, values in (
        (chapter, {"slug": "other"}),
        (chapter, {"kind": "fixed"}),
        (fixed, {"kind": "dynamic"}),
        (chapter, {"station": StationFactory()}),
        (fixed, {"position": 9}),
    ):
        with refused("keeps its address and its kind"), transaction.atomic():
            Chapter.objects.filter(pk=row.pk).update(**values)
    with refused("chapter_fixed_stays"), transaction.atomic():
        Chapter.objects.filter(pk=fixed.pk).update(left_out_at=timezone.now())
    Chapter.objects.filter(pk=chapter.pk).update(position=9, left_out_at=timezone.now())


def test_no_chapter_is_deleted(station):
    unwritten = ChapterFactory(station=station, body="")
    with refused("A chapter stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM handbook_chapter WHERE id = %s", [unwritten.pk])


def test_a_passage_keeps_its_anchor_and_its_handbook(chapter):
    elsewhere = ChapterFactory(station=StationFactory())
    for values in (
        {"anchor": "other"},
        {"station": elsewhere.station, "chapter": elsewhere},
        {"chapter": elsewhere},
    ):
        with refused("keeps its anchor"), transaction.atomic():
            Passage.objects.filter(anchor="first").update(**values)


# --- The beginning


def test_a_handbook_begins_with_its_chapters_and_the_fixed_ones_wait_for_the_head(station):
    editor = UserFactory()
    made = begin(station, by=editor)
    assert [one.slug for one in made] == [*FIXED, *DYNAMIC]
    assert [one.position for one in made] == list(range(1, 10))
    assert set(station.chapters.filter(revisions__state="proposed").values_list("slug", flat=True)) == set(
        FIXED
    )
    assert set(station.chapters.filter(revisions__state="in_force").values_list("slug", flat=True)) == set(
        DYNAMIC
    )
    assert Passage.objects.current().get(station=station, anchor="sector-log").number == 10


def test_a_handbook_begins_once(station):
    begin(station, by=UserFactory())
    assert begin(station, by=UserFactory()) == []
    assert station.chapters.count() == 9
