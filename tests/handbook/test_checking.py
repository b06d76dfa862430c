"""What is wrong with a text is said in sentences before readers have it; anchors are written for the editor."""

import pytest

from handbook.chapters import anchoring
from handbook.chapters.checking import findings, refuses
from handbook.chapters.pointing import title_of
from tests.factories import (
    ChapterFactory,
    ContributionFactory,
    ReadingRequestFactory,
    RevisionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chapter():
    return ChapterFactory(slug="the-task", body="1. First. {#first}\n2. Second. {#second}")


def draft_of(chapter, body_en: str, body_da: str = "", **more):
    draft = RevisionFactory.build(chapter=chapter, body_en=body_en, body_da=body_da, **more)
    draft.title_da = "Opgaven" if body_da else ""
    anchoring.fill(draft)
    return draft


def said(draft, *, refusing: bool | None = None) -> str:
    return "\n".join(one.says for one in findings(draft) if refusing is None or one.refuses is refusing)


# --- Anchors ------------------------------------------------------------------------------------


def test_anchors_are_written_by_the_english_words_in_both_languages(chapter):
    draft = draft_of(chapter, "## Our patrols\n\n1. Keep a log.", "## Vores patruljer\n\n1. Før en log.")
    assert draft.body_en == "## Our patrols {#our-patrols}\n\n1. Keep a log. {#keep-a-log}"
    assert draft.body_da == "## Vores patruljer {#our-patrols}\n\n1. Før en log. {#keep-a-log}"
    assert not refuses(findings(draft))


def test_without_english_words_the_danish_name_the_anchor(chapter):
    draft = draft_of(chapter, "", "1. Før en log på Nørrebro.")
    assert draft.body_da == "1. Før en log på Nørrebro. {#foer-en-log-paa-noerrebro}"


def test_an_anchor_of_one_language_is_taken_over_by_the_other(chapter):
    draft = draft_of(chapter, "1. First. {#first}", "1. Første.")
    assert draft.body_da == "1. Første. {#first}"


def test_a_new_anchor_is_nobody_elses_in_the_handbook(chapter):
    ChapterFactory(station=chapter.station, slug="keep-a-log")
    draft = draft_of(chapter, "1. Keep a log.\n2. Keep a log.\n3. Second.")
    assert [line[line.index("{") :] for line in draft.body_en.split("\n")] == [
        "{#keep-a-log-2}",
        "{#keep-a-log-3}",
        "{#second-2}",
    ]


def test_anchors_that_are_there_stay_and_filling_twice_changes_nothing(chapter):
    draft = draft_of(chapter, "1. Other words now. {#first}\n2. New.")
    once = draft.body_en
    anchoring.fill(draft)
    assert draft.body_en == once == "1. Other words now. {#first}\n2. New. {#new}"


def test_a_point_without_letters_still_gets_an_anchor(chapter):
    assert draft_of(chapter, "7. …").body_en == "7. … {#point-7}"


def test_a_point_that_begins_with_a_list_takes_no_anchor_and_is_refused(chapter):
    draft = draft_of(chapter, "1. - shops\n2. Words.")
    assert draft.body_en == "1. - shops\n2. Words. {#words}"
    assert "must begin with words" in said(draft, refusing=True)


def test_a_heading_with_closing_marks_keeps_the_anchor_it_has(chapter):
    assert draft_of(chapter, "## Log {#first} ##\n\n1. New.").body_en.startswith("## Log {#first} ##\n")


# --- Both languages -----------------------------------------------------------------------------


def test_a_missing_point_is_named_with_the_place_where_the_texts_part(chapter):
    draft = draft_of(chapter, "1. One.\n2. Two.\n3. Three.", "1. En.\n2. To.")
    sentence = said(draft, refusing=True)
    assert "The English text has 3 numbered points, the Danish 2 numbered points." in sentence
    assert "in English point 3, “Three.”, in Danish the end" in sentence


def test_a_heading_of_another_level_is_named(chapter):
    draft = draft_of(chapter, "## One\n\n### Two", "## En\n\n## To")
    assert "in English the heading “### Two”, in Danish the heading “## To”" in said(draft, refusing=True)


def test_points_in_another_order_are_refused(chapter):
    draft = draft_of(chapter, "1. A. {#first}\n2. B. {#second}", "1. B. {#second}\n2. A. {#first}")
    assert "its anchor is {#first} in English and {#second} in Danish" in said(draft, refusing=True)


def test_a_text_in_one_language_is_enough_and_says_what_the_others_read(chapter):
    found = findings(draft_of(chapter, "Ground. {#first}\n\n1. A. {#first}\n2. B. {#second}"))
    assert [(one.refuses, one.says) for one in found] == [
        (False, "There is no Danish text: who reads in Danish gets the English one.")
    ]


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({}, "Write a title and a text, in one language at least."),
        ({"title_en": "T"}, "Write a title and a text, in one language at least."),
        ({"title_en": "T", "body_en": "B.", "title_da": "T"}, "There is a Danish title, but no Danish text"),
        (
            {"title_en": "T", "body_en": "B.", "body_da": "B."},
            "A title is missing: the Danish text has none.",
        ),
    ],
)
def test_a_title_needs_its_text_and_a_text_its_title(chapter, texts, sentence):
    bare = dict.fromkeys(("title_en", "title_da", "body_en", "body_da"), "")
    draft = RevisionFactory.build(chapter=chapter, **bare | texts)
    assert sentence in said(draft, refusing=True)


# --- One text -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("![A map](https://x.example/map.png)", "The handbook shows no pictures."),
        ("Read <b>this</b>.", "HTML is not used here"),
        ("<!-- note -->", "HTML is not used here"),
        ("<script>alert(1)</script>", "HTML is not used here"),
        ("[x](javascript:alert(1))", "This link is not allowed: “javascript:alert(1)”"),
        ("[x](//evil.example)", "This link is not allowed"),
        ("[x](#no-such-point)", "A link leads to #no-such-point, which is nowhere in the handbook."),
        ("1. A. {#one}\n2. B. {#one}", "the anchor {#one} is there twice"),
        ("1. A. {#the-task}", "the anchor {#the-task} is there twice"),
        ("1.\n2. B.", "point 1 begins with no words"),
        ("##\n\nText.", "a heading has no words"),
        ("99999. A.", "a point has the number 99999"),
        ("1. a\n" * 301, "more than 300 headings and points"),
        ("1. A. {#" + "a" * 61 + "}", "an anchor is too long"),
    ],
)
def test_what_readers_must_not_get_is_refused_with_a_sentence(chapter, body, sentence):
    assert sentence in said(draft_of(chapter, body), refusing=True)


@pytest.mark.parametrize(
    "body",
    [
        "Less than 3 < 5, and \\<this> is meant.",
        "<https://example.org> and [mail](mailto:a@example.org)",
        "[first](#first) and [itself](#the-task)\n\n1. A. {#first}",
        "Wow! [The law](https://example.org)",
    ],
)
def test_what_is_fine_is_not_refused(chapter, body):
    assert said(draft_of(chapter, body), refusing=True) == ""


def test_a_heading_of_the_first_level_is_only_a_warning(chapter):
    assert "begins with one #" in said(draft_of(chapter, "# Title\n\n1. A. {#first}"), refusing=False)


# --- The rest of the handbook -------------------------------------------------------------------


def test_an_anchor_of_another_chapter_is_refused_until_that_one_gives_it_up(chapter):
    other = ChapterFactory(station=chapter.station, slug="the-method")
    draft = draft_of(chapter, "1. A. {#the-method-first}")
    assert f"belongs to another chapter: “{title_of(other)}”" in said(draft, refusing=True)
    other.passages.filter(anchor="the-method-first").update(left_at=other.text.published_at)
    assert said(draft, refusing=True) == ""


def test_the_anchor_of_another_stations_handbook_is_free(chapter):
    ChapterFactory(slug="the-method")
    assert said(draft_of(chapter, "1. A. {#the-method-first}"), refusing=True) == ""


def test_links_and_practice_on_what_is_left_out_are_warned_of_with_their_numbers(chapter):
    ChapterFactory(station=chapter.station, slug="the-method", body="See [it](#second).")
    second = chapter.passages.get(anchor="second")
    for options in ({}, {"under_review": True}, {"inserted": True}):
        ContributionFactory(passage=second, **options)
    ReadingRequestFactory(passage=second, revision=chapter.text)
    draft = draft_of(chapter, "1. First. {#first}")
    warned = said(draft, refusing=False)
    assert "Links in other places lead to what this text leaves out" in warned
    assert "“Title of the-method”" in warned
    assert "2 open contributions point at what this text leaves out (“2. Second.”)" in warned
    assert "1 contribution in the handbook stands at what this text leaves out" in warned
    assert "1 request to confirm is about what this text leaves out" in warned
    assert said(draft, refusing=True) == ""


def test_a_wording_that_links_to_what_is_left_out_is_warned_of(chapter):
    method = ChapterFactory(station=chapter.station, slug="the-method")
    ContributionFactory(chapter=method, inserted=True, wording="As in [the point](#second).")
    assert "“Title of the-method”" in said(draft_of(chapter, "1. First. {#first}"), refusing=False)


def test_a_chapter_that_is_left_out_is_not_published(chapter):
    chapter.left_out_at = chapter.text.published_at
    assert "Take it in again, then publish." in said(draft_of(chapter, "1. A. {#first}"), refusing=True)
