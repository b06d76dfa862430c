""" "We do this too": one tap, a second takes it back; never one's own."""

import pytest
from django.urls import reverse
from django.utils import timezone

from handbook.contributions.agreeing import NotToAgreeTo, agree, with_agreements
from handbook.models import Agreement, Contribution
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague():
    return AssignmentFactory(officer__user=UserFactory())


@pytest.fixture
def practice(colleague):
    return ContributionFactory(chapter=ChapterFactory(station=colleague.sector.station), inserted=True)


def tap(client, contribution, **more):
    return client.post(reverse("handbook:contribution_agree", args=[contribution.uuid]), **more)


def test_one_tap_agrees_and_the_next_takes_it_back(practice):
    user = UserFactory()
    assert agree(practice, by=user)
    assert practice.agreements.get().user == user
    assert not agree(practice, by=user)
    assert not practice.agreements.exists()


def test_ones_own_is_not_agreed_to(practice):
    with pytest.raises(NotToAgreeTo):
        agree(practice, by=practice.author)


@pytest.mark.parametrize("state", ["submitted", "declined", "taken_out"])
def test_only_what_stands_in_the_handbook_is_agreed_to(state):
    decided_at = None if state == "submitted" else timezone.now()
    with pytest.raises(NotToAgreeTo):
        agree(ContributionFactory(state=state, decided_at=decided_at), by=UserFactory())


def test_counts_come_along_in_one_query(practice, django_assert_num_queries):
    user = UserFactory()
    agree(practice, by=user)
    agree(practice, by=UserFactory())
    with django_assert_num_queries(1):
        (row,) = with_agreements(Contribution.objects.all(), user)
    assert (row.agreed, row.is_agreed) == (2, True)


def test_a_tap_leads_back_to_where_the_practice_stands(client, colleague, practice):
    client.force_login(colleague.officer.user)
    answer = tap(client, practice)
    assert answer.url.endswith(f"/chapters/{practice.passage.chapter.slug}/#contribution-{practice.uuid}")
    page = client.get(answer.url)
    assert b"1 colleague does this too." in page.content
    assert "We do this too ✓" in page.content.decode()
    tap(client, practice)
    assert b"does this too" not in client.get(answer.url).content


def test_the_author_has_no_button_and_a_word_instead(client, colleague):
    chapter = ChapterFactory(station=colleague.sector.station)
    own = ContributionFactory(chapter=chapter, inserted=True, author=colleague.officer.user)
    client.force_login(colleague.officer.user)
    page = client.get(reverse("handbook:contribution_detail", args=[own.uuid]))
    assert b"/agree/" not in page.content
    assert "This is your own" in tap(client, own, follow=True).content.decode()
    assert not Agreement.objects.exists()


def test_who_only_edits_does_not_agree(client, practice):
    editor = StaffRoleFactory(editor=True, station=practice.passage.station).user
    client.force_login(editor)
    assert tap(client, practice).status_code == 404
    page = client.get(reverse("handbook:contribution_detail", args=[practice.uuid]))
    assert b"/agree/" not in page.content
