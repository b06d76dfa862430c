"""Two people press at the same instant, each on a connection of its own: one acts, the other is told."""

import pytest

from handbook.models import Revision
from notifications.models import Notification
from tests.factories import ChapterFactory, RevisionFactory, StaffRoleFactory
from tests.handbook.chapters_desk import desk, logged_in, state_of
from tests.handbook.editing_desk import at_once

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT, IN_FORCE, REPLACED = "draft", "in_force", "replaced"


@pytest.fixture
def at():
    return desk()


@pytest.fixture
def chapter(at):
    return ChapterFactory(station=at.station, slug="the-task", body="1. First. {#first}")


@pytest.fixture
def proposed(at):
    chapter = ChapterFactory(station=at.station, slug="strategy", fixed=True, body="Ground.")
    RevisionFactory(chapter=chapter, proposed=True, written_by=at.editor, body_en="Other ground.")
    return chapter


def pressed(client, address: str, data: dict[str, str]):
    return lambda: client.post(address, data)


def test_of_two_editors_who_save_the_first_draft_one_gets_both_texts(at, chapter):
    other = logged_in(StaffRoleFactory(role="editor", station=at.station).user)
    typed = [at.typed(chapter, body_en=f"1. {whose}. {{#first}}") for whose in ("Mine", "Theirs")]
    address = at.address("revision_update", chapter)
    found = at_once(pressed(at.client, address, typed[0]), pressed(other, address, typed[1]))
    assert sorted(response.status_code for response in found) == [302, 409]
    assert state_of(chapter) == [(1, IN_FORCE), (2, DRAFT)]
    late = next(place for place, response in enumerate(found) if response.status_code == 409)
    form = found[late].context["form"]
    assert form["body_en"].value() == typed[late]["body_en"]
    kept = chapter.revisions.unpublished().get().body_en
    assert kept == typed[1 - late]["body_en"]
    assert kept in dict(form.stored).values()


def test_a_chapter_that_both_begin_stands_there_once(at):
    other = logged_in(StaffRoleFactory(role="editor", station=at.station).user)
    address, typed = at.address("chapter_create"), {"title_en": "Night life", "title_da": ""}
    found = at_once(pressed(at.client, address, typed), pressed(other, address, typed))
    assert sorted(response.status_code for response in found) == [302, 422]
    assert at.station.chapters.count() == 1


def test_published_while_it_is_saved_nothing_is_published_that_was_not_seen(at, chapter):
    at.save(chapter, body_en="1. Seen. {#first}")
    saved = pressed(
        at.client, at.address("revision_update", chapter), at.typed(chapter, body_en="1. Unseen. {#first}")
    )
    published = pressed(
        at.client,
        at.address("revision_publish", chapter),
        {"seen": at.seen(chapter), "reason": "Practice has changed."},
    )
    found = [response.status_code for response in at_once(saved, published)]
    assert found in ([302, 409], [302, 302])
    texts = [(IN_FORCE, "1. First. {#first}"), (DRAFT, "1. Unseen. {#first}")]
    if found == [302, 302]:
        # Published first: what is saved is the next draft, written upon the words that were seen.
        texts[:1] = [(REPLACED, "1. First. {#first}"), (IN_FORCE, "1. Seen. {#first}")]
    assert list(chapter.revisions.order_by("number").values_list("state", "body_en")) == texts


def test_agreed_while_it_is_discarded_is_either_in_force_or_gone(at, proposed):
    seen = at.seen(proposed)
    agreed = pressed(
        at.head_client, at.address("revision_decide", proposed), {"seen": seen, "decision": "agree"}
    )
    discarded = pressed(at.client, at.address("revision_discard", proposed), {"seen": seen})
    found = [response.status_code for response in at_once(agreed, discarded)]
    assert found in ([302, 409], [409, 302])
    told = Notification.objects.filter(event="handbook.chapter_agreed", recipient=at.editor).count()
    if found == [302, 409]:
        assert (state_of(proposed), told) == ([(1, REPLACED), (2, IN_FORCE)], 1)
    else:
        assert (state_of(proposed), told) == ([(1, IN_FORCE)], 0)
    assert not Revision.objects.unpublished().exists()


def test_agreed_while_it_is_sent_back_is_one_of_both(at, proposed):
    seen, address = at.seen(proposed), at.address("revision_decide", proposed)
    other = logged_in(at.head)
    agreed = pressed(at.head_client, address, {"seen": seen, "decision": "agree"})
    back = pressed(other, address, {"seen": seen, "decision": "send_back", "reason": "Say why."})
    found = [response.status_code for response in at_once(agreed, back)]
    assert found in ([302, 409], [409, 302])
    events = {"handbook.chapter_agreed", "handbook.chapter_sent_back"}
    assert Notification.objects.filter(event__in=events).count() == 1


def test_two_who_move_chapters_at_once_leave_none_where_nobody_saw_it(at):
    first, second, third = (
        ChapterFactory(station=at.station, slug=slug, position=place)
        for place, slug in enumerate(("one", "two", "three"), 1)
    )
    seen = at.page("handbook_editing").context["seen"]
    other = logged_in(StaffRoleFactory(role="editor", station=at.station).user)
    found = at_once(
        pressed(at.client, at.address("chapter_move", first), {"seen": seen, "direction": "down"}),
        pressed(other, at.address("chapter_move", third), {"seen": seen, "direction": "up"}),
    )
    assert sorted(response.status_code for response in found) == [302, 409]
    order = list(at.station.chapters.current().values_list("slug", flat=True))
    moved_first = found[0].status_code == 302
    assert order == (["two", "one", "three"] if moved_first else ["one", "three", "two"])
    assert second.slug in order
