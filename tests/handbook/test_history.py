"""What readers have had before them: the list, a text as it was, what changed between two."""

import pytest

from handbook.chapters.publishing import publish
from handbook.models import Chapter
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    OfficerFactory,
    RevisionFactory,
    UserFactory,
)
from tests.handbook.chapters_desk import desk, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return desk()


@pytest.fixture
def chapter(at) -> Chapter:
    """Three texts, the second with Danish, and a draft."""
    made = ChapterFactory(station=at.station, slug="the-task", body="1. Keep a log. {#log}")
    more(made, body_en="1. Keep a good log. {#log}", title_da="Opgaven", body_da="1. Før log. {#log}")
    more(made, body_en="1. Keep a good log every day. {#log}", reason="Third.")
    RevisionFactory(chapter=made, body_en="Secret draft.")
    return made


def more(chapter: Chapter, **texts: str) -> None:
    publish(RevisionFactory(chapter=chapter, written_by=UserFactory(name="Edith Editor"), **texts))


def reader(at):
    officer = OfficerFactory(station=at.station, user=UserFactory())
    AssignmentFactory(officer=officer, sector__district__station=at.station)
    return logged_in(officer.user)


def test_every_reader_finds_who_wrote_what_when_and_why_the_newest_first(at, chapter):
    response = reader(at).get(at.address("chapter_history", chapter))
    assert [row.number for row in response.context["revisions"]] == [3, 2, 1]
    text = response.content.decode()
    assert "Third." in text
    assert "Written by Edith Editor." in text
    assert "Secret draft" not in text
    assert text.count("/difference/") == 2


def test_the_history_of_a_fixed_chapter_says_who_agreed(at):
    fixed = ChapterFactory(station=at.station, slug="strategy", fixed=True, body="")
    publish(RevisionFactory(chapter=fixed, written_by=at.editor), agreed_by=at.head)
    assert "Hanna Head has agreed to it." in at.page("chapter_history", fixed).content.decode()


def test_a_text_is_shown_as_it_was(at, chapter):
    text = at.client.get(at.address("revision_detail", chapter, 1)).content.decode()
    assert "Keep a log." in text
    assert "every day" not in text
    assert "This is an earlier text." in text
    assert (
        "This is an earlier text."
        not in at.client.get(at.address("revision_detail", chapter, 3)).content.decode()
    )


@pytest.mark.parametrize("number", [4, 9, 2**40])
@pytest.mark.parametrize("page", ["revision_detail", "revision_difference"])
def test_a_draft_and_what_never_was_are_not_found(at, chapter, page, number):
    assert at.client.get(at.address(page, chapter, number)).status_code == 404


def difference_of(at, chapter, number: int, query: str = "", prefix: str = ""):
    return at.client.get(f"{prefix}{at.address('revision_difference', chapter, number)}{query}")


def words(response, how: str) -> list[str]:
    rows = [row for stretch in response.context["difference"].stretches for row in stretch.rows]
    return [span.words for row in rows for span in row.spans if span.how == how]


def test_the_difference_is_to_the_text_before(at, chapter):
    response = difference_of(at, chapter, 2)
    assert words(response, "added") == ["good"]
    assert response.context["before"].number == 1


@pytest.mark.parametrize(("number", "to"), [(3, 1), (1, 3)])
def test_any_two_are_compared_the_older_first(at, chapter, number, to):
    response = difference_of(at, chapter, number, f"?to={to}")
    assert (response.context["before"].number, response.context["revision"].number) == (1, 3)
    assert words(response, "added") == ["good log every day."]


def test_the_first_text_was_all_new(at, chapter):
    response = difference_of(at, chapter, 1)
    assert words(response, "added") == ["Keep a log."]
    assert "all of it was new" in response.content.decode()


def test_the_difference_is_in_the_language_that_is_read(at, chapter):
    assert words(difference_of(at, chapter, 2, prefix="/da"), "added") == ["Før log."]
    assert words(difference_of(at, chapter, 2, "?language=en", prefix="/da"), "added") == ["good"]
    # Neither the first nor a text of English alone has Danish words.
    assert words(difference_of(at, chapter, 1, prefix="/da"), "added") == ["Keep a log."]


@pytest.mark.parametrize("query", ["?to=x", "?to=-1", "?to=", "?language=xx", "?to=²"])
def test_nonsense_is_taken_as_not_asked(at, chapter, query):
    assert difference_of(at, chapter, 3, query).context["before"].number == 2


@pytest.mark.parametrize("to", ["4", "99", "123456789"])
def test_comparing_with_what_never_was_is_not_found(at, chapter, to):
    assert difference_of(at, chapter, 3, f"?to={to}").status_code == 404


def test_changes_are_said_aloud_too(at, chapter):
    text = difference_of(at, chapter, 2).content.decode()
    assert "<ins>" in text
    assert "added:" in text


def test_the_history_of_another_station_is_not_found(at, chapter):
    client = desk().client
    for address in (
        at.address("chapter_history", chapter),
        at.address("revision_detail", chapter, 1),
        at.address("revision_difference", chapter, 2),
    ):
        assert client.get(address).status_code == 404


def test_a_chapter_that_was_left_out_keeps_its_history(at, chapter):
    Chapter.objects.filter(pk=chapter.pk).update(left_out_at=chapter.text.published_at)
    assert at.page("chapter_history", chapter).status_code == 200


def test_the_list_asks_as_many_questions_for_many_texts_as_for_few(at, django_assert_max_num_queries):
    chapter = ChapterFactory(station=at.station, slug="one", body="Zero.")
    for count in range(8):
        more(chapter, body_en=f"Text {count}.")
    at.page("chapter_history", chapter)
    with django_assert_max_num_queries(14):
        at.page("chapter_history", chapter)
