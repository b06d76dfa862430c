"""The demonstration's handbook: something for everybody who logs in, told once however often it is loaded."""

import pytest
from django.utils import timezone

from handbook.beginning import DYNAMIC, FIXED, begin
from handbook.demo import stories
from handbook.demo.loading import load_handbook
from handbook.models import (
    Agreement,
    Chapter,
    Confirmation,
    Contribution,
    ContributionStep,
    LastRead,
    Passage,
    ReadingRequest,
    Revision,
    Wording,
)
from handbook.reading import news
from notifications.models import Notification
from officers.demo.organisation import (
    EDITOR,
    LOGINS,
    OFFICER,
    STATION_HEAD,
    STATION_SLUG,
    SUCCESSOR_LOGIN,
    people,
)
from officers.models import StaffRole, User
from tests.factories import OfficerFactory, SectorFactory, StaffRoleFactory, StationFactory, UserFactory

MODELS = (
    Agreement,
    Chapter,
    Confirmation,
    Contribution,
    ContributionStep,
    LastRead,
    Passage,
    ReadingRequest,
    Revision,
    Wording,
)
State, Kind = Contribution.State, ContributionStep.Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    """The demonstration's station with its people and their accounts, without streets, log and public side."""
    station = StationFactory(slug=STATION_SLUG)
    for number in range(1, 20):
        SectorFactory(station=station, number=number)
    accounts = {login.name: UserFactory(email=login.email, name=login.name) for login in LOGINS}
    for name in people():
        OfficerFactory(station=station, name=name, user=accounts.get(name) or UserFactory(name=name))
    StaffRoleFactory(user=accounts[EDITOR.name], role=StaffRole.Role.EDITOR, station=station)
    load_handbook(station)
    return station


def account(login) -> User:
    return User.objects.get(email=login.email)


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


def test_loading_twice_is_the_same_as_once_and_mails_nobody(station):
    before = counts()
    assert all(before)
    load_handbook(station)
    assert counts() == before
    assert not Notification.objects.filter(event__startswith="handbook.").exists()


def test_an_officer_who_was_given_another_name_contributes_nothing():
    station, head = StationFactory(), UserFactory(email=STATION_HEAD.email)
    for number in range(1, 20):
        SectorFactory(station=station, number=number)
    OfficerFactory(station=station, name="Somebody Else", user=UserFactory(email=OFFICER.email))
    OfficerFactory(station=station, name=stories.ALMA, user=head)
    UserFactory(email=EDITOR.email)
    load_handbook(station)
    assert {one.author_name for one in Contribution.objects.all()} == {stories.ALMA}


def test_a_handbook_that_somebody_has_begun_is_left_alone():
    station, editor = StationFactory(), UserFactory(email=EDITOR.email)
    UserFactory(email=STATION_HEAD.email)
    begin(station, by=editor)
    before = counts()
    load_handbook(station)
    assert counts() == before


def test_every_chapter_is_in_force_in_both_languages_and_the_fixed_ones_are_agreed_to(station):
    chapters = list(station.chapters.current().with_text())
    assert [chapter.slug for chapter in chapters] == [*FIXED, *DYNAMIC]
    for chapter in chapters:
        text = chapter.text
        assert text.title_en
        assert text.title_da
        assert text.body_en
        assert text.body_da
        assert (text.agreed_by == account(STATION_HEAD)) == chapter.is_fixed


def test_one_chapter_has_a_history_and_the_head_finds_a_text_to_agree_to(station):
    revised = Revision.objects.filter(chapter__station=station, chapter__slug=stories.REVISION.chapter)
    new, old = revised.published()
    assert (new.state, old.state) == (Revision.State.IN_FORCE, Revision.State.REPLACED)
    assert new.body_en != old.body_en
    assert new.body_da != old.body_da
    assert new.reason
    waiting = Revision.objects.get(state=Revision.State.PROPOSED)
    assert waiting.chapter.is_fixed
    assert waiting.written_by == account(EDITOR)


def test_contributions_are_there_in_every_state_and_both_languages(station):
    found = Contribution.objects.filter(passage__station=station)
    assert set(found.values_list("state", flat=True)) == set(State.values)
    assert set(found.inserted().values_list("language", flat=True)) == {"en", "da"}
    assert set(ContributionStep.objects.values_list("kind", flat=True)) == set(Kind.values)


def test_each_contribution_is_what_its_steps_have_made_it(station):
    """What the acts on contributions leave behind: the loader writes the rows itself."""
    ends = {State.DECLINED: Kind.DECLINED, State.WITHDRAWN: Kind.WITHDRAWN, State.TAKEN_OUT: Kind.TAKEN_OUT}
    for contribution in Contribution.objects.all():
        steps = list(contribution.steps.all())
        assert steps[0].kind == Kind.SUBMITTED
        assert steps[0].at == contribution.submitted_at
        assert [step.at for step in steps] == sorted({step.at for step in steps})
        assert steps[-1].at < timezone.now()
        assert contribution.is_asked == (steps[-1].kind == Kind.ASKED)
        if contribution.state in ends:
            assert steps[-1].kind == ends[contribution.state]
            assert steps[-1].at == contribution.decided_at
        if contribution.state == State.INSERTED:
            assert contribution.decided_at == next(one.at for one in steps if one.kind == Kind.INSERTED)
        worded = [step.at for step in steps if step.kind in (Kind.INSERTED, Kind.REWORDED)]
        assert worded == list(contribution.wordings.order_by("number").values_list("written_at", flat=True))


def test_the_officer_who_logs_in_has_something_inserted_a_question_to_answer_and_a_point_to_confirm(station):
    officer = account(OFFICER)
    mine = Contribution.objects.filter(author=officer)
    assert mine.inserted().exists()
    assert mine.get(is_asked=True).state == State.UNDER_REVIEW
    request = ReadingRequest.objects.open().get()
    assert request.passage.anchor == "source-handling"
    assert request.passage.changed_at < request.asked_at
    assert not request.confirmations.filter(user=officer).exists()
    assert not Agreement.objects.filter(user=officer).exists()


def test_the_officer_who_logs_in_sees_what_is_new_and_the_head_has_read_nearly_all(station):
    found = news.new_passages(account(OFFICER), station)
    assert {"patrol-form", "telephone-and-messages", "long-period", "homeless-people"} == {
        new.passage.anchor for new in found
    }
    assert [new.passage.anchor for new in found if new.is_changed] == ["patrol-form"]
    assert news.new_passages(account(STATION_HEAD), station) == []


def test_the_successor_waits_for_the_editor_who_has_something_to_take_up_and_an_answer_to_read(station):
    assert Contribution.objects.get(author=account(SUCCESSOR_LOGIN)).state == State.SUBMITTED
    review = Contribution.objects.visible_to(account(EDITOR)).filter(state=State.UNDER_REVIEW)
    assert [one.steps.last().kind for one in review.filter(is_asked=False)] == [Kind.ANSWERED]


def test_some_officers_have_confirmed_and_nobody_before_being_asked_or_later_than_now(station):
    request = ReadingRequest.objects.get()
    at = [confirmation.at for confirmation in request.confirmations.all()]
    assert len(at) == stories.CONFIRMED_BY
    assert all(request.asked_at < one < timezone.now() for one in at)


def test_nobody_agrees_with_themselves_or_before_it_stood_there(station):
    for agreement in Agreement.objects.select_related("contribution"):
        assert agreement.user_id != agreement.contribution.author_id
        assert agreement.contribution.decided_at < agreement.at < timezone.now()
