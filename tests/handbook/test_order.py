"""Chapters begin at the end, change places, are left out and taken in; fixed ones keep theirs."""

import pytest

from handbook.chapters import order
from handbook.models import Chapter, Passage
from tests.factories import ChapterFactory, ContributionFactory
from tests.handbook.chapters_desk import desk, mails, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    found = desk()
    ChapterFactory(station=found.station, slug="strategy", fixed=True, position=1)
    for place, slug in enumerate(("one", "two", "three"), 2):
        ChapterFactory(station=found.station, slug=slug, position=place)
    return found


def slugs(at) -> list[str]:
    return [chapter.slug for chapter in at.station.chapters.current()]


def named(at, slug: str) -> Chapter:
    return Chapter.objects.get(station=at.station, slug=slug)


def move(at, slug: str, direction: str, seen: str = ""):
    shown = seen or at.page("handbook_editing").context["seen"]
    return at.client.post(
        at.address("chapter_move", named(at, slug)), {"direction": direction, "seen": shown}
    )


# --- Moving -------------------------------------------------------------------------------------


def test_a_chapter_changes_places_with_its_neighbour(at):
    assert move(at, "three", "up").status_code == 302
    assert slugs(at) == ["strategy", "one", "three", "two"]
    assert move(at, "one", "down").status_code == 302
    assert slugs(at) == ["strategy", "three", "one", "two"]


@pytest.mark.parametrize(("slug", "direction"), [("one", "up"), ("three", "down"), ("strategy", "down")])
def test_none_passes_the_end_or_a_fixed_one(at, slug, direction):
    response = move(at, slug, direction)
    assert response.status_code == 422
    assert "keeps its place" in response.content.decode()
    assert slugs(at) == ["strategy", "one", "two", "three"]


def test_a_button_pressed_twice_moves_once_and_the_second_sees_the_order(at):
    seen = at.page("handbook_editing").context["seen"]
    assert [move(at, "three", "up", seen).status_code for _press in "12"] == [302, 409]
    assert slugs(at) == ["strategy", "one", "three", "two"]


# --- Left out and taken in ----------------------------------------------------------------------


def test_a_chapter_is_left_out_and_taken_in_at_the_end(at):
    ContributionFactory(chapter=named(at, "two"))
    response = at.client.post(at.address("chapter_leave_out", named(at, "two")), follow=True)
    assert "1 open contribution stays with it." in response.content.decode()
    assert slugs(at) == ["strategy", "one", "three"]
    assert not Passage.objects.current().filter(chapter__slug="two").exists()
    for _press in "12":
        assert at.client.post(at.address("chapter_take_in", named(at, "two"))).status_code == 302
    assert slugs(at) == ["strategy", "one", "three", "two"]
    assert Passage.objects.current().filter(chapter__slug="two").count() == 4


def test_links_that_lead_to_nothing_now_are_named(at):
    ChapterFactory(station=at.station, slug="linking", position=9, body="See [it](#two-first).")
    response = at.client.post(at.address("chapter_leave_out", named(at, "two")), follow=True)
    assert "they stand in: Title of linking." in response.content.decode()


def test_a_fixed_chapter_is_not_left_out(at):
    response = at.client.post(at.address("chapter_leave_out", named(at, "strategy")))
    assert response.status_code == 422
    assert "stays in the handbook" in response.content.decode()
    assert "strategy" in slugs(at)


def test_a_chapter_whose_points_have_moved_is_not_taken_in_over_them(at):
    two = named(at, "two")
    order.leave_out(two)
    at.save(named(at, "three"), body_en="1. Moved here. {#two-first}")
    assert at.act("revision_publish", named(at, "three"), reason="Moved.").status_code == 302
    response = at.client.post(at.address("chapter_take_in", two))
    assert response.status_code == 422
    assert "Other chapters have taken over points of this one: 1. Moved here." in response.content.decode()
    at.save(named(at, "three"), body_en="Nothing of it.")
    assert at.act("revision_publish", named(at, "three"), reason="Back.").status_code == 302
    assert at.client.post(at.address("chapter_take_in", two)).status_code == 302
    assert Passage.objects.get(station=at.station, anchor="two-first").chapter == two


# --- New chapters -------------------------------------------------------------------------------


def create(at, title_en: str = "", title_da: str = ""):
    return at.client.post(at.address("chapter_create"), {"title_en": title_en, "title_da": title_da})


def test_a_new_chapter_is_dynamic_at_the_end_and_not_in_force(at):
    response = create(at, "Working with schools", "Samarbejde med skoler")
    made = named(at, "working-with-schools")
    assert (response.status_code, response.url) == (302, at.address("revision_update", made))
    assert (made.kind, slugs(at)[-1]) == ("dynamic", "working-with-schools")
    assert state_of(made) == [(1, "draft")]
    assert str(made.revisions.get().title) == "Working with schools"
    assert mails() == []


def test_a_danish_title_alone_gives_the_address(at):
    create(at, title_da="Børn og unge på Nørrebro")
    assert slugs(at)[-1] == "boern-og-unge-paa-noerrebro"


def test_a_long_title_gives_an_address_that_fits(at):
    assert create(at, "word " * 24).status_code == 302
    assert len(slugs(at)[-1]) <= 60


@pytest.mark.parametrize(
    ("titles", "sentence"),
    [
        (("", ""), "Write a title, in one language at least."),
        (("…", ""), "Write a title with letters"),
        (("Two", ""), "The handbook has a chapter with this title."),
        (("Two first", ""), "A point or heading of the handbook has this anchor"),
        (("x" * 121, ""), "This is too long: 121 characters"),
    ],
)
def test_a_title_that_gives_no_address_of_its_own_is_refused_with_a_sentence(at, titles, sentence):
    response = create(at, *titles)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert response.context["form"]["title_en"].value() == titles[0]
    assert len(slugs(at)) == 4


def test_the_title_of_a_chapter_that_was_left_out_says_so(at):
    order.leave_out(named(at, "two"))
    assert "was left out of the handbook" in create(at, "Two").content.decode()


def test_a_button_pressed_twice_begins_one_chapter(at):
    assert [create(at, "Schools").status_code for _press in "12"] == [302, 302]
    assert slugs(at)[-1] == "schools"
    assert len(slugs(at)) == 5
