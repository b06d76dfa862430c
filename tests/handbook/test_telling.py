"""Who is told of a contribution, once and without a word of it."""

import pytest
from django.utils import translation

from handbook.contributions import asking, declining, inserting, rewording, taking_out, telling
from handbook.contributions.answering import answer
from handbook.contributions.submitting import submit
from handbook.contributions.withdrawing import withdraw
from notifications.mail import compose
from notifications.models import Notification
from tests.factories import AssignmentFactory, OfficerFactory, StaffRoleFactory, UserFactory, between
from tests.handbook import editing_desk
from tests.handbook.editing_desk import OWN_WORDS, mails

pytestmark = pytest.mark.django_db

TEXTS = {"en": "Tradespeople are met monthly.", "da": ""}
ACTS = {
    "asked": lambda desk, one: asking.ask(one, "Where?", by=desk.editor),
    "declined": lambda desk, one: declining.decline(one, "It stands there.", by=desk.editor),
    "inserted": lambda desk, one: inserting.insert(one, one.passage, TEXTS, by=desk.editor),
}


@pytest.fixture
def desk():
    return editing_desk.desk()


def submitted(desk):
    made, _is_new = submit(
        desk.chapter.passages.get(anchor="task-first"),
        author=desk.officer,
        language="en",
        text=OWN_WORDS,
        sector=desk.sector,
        form_token="9e0f2f0e-3b64-4c3b-8b0d-6a8a3f2b8f10",
    )
    return made


def test_the_editors_of_the_day_are_told_of_a_new_contribution(desk):
    second, _browser = desk.second_editor()
    StaffRoleFactory(editor=True, station=desk.station, period=between(days=(-9, -1)))
    StaffRoleFactory(editor=True, station=desk.station, user__is_active=False)
    StaffRoleFactory(editor=True)
    submitted(desk)
    assert mails() == sorted((user.email, "submitted") for user in (desk.editor, second))


def test_an_editor_is_not_told_of_what_they_wrote_themselves(desk):
    second, _browser = desk.second_editor()
    telling.tell_editors(desk.contribution(author=desk.editor), "submitted")
    assert mails() == [(second.email, "submitted")]


@pytest.mark.parametrize("event", ACTS)
def test_the_author_is_told_what_became_of_it(desk, event):
    ACTS[event](desk, submitted(desk))
    told = [row for row in mails() if row[0] == desk.officer.email]
    assert told == [(desk.officer.email, event)]


def test_the_editors_are_told_of_an_answer_and_the_question_is_no_news_any_more(desk):
    contribution = submitted(desk)
    asking.ask(contribution, "Where?", by=desk.editor)
    answer(contribution, "On the square.", by=desk.officer)
    assert (desk.editor.email, "answered") in mails()
    assert (desk.officer.email, "asked") not in mails()


def test_the_author_is_told_when_it_is_worded_anew_and_when_it_is_taken_out(desk):
    contribution = desk.contribution(inserted=True)
    rewording.reword(contribution, {"en": "Other words.", "da": ""}, by=desk.editor)
    rewording.reword(contribution, {"en": "Yet others.", "da": ""}, by=desk.editor)
    # The first mail had not left: one is enough.
    assert mails() == [(desk.officer.email, "reworded")]
    taking_out.take_out(contribution, "It is over.", by=desk.editor)
    assert mails() == [(desk.officer.email, "taken_out")]


def test_what_is_decided_is_no_news_for_the_editors_any_more(desk):
    declining.decline(submitted(desk), "It stands there.", by=desk.editor)
    assert mails() == [(desk.officer.email, "declined")]


def test_of_what_is_withdrawn_no_mail_leaves(desk):
    contribution, other = submitted(desk), desk.contribution()
    telling.tell_editors(other, "submitted")
    withdraw(contribution, by=desk.officer)
    rows = Notification.objects.filter(event__startswith="handbook.")
    assert [row.context["contribution"] for row in rows] == [str(other.uuid)]


def test_who_does_not_read_the_handbook_any_more_is_told_nothing_and_keeps_the_credit(desk):
    gone = OfficerFactory(station=desk.station, user=UserFactory())
    AssignmentFactory(sector=desk.sector, officer=gone, attached=True, period=between(days=(-9, -1)))
    contribution = desk.contribution(author=gone.user)
    inserting.insert(contribution, contribution.passage, TEXTS, by=desk.editor)
    assert mails() == []
    contribution.refresh_from_db()
    assert contribution.author_name == "Mette Holm"


def test_an_account_that_is_switched_off_is_told_nothing(desk):
    desk.officer.is_active = False
    desk.officer.save()
    declining.decline(desk.contribution(), "It stands there.", by=desk.editor)
    assert mails() == []


def test_what_an_editor_decides_on_their_own_is_not_told_to_them(desk):
    declining.decline(desk.contribution(author=desk.editor), "Better words will come.", by=desk.editor)
    assert mails() == []


def test_an_unknown_event_is_refused(desk):
    with pytest.raises(ValueError, match="editors are told of"):
        telling.tell_editors(desk.contribution(), "inserted")
    with pytest.raises(ValueError, match="authors are told of"):
        telling.tell_author(desk.contribution(), "submitted")


@pytest.mark.parametrize("event", telling.TO_EDITORS + telling.TO_AUTHOR)
@pytest.mark.parametrize("language", ["en", "da"])
def test_a_mail_leads_to_the_contribution_and_holds_no_word_of_it(desk, event, language):
    contribution = desk.contribution(text="Sentinel", author_name="Sentinel")
    for user in (desk.editor, desk.officer):
        user.language = language
        user.save()
    with translation.override("da"):  # whoever acts, in whatever language
        if event in telling.TO_EDITORS:
            telling.tell_editors(contribution, event)
        else:
            telling.tell_author(contribution, event)
    (row,) = Notification.objects.filter(event=f"handbook.contribution_{event}")
    assert set(row.context) == {"path", "contribution"}
    mail = compose(row)
    assert f"/handbook/contributions/{contribution.uuid}/" in mail.body
    assert mail.subject
    assert "Sentinel" not in mail.subject + mail.body
