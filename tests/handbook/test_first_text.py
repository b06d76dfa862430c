"""The texts with which every handbook begins: alike in both languages, with the anchors that the log links to."""

import pytest

from handbook import markup
from handbook.beginning import DYNAMIC, FIXED, TEXTS, begin
from handbook.chapters.checking import findings
from handbook.chapters.drafting import next_text
from handbook.models import LANGUAGES, Passage
from handbook.models.chapters import BODY_LIMIT, TITLE_LIMIT
from tests.factories import StationFactory, UserFactory

CHAPTERS = (*FIXED, *DYNAMIC)
# Pages of the log link to these; see handbook/templatetags/handbook.py.
PROMISED = {
    "the-method": "familiarity pragmatic-and-offensive working-together this-handbook",
    "sector-responsible-officers": "one-person reachable long-period",
    "the-target-group": (
        "target-groups children-and-young-adults exposed-housing-areas gang-related tradespeople"
        " clubs-and-associations road-users housing-associations house-owners homeless-people"
    ),
    "the-sectors": "manning neighbours map",
    "the-task": "visible-efforts proactive-efforts dialogue networks targeted-efforts",
    "how-to-perform-the-task": (
        "organisation appointing coherence external-parties duty-hours patrol-form making-known visits"
        " telephone-and-messages sector-log joint-work gang-contacts analysis major-events source-handling"
    ),
}


def read(chapter: str, language: str) -> tuple[str, str]:
    title, _nothing, body = (TEXTS / f"{chapter}.{language}.md").read_text("utf-8").partition("\n")
    return title, body


def passages(chapter: str, language: str) -> list[markup.Piece]:
    return markup.passages(read(chapter, language)[1])


def anchors() -> list[str]:
    """Return every anchor of the handbook, the chapters' own among them."""
    return [*CHAPTERS, *(piece.anchor for slug in CHAPTERS for piece in passages(slug, "en")[1:])]


def test_there_is_a_text_for_each_chapter_and_none_besides():
    expected = {f"{slug}.{language}.md" for slug in CHAPTERS for language in LANGUAGES}
    assert {path.name for path in TEXTS.iterdir()} == expected


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_begins_with_its_title_and_fits(chapter, language):
    title, body = read(chapter, language)
    assert title.startswith("# ")
    assert 0 < len(title.removeprefix("# ")) <= TITLE_LIMIT
    assert 0 < len(body.strip()) <= BODY_LIMIT
    for line in body.splitlines():
        assert not line.startswith("# "), "the title is the only heading of the first level"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_both_languages_have_the_same_passages(chapter):
    english, danish = passages(chapter, "en"), passages(chapter, "da")
    assert [piece.shape for piece in english] == [piece.shape for piece in danish]
    assert [piece.anchor for piece in english] == [piece.anchor for piece in danish]


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_passage_has_an_anchor_a_short_title_and_words(chapter, language):
    for piece in passages(chapter, language)[1:]:
        assert piece.anchor, piece.title
        assert 0 < len(piece.title) <= 60, piece.title
        if piece.kind == Passage.Kind.POINT:
            assert len(piece.text) > len(piece.title) + 40, piece.title


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mark_is_left_to_be_read_as_it_was_typed(chapter, language):
    words = " ".join(f"{piece.title} {piece.text}" for piece in passages(chapter, language))
    assert not set("*_#{}[]`<>\\") & set(words)


@pytest.mark.parametrize("chapter", PROMISED)
def test_the_anchors_that_others_link_to_are_there_in_their_order(chapter):
    assert [piece.anchor for piece in passages(chapter, "en")[1:]] == PROMISED[chapter].split()


@pytest.mark.parametrize(
    ("chapter", "points"), [("how-to-perform-the-task", 15), ("the-task", 5), ("the-target-group", 9)]
)
def test_points_are_numbered_from_one_without_a_gap(chapter, points):
    numbers = [piece.number for piece in passages(chapter, "da") if piece.kind == Passage.Kind.POINT]
    assert numbers == list(range(1, points + 1))


def test_an_anchor_stands_once_in_the_handbook():
    assert len(anchors()) == len(set(anchors()))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_links_lead_to_passages_of_chapters_that_need_no_head_to_agree(chapter):
    """A fixed chapter is not there yet on the first day: a link to it would lead nowhere."""
    led_to = [sorted(markup.destinations(read(chapter, language)[1])) for language in LANGUAGES]
    assert led_to[0] == led_to[1]
    assert set(led_to[0]) <= {f"#{anchor}" for anchor in anchors()} - {f"#{slug}" for slug in FIXED}


def test_the_chapters_are_linked_to_one_another():
    links = [link for slug in CHAPTERS for link in markup.destinations(read(slug, "en")[1])]
    assert len(set(links)) >= 10


@pytest.mark.django_db
def test_the_editor_who_opens_a_text_on_the_first_day_is_told_of_nothing_to_mend():
    for chapter in begin(StationFactory(), by=UserFactory()):
        assert [str(finding) for finding in findings(next_text(chapter))] == [], chapter
