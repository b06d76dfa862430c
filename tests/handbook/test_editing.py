"""What editors and heads see of the chapters, and how the handbook begins."""

import re

import pytest

from tests.factories import ChapterFactory, RevisionFactory
from tests.handbook.chapters_desk import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return desk()


def test_the_handbook_begins_once_and_leads_to_the_chapters(at):
    assert "Begin the handbook" in at.page("handbook_editing").content.decode()
    assert at.page("handbook_begin").status_code == 302
    assert not at.station.chapters.exists()
    for _press in "12":
        response = at.client.post(at.address("handbook_begin"))
        assert (response.status_code, response.url) == (302, at.address("handbook_editing"))
    rows = at.page("handbook_editing").context["rows"]
    assert [row["chapter"].kind for row in rows] == ["fixed"] * 2 + ["dynamic"] * 7


def test_a_head_does_not_begin_it(at):
    assert at.head_client.post(at.address("handbook_begin")).status_code == 404
    page = at.head_client.get(at.address("handbook_editing")).content.decode()
    assert "Its editor begins it." in page


def test_the_page_says_of_each_chapter_how_far_it_is(at):
    ChapterFactory(station=at.station, slug="one", position=1)
    drafted = ChapterFactory(station=at.station, slug="two", position=2)
    RevisionFactory(chapter=drafted, written_by=at.editor)
    ChapterFactory(station=at.station, slug="three", position=3, body="")
    text = at.page("handbook_editing").content.decode()
    assert text.count("in force since") == 2
    assert "no text in force yet" in text
    assert "Draft by Edith Editor" in text


def test_heads_see_what_waits_for_them_and_no_buttons_of_editors(at):
    fixed = ChapterFactory(station=at.station, slug="strategy", fixed=True, position=1)
    ChapterFactory(station=at.station, slug="one", position=2)
    RevisionFactory(chapter=fixed, proposed=True, written_by=at.editor)
    mine = at.head_client.get(at.address("handbook_editing")).content.decode()
    assert "Waits for you" in mine
    assert "Leave out" not in mine
    assert "New chapter" not in mine
    editors = at.page("handbook_editing").content.decode()
    assert "Waits for you" not in editors
    assert "Waits for the station head" in editors


def test_the_look_shows_the_draft_as_readers_would_see_it_and_what_changes(at):
    chapter = ChapterFactory(station=at.station, slug="one", body="1. Keep a log. {#log}")
    at.save(chapter, body_en="1. Keep a **good** log. {#log}", title_da="Et", body_da="1. Før log. {#log}")
    text = at.page("revision_preview", chapter).content.decode()
    assert "<strong>good</strong>" in text
    # Within the mark a screen reader hears what it means.
    assert re.search(r"<ins><span[^>]*>added: </span>good<span[^>]*> \(end\)</span></ins>", text)
    assert re.search(r'<li value="1">\s*(<p>)?Før log.', text)
    assert "There is no text in force in this language." in text


def test_what_was_typed_is_shown_as_words_never_as_html(at):
    chapter = ChapterFactory(station=at.station, slug="one", body="Ground.")
    evil = "<script>alert(1)</script> & [x](javascript:alert(1))"
    at.save(chapter, title_en=evil[:100], body_en=f"{evil}\n\n1. {evil}\n\n## {evil}", reason=evil)
    for page in ("revision_preview", "revision_update", "handbook_editing"):
        text = at.page(page, chapter if page != "handbook_editing" else None).content.decode()
        assert "<script>alert" not in text
        assert 'href="javascript' not in text


def test_the_page_asks_as_many_questions_for_many_chapters_as_for_few(at, django_assert_max_num_queries):
    for place in range(1, 13):
        RevisionFactory(chapter=ChapterFactory(station=at.station, position=place))
    at.page("handbook_editing")
    with django_assert_max_num_queries(14):
        at.page("handbook_editing")


def test_a_station_without_a_draft_leads_from_the_look_to_the_chapters(at):
    chapter = ChapterFactory(station=at.station, slug="one")
    response = at.page("revision_preview", chapter)
    assert (response.status_code, response.url) == (302, at.address("handbook_editing"))
