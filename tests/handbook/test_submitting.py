"""Contributions are handed in once, at the right place, answered and withdrawn until they are decided on."""

import json
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Change
from handbook.contributions.answering import answer
from handbook.contributions.holding import ActedMeanwhile
from handbook.contributions.submitting import place_for, submit
from handbook.contributions.withdrawing import withdraw
from handbook.models import Contribution, ContributionStep
from notifications.models import Notification
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    OfficerFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chapter():
    return ChapterFactory()


@pytest.fixture
def editor(chapter):
    return StaffRoleFactory(editor=True, station=chapter.station).user


def handed_in(chapter, *, author=None, token=None, sector=None, text="We knock twice."):
    return submit(
        chapter.passages.get(position=0),
        author=author or UserFactory(name="Anna Holm"),
        language="en",
        text=text,
        sector=sector,
        form_token=token or uuid.uuid4(),
    )


def mails(event):
    return list(Notification.objects.filter(event=f"handbook.contribution_{event}"))


def test_a_contribution_is_handed_in_and_the_editors_are_told(chapter, editor):
    made, is_new = handed_in(chapter)
    assert is_new
    assert (made.state, made.author_name) == (Contribution.State.SUBMITTED, "Anna Holm")
    step = made.steps.get()
    assert (step.kind, step.by) == (ContributionStep.Kind.SUBMITTED, made.author)
    assert [one.recipient for one in mails("submitted")] == [editor]


def test_the_same_form_twice_is_one_contribution(chapter, editor):
    author, token = UserFactory(), uuid.uuid4()
    first, _new = handed_in(chapter, author=author, token=token)
    again, is_new = handed_in(chapter, author=author, token=token)
    assert (again, is_new) == (first, False)
    assert Contribution.objects.count() == 1
    assert len(mails("submitted")) == 1


def test_other_words_from_the_same_form_are_not_lost(chapter):
    author, token = UserFactory(), uuid.uuid4()
    first, _new = handed_in(chapter, author=author, token=token)
    other, is_new = handed_in(chapter, author=author, token=token, text="We knock three times.")
    assert is_new
    assert other.text == "We knock three times."
    assert handed_in(chapter, author=author, token=token, text="We knock three times.") == (other, False)
    withdraw(first, by=author)
    assert handed_in(chapter, author=author, token=token)[1]


def test_somebody_elses_token_is_no_reason_to_lose_a_contribution(chapter):
    token = uuid.uuid4()
    first, _new = handed_in(chapter, token=token)
    other, is_new = handed_in(chapter, token=token, author=UserFactory())
    assert is_new
    assert other.pk != first.pk


def test_the_credit_is_the_officers_name_at_the_station(chapter):
    officer = OfficerFactory(station=chapter.station, name="Anna Holm", user=UserFactory(name="ah"))
    assert handed_in(chapter, author=officer.user)[0].author_name == "Anna Holm"


def test_the_credit_stays_when_the_officer_is_renamed(chapter):
    officer = OfficerFactory(station=chapter.station, name="Anna Holm", user=UserFactory())
    made, _new = handed_in(chapter, author=officer.user)
    officer.name = "Anna Lund"
    officer.save()
    made.refresh_from_db()
    assert made.author_name == "Anna Holm"


def test_a_passage_that_left_the_text_hands_over_to_its_chapter(chapter):
    first = chapter.passages.get(position=0)
    point = chapter.passages.get(number=1)
    assert place_for(point) == point
    point.left_at = timezone.now()
    point.save()
    assert place_for(point) == first


def test_a_chapter_that_was_left_out_takes_nothing(chapter):
    chapter.left_out_at = timezone.now()
    chapter.save()
    point = chapter.passages.get(number=1)
    assert place_for(point) is None


def test_an_answer_is_noted_and_told(chapter, editor):
    asked = ContributionFactory(chapter=chapter, under_review=True, is_asked=True)
    answer(asked, "On Mondays.", by=asked.author)
    asked.refresh_from_db()
    assert not asked.is_asked
    assert asked.steps.get().text == "On Mondays."
    assert [one.recipient for one in mails("answered")] == [editor]


@pytest.mark.parametrize("state", ["under_review", "declined", "inserted", "withdrawn"])
def test_nothing_is_answered_where_no_question_is_open(chapter, state):
    decided_at = None if state == "under_review" else timezone.now()
    made = ContributionFactory(chapter=chapter, state=state, decided_at=decided_at)
    with pytest.raises(ActedMeanwhile):
        answer(made, "On Mondays.", by=made.author)
    assert not made.steps.exists()


def test_withdrawing_closes_an_open_question_and_takes_mails_back(chapter, editor):
    made, _new = handed_in(chapter)
    assert [one.state for one in mails("submitted")] == ["waiting"]
    Contribution.objects.filter(pk=made.pk).update(state="under_review")
    Contribution.objects.filter(pk=made.pk).update(is_asked=True)
    withdraw(made, by=made.author)
    made.refresh_from_db()
    assert (made.state, made.is_asked) == (Contribution.State.WITHDRAWN, False)
    assert made.decided_at is not None
    assert "waiting" not in [one.state for one in mails("submitted")]


def test_withdrawing_erases_what_was_written_and_what_was_asked_and_answered_about_it(chapter):
    made, _new = handed_in(chapter, text="Jens Olsen of number four knows.")
    made.steps.create(kind="asked", by=UserFactory(), text="Who is Jens Olsen?")
    made.steps.create(kind="answered", by=made.author, text="He has the kiosk.")
    other = handed_in(chapter, token=uuid.uuid4())[0]
    withdraw(made, by=made.author)
    made.refresh_from_db()
    assert made.text == ""
    steps = list(made.steps.order_by("pk").values_list("kind", "text"))
    assert steps == [("submitted", ""), ("asked", ""), ("answered", ""), ("withdrawn", "")]
    other.refresh_from_db()
    assert other.text
    held = json.dumps(list(Change.objects.values_list("before", "after")), default=str)
    assert "Olsen" not in held
    assert "kiosk" not in held


def test_the_database_takes_no_words_of_what_is_withdrawn_and_no_withdrawal_that_keeps_them(chapter):
    made, _new = handed_in(chapter)
    asked = made.steps.create(kind="asked", by=UserFactory(), text="Where?")
    rows = Contribution.objects.filter(pk=made.pk)
    with pytest.raises(IntegrityError, match="contribution_says_something"), transaction.atomic():
        rows.update(state="withdrawn", decided_at=timezone.now())
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        made.steps.update(text="")
    with pytest.raises(IntegrityError, match="words"), transaction.atomic():
        made.steps.create(kind="answered", by=made.author, text="")
    withdraw(made, by=made.author)
    with pytest.raises(IntegrityError, match="contribution_says_something"), transaction.atomic():
        rows.update(text="Again.")
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        made.steps.filter(pk=asked.pk).update(text="Where else?")


@pytest.mark.parametrize("state", ["inserted", "declined", "taken_out"])
def test_what_is_decided_is_not_withdrawn(chapter, state):
    made = ContributionFactory(chapter=chapter, state=state, decided_at=timezone.now())
    with pytest.raises(ActedMeanwhile):
        withdraw(made, by=made.author)


def test_the_sector_is_kept(chapter):
    held = AssignmentFactory(sector__station=chapter.station)
    assert handed_in(chapter, sector=held.sector)[0].sector == held.sector
