"""Two taps at once: one contribution, one answer, one agreement taken back at most."""

import uuid

import pytest

from handbook.contributions.agreeing import agree
from handbook.contributions.answering import answer
from handbook.contributions.holding import ActedMeanwhile
from handbook.contributions.submitting import submit
from handbook.contributions.withdrawing import withdraw
from handbook.models import Contribution
from tests.factories import ChapterFactory, ContributionFactory, UserFactory
from tests.handbook.editing_desk import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_form_sent_twice_at_once_is_one_contribution():
    words = {
        "author": UserFactory(),
        "language": "en",
        "text": "Words.",
        "sector": None,
        "form_token": uuid.uuid4(),
    }
    passage = ChapterFactory().passages.get(position=0)
    found = at_once(lambda: submit(passage, **words), lambda: submit(passage, **words))
    assert sorted(is_new for _made, is_new in found) == [False, True]
    assert Contribution.objects.get().steps.count() == 1


def test_of_two_answers_at_once_one_counts():
    asked = ContributionFactory(under_review=True, is_asked=True)
    found = at_once(*[lambda: answer(asked, "On Mondays.", by=asked.author)] * 2)
    assert sum(isinstance(one, ActedMeanwhile) for one in found) == 1
    assert asked.steps.count() == 1


def test_withdrawn_and_answered_at_once_is_withdrawn():
    asked = ContributionFactory(under_review=True, is_asked=True)
    at_once(lambda: answer(asked, "On Mondays.", by=asked.author), lambda: withdraw(asked, by=asked.author))
    asked.refresh_from_db()
    assert (asked.state, asked.is_asked) == (Contribution.State.WITHDRAWN, False)


def test_two_taps_at_once_leave_no_agreement_twice():
    practice, user = ContributionFactory(inserted=True), UserFactory()
    assert sorted(at_once(*[lambda: agree(practice, by=user)] * 2)) == [False, True]
    assert not practice.agreements.exists()
