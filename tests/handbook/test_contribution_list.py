"""The editors' list: what waits by age, what is decided with what came of it, chapter by chapter."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from handbook.contributions import asking
from handbook.views import reviewing
from tests.factories import ChapterFactory, ContributionFactory, StaffRoleFactory, UserFactory, days_ago
from tests.handbook import editing_desk
from tests.handbook.editing_desk import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return editing_desk.desk()


def shown(desk, client=None, **query):
    page = (client or desk.client).get(reverse("handbook:contribution_list", args=[desk.station.slug]), query)
    assert page.status_code == 200
    return page


def words(page):
    return " ".join(page.content.decode().split())


def test_what_waits_longest_stands_first_with_all_that_an_editor_sorts_by(desk):
    desk.contribution(text="Younger words.", submitted_at=days_ago(1))
    desk.contribution(anchor="task-practice", text="Ældre ord.", language="da", submitted_at=days_ago(9))
    page = shown(desk)
    assert [row.text for row in page.context["rows"]] == ["Ældre ord.", "Younger words."]
    text = words(page)
    for part in (
        "Handed in",
        "Mette Holm, Brønshøj",
        "Danish",
        "Title of task: Practice",
        "Title of task, 1",
    ):
        assert part in text
    assert "waits for 1\xa0week, 2\xa0days" in page.content.decode()


def test_a_question_is_told_as_open_then_as_answered(desk):
    contribution = desk.contribution()
    asking.ask(contribution, "Where?", by=desk.editor)
    day = timezone.localdate().strftime("%Y")
    text = words(shown(desk))
    assert "A question is open since" in text
    assert day in text
    assert "Editor Berg looks at it" in text
    contribution.refresh_from_db()
    contribution.is_asked = False
    contribution.save()
    contribution.steps.create(kind="answered", by=desk.officer, text="There.")
    text = words(shown(desk))
    assert "Answered on" in text
    assert "A question is open" not in text


def test_decided_ones_stand_apart_with_their_result_the_newest_first(desk):
    now = timezone.now()
    desk.contribution(inserted=True, text="In it.", decided_at=now - datetime.timedelta(days=2))
    desk.contribution(state="declined", text="Not in it.", decided_at=now)
    desk.contribution(state="withdrawn", decided_at=now)
    desk.contribution(text="Open.")
    page = shown(desk, show="decided")
    assert [row.text for row in page.context["rows"]] == ["Not in it.", "In it."]
    assert "In the handbook" in words(page)
    assert "Declined" in words(page)
    assert [row.text for row in shown(desk).context["rows"]] == ["Open."]


def test_one_chapter_is_shown_alone(desk):
    other = ChapterFactory(station=desk.station, slug="sectors", position=2)
    desk.contribution(text="To the task.")
    desk.contribution(anchor="sectors-second", text="To the sectors.")
    page = shown(desk, chapter=other.slug)
    assert [row.text for row in page.context["rows"]] == ["To the sectors."]
    assert 'value="sectors" selected' in words(page)
    # The tabs keep the chapter.
    assert "?show=decided&amp;chapter=sectors" in words(page)
    assert len(shown(desk, chapter="nowhere").context["rows"]) == 2


def test_a_point_that_left_the_text_is_told_as_what_it_was(desk):
    desk.contribution(anchor="task-second")
    desk.publish("Ground.\n\n1. First. {#task-first}")
    assert "On a point that is no longer in the text (it was point 2 of “Title of task”)" in words(
        shown(desk)
    )


def test_a_renumbered_point_is_told_by_its_new_number(desk):
    desk.contribution(anchor="task-first")
    desk.publish("Ground.\n\n1. New. {#task-new}\n2. First. {#task-first}")
    assert "Title of task, 2" in words(shown(desk))


def test_an_empty_list_says_so(desk):
    assert "No contribution waits." in words(shown(desk))
    assert "No contribution has been decided on yet." in words(shown(desk, show="decided"))
    assert ReadEntry.objects.filter(verb="listed", subject="handbook.contribution", keys=[]).exists()


def test_a_long_list_is_shown_page_by_page(desk, monkeypatch):
    monkeypatch.setattr(reviewing, "ROWS_PER_PAGE", 2)
    for count in range(3):
        desk.contribution(text=f"Number {count}", submitted_at=days_ago(9 - count))
    assert [row.text for row in shown(desk).context["rows"]] == ["Number 0", "Number 1"]
    assert [row.text for row in shown(desk, page=2).context["rows"]] == ["Number 2"]
    assert len(shown(desk, page="x").context["rows"]) == 2


def test_the_list_asks_the_database_as_often_for_many_as_for_few(desk, django_assert_max_num_queries):
    for count in range(12):
        chapter = ChapterFactory(station=desk.station, slug=f"more-{count}", position=count + 5)
        contribution = ContributionFactory(chapter=chapter, sector=desk.sector, author=desk.officer)
        asking.ask(contribution, "Where?", by=desk.editor) if count % 2 else None
    shown(desk)
    with django_assert_max_num_queries(20):
        shown(desk)


def test_reviewers_read_it_and_nobody_but_editors_and_they(desk):
    desk.contribution()
    reviewer = StaffRoleFactory(reviewer=True).user
    assert len(shown(desk, logged_in(reviewer)).context["rows"]) == 1
    elsewhere = StaffRoleFactory(editor=True).user
    for user in (desk.officer, elsewhere, UserFactory()):
        address = reverse("handbook:contribution_list", args=[desk.station.slug])
        assert logged_in(user).get(address).status_code == 404
