"""An editor asks the contributor back: one question at a time, and only whom somebody can answer."""

import pytest

from handbook.contributions import asking
from handbook.contributions.asking import NobodyAnswers
from handbook.contributions.holding import ActedMeanwhile
from handbook.contributions.withdrawing import withdraw
from handbook.models.contributions import NOTE_LIMIT
from tests.handbook import editing_desk
from tests.handbook.editing_desk import at_once, kinds, mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return editing_desk.desk()


def sent(desk, contribution, text="Where was it?", client=None, **changes):
    given = {"text": text, "seen": desk.seen(contribution), **changes}
    return (client or desk.client).post(desk.at(contribution, "ask"), given)


def test_a_question_takes_the_contribution_up_and_tells_its_author(desk):
    contribution = desk.contribution()
    assert sent(desk, contribution).status_code == 302
    contribution.refresh_from_db()
    assert (contribution.state, contribution.is_asked) == ("under_review", True)
    assert kinds(contribution) == ["taken_up", "asked"]
    assert contribution.steps.get(kind="asked").text == "Where was it?"
    assert mails() == [(desk.officer.email, "asked")]


def test_a_question_without_words_is_refused_with_what_to_do(desk):
    contribution = desk.contribution()
    page = sent(desk, contribution, "  ")
    assert page.status_code == 422
    assert "Write what you want to know." in page.content.decode()
    assert kinds(contribution) == []


def test_a_question_that_is_too_long_is_refused_and_kept(desk):
    page = sent(desk, desk.contribution(), "Why? " * NOTE_LIMIT)
    assert page.status_code == 422
    assert "Why? Why?" in page.content.decode()


def test_lines_count_as_the_writer_sees_them(desk):
    lines = "\r\n".join("x" * 9 for _line in range(100))
    assert len(lines) > NOTE_LIMIT - 1
    assert sent(desk, desk.contribution(), lines).status_code == 302


def test_the_same_question_sent_twice_is_asked_once(desk):
    contribution = desk.contribution()
    seen = desk.seen(contribution)
    assert sent(desk, contribution, seen=seen).status_code == 302
    assert sent(desk, contribution, seen=seen).status_code == 302
    assert kinds(contribution) == ["taken_up", "asked"]
    assert mails() == [(desk.officer.email, "asked")]


def test_while_a_question_is_open_there_is_no_second_one(desk):
    contribution = desk.contribution()
    asking.ask(contribution, "Where?", by=desk.editor)
    with pytest.raises(ActedMeanwhile):
        asking.ask(contribution, "And when?", by=desk.editor)
    page = sent(desk, contribution, "And when?")
    assert page.status_code == 409
    assert "And when?" in page.content.decode()


def test_of_two_editors_the_second_is_told_and_keeps_the_question(desk):
    contribution, (_second, browser) = desk.contribution(), desk.second_editor()
    seen = desk.seen(contribution)
    assert sent(desk, contribution, seen=seen).status_code == 302
    page = sent(desk, contribution, "How often was it?", client=browser, seen=seen)
    assert page.status_code == 409
    text = page.content.decode()
    assert "Editor Berg has asked the contributor something meanwhile." in text
    assert "How often was it?" in text
    assert kinds(contribution) == ["taken_up", "asked"]


def test_a_contribution_that_was_withdrawn_meanwhile_shows_the_editors_words_alone(desk):
    contribution = desk.contribution(text="Sentinel")
    seen = desk.seen(contribution)
    withdraw(contribution, by=desk.officer)
    page = sent(desk, contribution, "How often was it?", seen=seen)
    assert page.status_code == 409
    text = page.content.decode()
    assert "The contributor has withdrawn it meanwhile." in text
    assert "How often was it?" in text
    assert "Sentinel" not in text


def test_nobody_asks_who_has_left(desk):
    contribution = desk.contribution()
    desk.officer.is_active = False
    desk.officer.save()
    with pytest.raises(NobodyAnswers):
        asking.ask(contribution, "Where?", by=desk.editor)
    page = sent(desk, contribution)
    assert page.status_code == 422
    assert "Nobody can answer: decide without an answer." in page.content.decode()
    assert "Where was it?" in page.content.decode()
    detail = desk.client.get(desk.at(contribution, "detail")).content.decode()
    assert "The contributor has left: decide without an answer." in detail
    assert desk.at(contribution, "ask") not in detail


def test_nobody_asks_themselves(desk):
    contribution = desk.contribution(author=desk.editor)
    with pytest.raises(NobodyAnswers):
        asking.ask(contribution, "Where?", by=desk.editor)
    detail = desk.client.get(desk.at(contribution, "detail")).content.decode()
    assert "This is your own contribution." in detail
    assert desk.at(contribution, "ask") not in detail


def test_what_looks_like_a_person_is_asked_about_before_it_is_sent(desk):
    contribution = desk.contribution()
    page = sent(desk, contribution, "Is it about Jens Petersen?")
    assert page.status_code == 422
    assert "Jens Petersen" in page.content.decode()
    assert kinds(contribution) == []
    key = page.context["form"].question_key
    assert sent(desk, contribution, "Is it about Jens Petersen?", answered=key).status_code == 302


def test_a_national_identity_number_is_refused(desk):
    page = sent(desk, desk.contribution(), "Is it about 010190-1234?")
    assert page.status_code == 422
    assert "looks like a national identity number" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_the_same_instant_ask_one_question(desk):
    contribution, (second, _browser) = desk.contribution(), desk.second_editor()
    found = at_once(
        *(
            lambda user=user: asking.ask(contribution, f"Where, {user.name}?", by=user)
            for user in (desk.editor, second)
        )
    )
    assert sorted(type(one).__name__ for one in found) == ["ActedMeanwhile", "NoneType"]
    assert kinds(contribution) == ["taken_up", "asked"]
