"""A chapter's next text: drafted by one at a time, published, proposed, agreed to, sent back, discarded."""

import pytest
from django.db import IntegrityError, connection, transaction

from handbook.chapters import drafting
from handbook.models import Revision
from notifications.mail import compose
from notifications.models import Notification
from officers.models import User
from tests.factories import ChapterFactory, RevisionFactory, StaffRoleFactory, UserFactory
from tests.handbook.chapters_desk import desk, logged_in, mails, state_of

pytestmark = pytest.mark.django_db

DRAFT, PROPOSED, IN_FORCE, REPLACED = "draft", "proposed", "in_force", "replaced"


@pytest.fixture
def at():
    return desk()


@pytest.fixture
def chapter(at):
    return ChapterFactory(station=at.station, slug="the-task", body="1. First. {#first}")


@pytest.fixture
def fixed(at):
    return ChapterFactory(station=at.station, slug="strategy", fixed=True, body="Ground.")


def second_editor(at) -> User:
    return StaffRoleFactory(role="editor", station=at.station, user__name="Emil").user


# --- Drafting -----------------------------------------------------------------------------------


def test_opening_the_page_shows_the_text_in_force_and_writes_nothing(at, chapter):
    response = at.page("revision_update", chapter)
    assert response.context["form"]["body_en"].value() == "1. First. {#first}"
    assert state_of(chapter) == [(1, IN_FORCE)]


def test_saving_makes_the_draft_with_its_anchors_and_leads_to_the_look(at, chapter):
    response = at.save(chapter, body_en="1. First. {#first}\r\n2. Keep a log.")
    assert (response.status_code, response.url) == (302, at.address("revision_preview", chapter))
    draft = chapter.revisions.unpublished().get()
    assert (draft.number, draft.state, draft.written_by) == (2, DRAFT, at.editor)
    assert draft.body_en == "1. First. {#first}\n2. Keep a log. {#keep-a-log}"


def test_a_draft_is_saved_whatever_is_wrong_with_it(at, chapter):
    assert at.save(chapter, body_en="# <b>\n\n![x](y)", title_en="").status_code == 302
    assert state_of(chapter) == [(1, IN_FORCE), (2, DRAFT)]


@pytest.mark.parametrize(("name", "limit"), [("title_en", 120), ("body_da", 40_000), ("reason", 300)])
def test_what_is_too_long_is_refused_with_all_that_was_typed(at, chapter, name, limit):
    response = at.save(chapter, **{"body_en": "Kept.", name: "å" * (limit + 1)})
    assert response.status_code == 422
    form = response.context["form"]
    assert f"{limit + 1} characters" in str(form.errors[name])
    assert (form["body_en"].value(), form[name].value()) == ("Kept.", "å" * (limit + 1))
    assert state_of(chapter) == [(1, IN_FORCE)]


def test_anchors_that_make_a_text_too_long_are_no_reason_to_lose_it(at, chapter):
    response = at.save(chapter, body_en="1. Log.\n\n" + "a" * 39_990)
    assert response.status_code == 422
    assert "With its anchors this is too long" in str(response.context["form"].errors["body_en"])


def test_line_ends_of_a_browser_do_not_count_twice(at, chapter):
    assert at.save(chapter, body_en="a\r\n" * 19_999).status_code == 302


# --- Two at once --------------------------------------------------------------------------------


def test_the_second_of_two_who_begin_the_first_draft_gets_both_texts(at, chapter):
    other = logged_in(second_editor(at))
    mine, theirs = at.typed(chapter, body_en="Mine."), at.typed(chapter, body_en="Theirs.")
    assert other.post(at.address("revision_update", chapter), theirs).status_code == 302
    response = at.client.post(at.address("revision_update", chapter), mine)
    assert response.status_code == 409
    assert response.context["form"]["body_en"].value() == "Mine."
    assert "Theirs." in response.content.decode()
    assert chapter.revisions.unpublished().get().body_en == "Theirs."
    # Sent once more, having read the other's, it replaces that.
    again = {**mine, "seen": response.context["form"]["seen"].value()}
    assert at.client.post(at.address("revision_update", chapter), again).status_code == 302
    assert chapter.revisions.unpublished().get().body_en == "Mine."


def test_the_second_of_two_who_change_a_draft_gets_both_texts(at, chapter):
    at.save(chapter, body_en="Begun.")
    mine = at.typed(chapter, body_en="Mine.")
    at.save(chapter, body_en="Theirs.")
    response = at.client.post(at.address("revision_update", chapter), mine)
    assert response.status_code == 409
    assert "Theirs." in response.content.decode()


def test_a_draft_that_was_published_meanwhile_is_not_begun_anew_unseen(at, chapter):
    at.save(chapter, body_en="1. Begun. {#first}")
    mine = at.typed(chapter, body_en="1. Mine. {#first}")
    at.save(chapter, body_en="1. Published. {#first}")
    assert at.act("revision_publish", chapter, reason="New.").status_code == 302
    response = at.client.post(at.address("revision_update", chapter), mine)
    assert response.status_code == 409
    assert "published or discarded this draft meanwhile" in response.content.decode()
    assert response.context["form"]["body_en"].value() == "1. Mine. {#first}"
    assert state_of(chapter) == [(1, REPLACED), (2, IN_FORCE)]


def test_a_save_button_pressed_twice_saves_once(at, chapter):
    typed = at.typed(chapter, body_en="1. First. {#first}\n2. New point.")
    statuses = [at.client.post(at.address("revision_update", chapter), typed).status_code for _press in "12"]
    assert statuses == [302, 302]
    assert state_of(chapter) == [(1, IN_FORCE), (2, DRAFT)]


def test_the_database_keeps_one_draft_a_chapter(chapter):
    RevisionFactory(chapter=chapter)
    with pytest.raises(IntegrityError, match="revision_one_being_written"), transaction.atomic():
        RevisionFactory(chapter=chapter, number=9)


# --- Publishing ---------------------------------------------------------------------------------


def test_publishing_brings_the_draft_into_force_with_its_reason(at, chapter):
    at.save(chapter, body_en="1. Other. {#first}")
    response = at.act("revision_publish", chapter, reason="Practice has changed.")
    assert (response.status_code, response.url) == (302, at.address("chapter_detail", chapter))
    assert state_of(chapter) == [(1, REPLACED), (2, IN_FORCE)]
    assert chapter.revisions.in_force().get().reason == "Practice has changed."
    assert str(chapter.passages.get(anchor="first").title) == "Other."


def test_publishing_needs_a_reason(at, chapter):
    at.save(chapter, body_en="1. Other. {#first}")
    response = at.act("revision_publish", chapter, reason=" ")
    assert response.status_code == 422
    assert "Write why the chapter changes" in response.content.decode()
    assert state_of(chapter) == [(1, IN_FORCE), (2, DRAFT)]


def test_what_readers_must_not_get_is_not_published_and_the_reason_stays(at, chapter):
    at.save(chapter, body_en="1. <b>Other</b>. {#first}")
    response = at.act("revision_publish", chapter, reason="My reason.")
    assert response.status_code == 422
    assert "HTML is not used here" in response.content.decode()
    assert response.context["publish_form"]["reason"].value() == "My reason."
    assert state_of(chapter) == [(1, IN_FORCE), (2, DRAFT)]


def test_a_draft_that_was_changed_since_it_was_seen_is_not_published(at, chapter):
    at.save(chapter, body_en="1. Seen. {#first}")
    seen = at.seen(chapter)
    at.save(chapter, body_en="1. Changed. {#first}")
    response = at.act("revision_publish", chapter, seen=seen, reason="My reason.")
    assert response.status_code == 409
    assert response.context["publish_form"]["reason"].value() == "My reason."
    assert state_of(chapter) == [(1, IN_FORCE), (2, DRAFT)]


def test_publishing_twice_publishes_once(at, chapter):
    at.save(chapter, body_en="1. Other. {#first}")
    seen = at.seen(chapter)
    statuses = [at.act("revision_publish", chapter, seen=seen, reason="R.").status_code for _press in "12"]
    assert statuses == [302, 409]
    assert state_of(chapter) == [(1, REPLACED), (2, IN_FORCE)]


# --- Fixed chapters -----------------------------------------------------------------------------


def propose(at, fixed) -> None:
    at.save(fixed, body_en="New ground.")
    assert at.act("revision_publish", fixed, reason="Why.").status_code == 302


def test_a_fixed_chapter_is_proposed_and_its_heads_are_told(at, fixed):
    propose(at, fixed)
    assert state_of(fixed) == [(1, IN_FORCE), (2, PROPOSED)]
    assert mails() == [("handbook.chapter_proposed", at.head)]


def test_the_head_agrees_and_the_editor_is_told(at, fixed):
    propose(at, fixed)
    response = at.act("revision_decide", fixed, by=at.head_client, decision="agree")
    assert response.status_code == 302
    text = fixed.revisions.in_force().get()
    assert (text.number, text.agreed_by, text.written_by) == (2, at.head, at.editor)
    # The mail that it waits has not left, and is not needed any more.
    assert mails() == [("handbook.chapter_agreed", at.editor)]


def test_the_head_sends_it_back_with_a_reason_that_the_editor_sees(at, fixed):
    propose(at, fixed)
    refused = at.act("revision_decide", fixed, by=at.head_client, decision="send_back", reason="")
    assert refused.status_code == 422
    assert (
        at.act(
            "revision_decide", fixed, by=at.head_client, decision="send_back", reason="Too long."
        ).status_code
        == 302
    )
    assert state_of(fixed) == [(1, IN_FORCE), (2, DRAFT)]
    assert mails() == [("handbook.chapter_sent_back", at.editor)]
    for page in ("revision_preview", "revision_update"):
        assert "Too long." in at.page(page, fixed).content.decode()
    assert at.act("revision_publish", fixed, reason="Why.").status_code == 302
    assert fixed.revisions.unpublished().get().sent_back_because == ""


def test_who_drafted_cannot_agree_and_the_page_says_so(at, fixed):
    StaffRoleFactory(role="editor", station=at.station, user=at.head)
    draft = RevisionFactory(chapter=fixed, proposed=True, written_by=at.head)
    page = at.head_client.get(at.address("revision_preview", fixed)).content.decode()
    assert "You wrote this text yourself." in page
    assert 'value="agree"' not in page
    assert at.act("revision_decide", fixed, by=at.head_client, decision="agree").status_code == 422
    with pytest.raises(drafting.OwnProposal):
        drafting.agree(draft, by=at.head)
    assert state_of(fixed) == [(1, IN_FORCE), (2, PROPOSED)]


def test_an_editor_cannot_decide_and_a_head_cannot_write(at, fixed):
    propose(at, fixed)
    assert at.act("revision_decide", fixed, decision="agree").status_code == 404
    for page in ("revision_update", "revision_publish", "revision_discard", "chapter_move"):
        assert at.head_client.post(at.address(page, fixed)).status_code == 404


def test_the_head_sees_no_draft_that_is_not_proposed(at, fixed):
    at.save(fixed, body_en="New ground.")
    response = at.head_client.get(at.address("revision_preview", fixed))
    assert (response.status_code, response.url) == (302, at.address("handbook_editing"))


def test_agreeing_twice_agrees_once(at, fixed):
    propose(at, fixed)
    seen = at.seen(fixed)
    statuses = [
        at.act("revision_decide", fixed, by=at.head_client, seen=seen, decision="agree").status_code
        for _press in "12"
    ]
    assert statuses == [302, 409]
    assert mails() == [("handbook.chapter_agreed", at.editor)]


def test_a_proposal_that_is_changed_is_a_draft_again_and_the_head_agrees_to_nothing_unseen(at, fixed):
    propose(at, fixed)
    seen = at.seen(fixed)
    at.save(fixed, body_en="Quite another ground.")
    assert state_of(fixed) == [(1, IN_FORCE), (2, DRAFT)]
    assert mails() == []
    assert at.act("revision_decide", fixed, by=at.head_client, seen=seen, decision="agree").status_code == 409


def test_what_is_wrong_by_now_is_not_agreed_to(at, fixed):
    RevisionFactory(chapter=fixed, proposed=True, written_by=at.editor, body_en="See [it](#gone).")
    response = at.act("revision_decide", fixed, by=at.head_client, decision="agree")
    assert response.status_code == 422
    assert "leads to #gone" in response.content.decode()


def test_heads_who_are_switched_off_are_not_told(at, fixed):
    User.objects.filter(pk=at.head.pk).update(is_active=False)
    propose(at, fixed)
    assert mails() == []


def test_the_mail_says_what_waits_with_a_link_and_no_word_of_the_text(at, fixed):
    propose(at, fixed)
    mail = compose(Notification.objects.get())
    assert mail.subject == "A chapter of the handbook waits for you"
    assert at.address("revision_preview", fixed) in mail.body
    assert "New ground" not in mail.body


# --- Discarding ---------------------------------------------------------------------------------


def test_discarding_deletes_the_draft_and_takes_back_the_mail(at, fixed):
    propose(at, fixed)
    assert at.act("revision_discard", fixed).status_code == 302
    assert state_of(fixed) == [(1, IN_FORCE)]
    assert mails() == []


def test_a_draft_that_was_changed_since_it_was_seen_is_not_discarded(at, chapter):
    at.save(chapter, body_en="Seen.")
    seen = at.seen(chapter)
    at.save(chapter, body_en="Changed.")
    assert at.act("revision_discard", chapter, seen=seen).status_code == 409
    assert state_of(chapter) == [(1, IN_FORCE), (2, DRAFT)]


def test_the_next_number_follows_the_last_that_was_published(at, chapter):
    at.save(chapter, body_en="1. Other. {#first}")
    at.act("revision_discard", chapter)
    at.save(chapter, body_en="1. Another. {#first}")
    assert Revision.objects.unpublished().get(chapter=chapter).number == 2


def test_acts_that_are_asked_for_lead_to_their_page(at, chapter):
    at.save(chapter, body_en="1. Other. {#first}")
    for page in (
        "revision_publish",
        "revision_discard",
        "chapter_move",
        "chapter_leave_out",
        "chapter_take_in",
    ):
        assert at.page(page, chapter).status_code == 302
    assert state_of(chapter) == [(1, IN_FORCE), (2, DRAFT)]
    assert connection.in_atomic_block


def test_an_editor_of_another_station_finds_nothing(at, chapter):
    other = logged_in(StaffRoleFactory(editor=True).user)
    for page in ("revision_update", "revision_preview"):
        assert other.get(at.address(page, chapter)).status_code == 404
    assert logged_in(UserFactory()).get(at.address("handbook_editing")).status_code == 404
