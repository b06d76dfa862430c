"""Taking up, what the page of a contribution offers to whom, and who may do none of it."""

import pytest
from django.db import IntegrityError, transaction

from audit.models import ReadEntry
from handbook.contributions import taking_up
from handbook.contributions.holding import ActedMeanwhile
from handbook.contributions.withdrawing import withdraw
from handbook.models import Contribution
from tests.factories import StaffRoleFactory, UserFactory, between, head_of
from tests.handbook import editing_desk
from tests.handbook.editing_desk import at_once, kinds, logged_in

pytestmark = pytest.mark.django_db

ACTS = ("take_up", "ask", "insert", "decline", "reword", "take_out")


@pytest.fixture
def desk():
    return editing_desk.desk()


def offered(desk, contribution, client=None):
    """Return the acts that the contribution's page offers."""
    page = (client or desk.client).get(desk.at(contribution, "detail"))
    assert page.status_code == 200
    return [act for act in ACTS if f'"{desk.at(contribution, act)}"' in page.content.decode()]


def test_taken_up_it_is_under_review(desk):
    contribution = desk.contribution()
    assert desk.client.post(desk.at(contribution, "take_up")).status_code == 302
    contribution.refresh_from_db()
    assert contribution.state == "under_review"
    assert contribution.steps.get().by == desk.editor


def test_taking_it_up_twice_takes_it_up_once(desk):
    contribution = desk.contribution()
    found = [desk.client.post(desk.at(contribution, "take_up")).status_code for _time in range(2)]
    assert found == [302, 302]
    assert kinds(contribution) == ["taken_up"]


def test_who_takes_up_second_is_told_who_was_first(desk):
    contribution, (_second, browser) = desk.contribution(), desk.second_editor()
    desk.client.post(desk.at(contribution, "take_up"))
    page = browser.post(desk.at(contribution, "take_up"))
    assert page.status_code == 409
    assert "Editor Berg took it up meanwhile." in page.content.decode()


def test_what_was_withdrawn_meanwhile_is_not_taken_up(desk):
    contribution = desk.contribution(text="Sentinel")
    withdraw(contribution, by=desk.officer)
    page = desk.client.post(desk.at(contribution, "take_up"))
    assert page.status_code == 409
    assert "The contributor has withdrawn it meanwhile." in page.content.decode()
    assert "Sentinel" not in page.content.decode()


@pytest.mark.parametrize(
    ("values", "acts"),
    [
        ({}, ["take_up", "ask", "insert", "decline"]),
        ({"under_review": True}, ["ask", "insert", "decline"]),
        ({"under_review": True, "is_asked": True}, ["insert", "decline"]),
        ({"inserted": True}, ["reword", "take_out"]),
        ({"state": "declined", "decided_at": "2026-01-01T12:00Z"}, []),
        ({"state": "taken_out", "decided_at": "2026-01-01T12:00Z"}, []),
    ],
)
def test_the_page_offers_what_can_be_done_now(desk, values, acts):
    assert offered(desk, desk.contribution(**values)) == acts


def test_the_page_offers_nothing_to_author_and_reviewer(desk):
    contribution = desk.contribution()
    assert offered(desk, contribution, logged_in(desk.officer)) == []
    assert offered(desk, contribution, logged_in(StaffRoleFactory(reviewer=True).user)) == []


@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_the_handbooks_editors_of_today_decides(desk, act):
    contribution = desk.contribution(inserted=act in ("reword", "take_out"))
    ended = StaffRoleFactory(editor=True, station=desk.station, period=between(days=(-9, -1))).user
    others = [ended, StaffRoleFactory(editor=True).user, head_of(desk.station), desk.officer, UserFactory()]
    others.append(StaffRoleFactory(reviewer=True).user)
    for user in others:
        client, given = logged_in(user), desk.wording(contribution, text="Words.")
        assert client.post(desk.at(contribution, act), given).status_code == 404
        assert client.get(desk.at(contribution, act)).status_code == 404
    before = contribution.state
    contribution.refresh_from_db()
    assert contribution.state == before
    assert kinds(contribution) == []


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_is_only_looked_at_does_nothing(desk, act):
    contribution = desk.contribution(inserted=act in ("reword", "take_out"))
    assert desk.client.get(desk.at(contribution, act)).status_code in (200, 302)
    assert kinds(contribution) == []


def test_pages_of_an_act_that_is_over_lead_to_the_contribution(desk):
    for act, values in (("insert", {"inserted": True}), ("reword", {})):
        contribution = desk.contribution(**values)
        answer = desk.client.get(desk.at(contribution, act))
        assert answer.headers["Location"] == desk.at(contribution, "detail")


def test_who_reads_a_contribution_to_word_it_is_noted(desk):
    contribution = desk.contribution()
    desk.client.get(desk.at(contribution, "insert"))
    (entry,) = ReadEntry.objects.filter(subject="handbook.contribution")
    assert entry.keys == [f"handbook.contribution:{contribution.pk}"]
    assert entry.sectors == [desk.sector.pk]


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_the_same_instant_take_it_up_once(desk):
    contribution, (second, _browser) = desk.contribution(), desk.second_editor()
    found = at_once(
        *(lambda user=user: taking_up.take_up(contribution, by=user) for user in (desk.editor, second))
    )
    assert sorted(type(one) for one in found if one is not None) == [ActedMeanwhile]
    assert kinds(contribution) == ["taken_up"]


def test_the_database_lets_no_question_be_open_about_what_is_not_under_review(desk):
    contribution = desk.contribution()
    with pytest.raises(IntegrityError, match="contribution_asked_under_review"), transaction.atomic():
        Contribution.objects.filter(pk=contribution.pk).update(is_asked=True)
