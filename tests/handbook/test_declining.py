"""An editor declines with a reason, or takes what stood in the handbook out again."""

import pytest
from django.db import IntegrityError, transaction

from handbook.contributions import declining, taking_out
from handbook.contributions.holding import ActedMeanwhile
from handbook.models import Contribution
from tests.handbook import editing_desk
from tests.handbook.editing_desk import at_once, kinds, mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return editing_desk.desk()


def sent(desk, contribution, act="decline", text="It stands there already.", client=None, **changes):
    given = {"text": text, "seen": desk.seen(contribution), **changes}
    return (client or desk.client).post(desk.at(contribution, act), given)


def test_declined_with_a_reason_that_the_contributor_is_told_of(desk):
    contribution = desk.contribution(under_review=True, is_asked=True)
    assert sent(desk, contribution).status_code == 302
    contribution.refresh_from_db()
    assert (contribution.state, contribution.is_asked) == ("declined", False)
    assert contribution.decided_at is not None
    step = contribution.steps.get(kind="declined")
    assert (step.by, step.text) == (desk.editor, "It stands there already.")
    assert mails() == [(desk.officer.email, "declined")]


def test_without_a_reason_it_is_not_declined(desk):
    contribution = desk.contribution()
    page = sent(desk, contribution, text="")
    assert page.status_code == 422
    assert "Write why, so that the contributor understands it." in page.content.decode()
    contribution.refresh_from_db()
    assert contribution.is_open


def test_what_is_inserted_cannot_be_declined(desk):
    contribution = desk.contribution(inserted=True)
    page = sent(desk, contribution)
    assert page.status_code == 409
    assert "It stands there already." in page.content.decode()
    with pytest.raises(ActedMeanwhile):
        declining.decline(contribution, "No.", by=desk.editor)


def test_declining_twice_declines_once(desk):
    contribution = desk.contribution()
    seen = desk.seen(contribution)
    assert [sent(desk, contribution, seen=seen).status_code for _time in range(2)] == [302, 302]
    assert kinds(contribution) == ["declined"]
    assert mails() == [(desk.officer.email, "declined")]


def test_who_declines_what_was_answered_meanwhile_reads_the_answer_first(desk):
    contribution = desk.contribution(under_review=True, is_asked=True)
    seen = desk.seen(contribution)
    contribution.steps.create(kind="answered", by=desk.officer, text="On the square.")
    page = sent(desk, contribution, seen=seen)
    assert page.status_code == 409
    text = page.content.decode()
    assert "The contributor has answered meanwhile." in text
    assert "On the square." in text
    # Sent once more from that page it is declined.
    assert sent(desk, contribution, seen=page.context["seen"]).status_code == 302


def test_taken_out_with_a_reason_its_words_stay_with_it(desk):
    contribution = desk.contribution(inserted=True)
    assert sent(desk, contribution, "take_out", "We no longer do this.").status_code == 302
    contribution.refresh_from_db()
    assert contribution.state == "taken_out"
    assert contribution.wordings.count() == 1
    assert kinds(contribution) == ["taken_out"]
    assert mails() == [(desk.officer.email, "taken_out")]
    assert contribution not in Contribution.objects.visible_to(desk.second_editor()[0]).inserted()


def test_what_is_not_in_the_handbook_is_not_taken_out(desk):
    contribution = desk.contribution()
    assert sent(desk, contribution, "take_out").status_code == 409
    with pytest.raises(ActedMeanwhile):
        taking_out.take_out(contribution, "No.", by=desk.editor)


def test_taking_it_out_twice_takes_it_out_once(desk):
    contribution = desk.contribution(inserted=True)
    seen = desk.seen(contribution)
    found = [sent(desk, contribution, "take_out", seen=seen).status_code for _time in range(2)]
    assert found == [302, 302]
    assert kinds(contribution) == ["taken_out"]


DECIDED = ("inserted", "declined", "withdrawn", "taken_out")
AGAIN = ("submitted", "under_review", "inserted", "declined", "withdrawn")


@pytest.mark.parametrize(
    ("before", "after"), [(before, after) for before in DECIDED for after in AGAIN if before != after]
)
def test_the_database_lets_what_is_decided_rest(desk, before, after):
    contribution = desk.contribution(state=before, decided_at="2026-01-01T12:00Z")
    decided_at = None if after in Contribution.OPEN else "2026-01-01T12:00Z"
    with pytest.raises(IntegrityError, match="decided"), transaction.atomic():
        Contribution.objects.filter(pk=contribution.pk).update(state=after, decided_at=decided_at)


def test_the_database_keeps_an_officers_words_and_what_happened_to_them(desk):
    contribution = desk.contribution()
    declining.decline(contribution, "It stands there.", by=desk.editor)
    for change in ({"text": "Other words."}, {"author": desk.editor}, {"author_name": "Other"}):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            Contribution.objects.filter(pk=contribution.pk).update(**change)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        contribution.steps.update(text="Another reason.")
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Contribution.objects.filter(pk=contribution.pk)._raw_delete(using="default")


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_the_same_instant_decline_once(desk):
    contribution, (second, _browser) = desk.contribution(), desk.second_editor()
    found = at_once(
        *(
            lambda user=user: declining.decline(contribution, f"No, {user.name}.", by=user)
            for user in (desk.editor, second)
        )
    )
    assert sorted(type(one).__name__ for one in found) == ["ActedMeanwhile", "NoneType"]
    assert kinds(contribution) == ["declined"]
    assert mails() == [(desk.officer.email, "declined")]
