"""The search of the handbook: which words find which passage, and how it is shown where they stand."""

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from handbook.models import Passage, Wording
from handbook.reading import search
from tests.factories import ChapterFactory, ContributionFactory, StaffRoleFactory, StationFactory, UserFactory

pytestmark = pytest.mark.django_db

BODY = """Ground of the chapter.

## Night and day {#night}

1. Burglaries come in the dark. Talk with the **house owners**. {#dark}
2. Go on foot, or take the bicycle. {#foot}"""


@pytest.fixture
def station():
    return StationFactory(slug="station", name="Bellahøj")


@pytest.fixture
def chapter(station):
    return ChapterFactory(station=station, slug="task", position=1, body=BODY)


@pytest.fixture
def reader(client, station):
    client.force_login(StaffRoleFactory(role="analyst", station=station).user)
    return client


def anchors(station, text):
    return [one.passage.anchor for one in search.find(station, text).passages]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("burglary", ["dark"]),
        ("BURGL", ["dark"]),
        ("bur", ["dark"]),
        ("owner house", ["dark"]),
        ("bicycles", ["foot"]),
        ("night", ["night"]),
        ("the dark", ["dark"]),
        ("task", ["task"]),
        ("go", ["foot"]),
        ("bu", []),
        ("burglary bicycle", []),
        ("bur'); --", ["dark"]),
        ("<b>dark</b>", []),
        ("!dark & | :*", ["dark"]),
        ("___ : & ((", []),
        ("", []),
    ],
)
def test_words_find_the_passages_that_have_all_of_them(station, chapter, typed, found):
    assert anchors(station, typed) == found


def test_danish_is_found_by_its_own_forms_whatever_is_read_in(station, chapter):
    Passage.objects.filter(anchor="foot").update(text_da="Gå til fods, eller tag cyklerne.")
    for language in ("en", "da"):
        with translation.override(language):
            assert anchors(station, "cykler") == ["foot"]
            assert anchors(station, "bicycle") == ["foot"]


def test_the_excerpt_is_in_the_readers_language_if_the_words_stand_there(station, chapter):
    Passage.objects.filter(anchor="foot").update(text_da="Foot på dansk.")
    shown = {}
    for language in ("en", "da"):
        with translation.override(language):
            (found,) = search.find(station, "foot").passages
            (english,) = search.find(station, "bicycle").passages
            shown[language] = (found.text.language, english.text.language)
    assert shown == {"en": ("en", "en"), "da": ("da", "en")}


def test_practice_is_found_by_the_words_in_force_alone(station, chapter):
    dark = chapter.passages.get(anchor="dark")
    found = ContributionFactory(passage=dark, inserted=True, wording="We ring **the** neighbours.")
    reworded = ContributionFactory(passage=dark, inserted=True, wording="Neighbours were rung.")
    Wording.objects.create(contribution=reworded, number=2, text_en="Otherwise.", written_by=UserFactory())
    ContributionFactory(passage=dark, text="Neighbours, not decided on.")
    (one,) = search.find(station, "neighbour").practice
    assert (one.contribution, one.passage) == (found, dark)
    assert one.excerpt == "We ring the <mark>neighbours</mark>."


def test_what_has_left_the_handbook_and_other_handbooks_are_not_found(station, chapter):
    ChapterFactory(station=StationFactory(), body="Burglaries elsewhere.")
    Passage.objects.filter(anchor="dark").update(left_at="2026-01-01T00:00Z")
    assert anchors(station, "burglary") == []
    assert anchors(station, "bicycle") == ["foot"]
    station.chapters.update(left_out_at="2026-01-01T00:00Z")
    assert anchors(station, "bicycle") == []


def test_titles_and_frequent_words_count_as_elsewhere_and_no_more_than_thirty_are_shown(station):
    points = "\n".join(f"{one}. Bicycle {one}. {{#b-{one}}}" for one in range(1, 36))
    ChapterFactory(station=station, slug="many", position=1, body=points)
    found = search.find(station, "bicycle")
    assert (len(found.passages), found.is_cut) == (search.MOST_FOUND, True)


def test_a_long_text_is_shown_around_the_words_and_says_that_it_goes_on(station):
    words = " ".join(f"word{count}" for count in range(200))
    ChapterFactory(station=station, slug="long", position=1, body=f"{words} bicycle {words}.")
    (found,) = search.find(station, "bicycle").passages
    assert found.excerpt.startswith("… ")
    assert found.excerpt.endswith(" …")
    assert "word199 <mark>bicycle</mark> word0" in found.excerpt
    assert len(found.excerpt) < 500


def test_the_words_are_marked_and_everything_else_is_escaped(station):
    body = "Ground.\n\n1. Night <script>alert(1)</script> & <img src=x onerror=night> \ue000night\ue001. {#n}"
    ChapterFactory(station=station, slug="hostile", position=1, body=body)
    (found,) = search.find(station, "night").passages
    bare = found.excerpt.replace("<mark>", "").replace("</mark>", "")
    assert "<mark>Night</mark>" in found.excerpt
    assert "<" not in bare
    assert found.excerpt.count("<mark>") == found.excerpt.count("</mark>")


def test_the_title_is_not_repeated_in_the_excerpt(station):
    ChapterFactory(
        station=station, slug="c", position=1, body="1. **Night**\n\n   Dark hours at night. {#x}\n"
    )
    Passage.objects.filter(number=1).update(title_en="Night", text_en="Night Dark hours at night.")
    (found,) = search.find(station, "night").passages
    assert found.excerpt == "Dark hours at <mark>night</mark>."


def test_the_indexes_answer_for_passages(station, chapter):
    rows = search._found(Passage.objects.order_by(), ("title", "text"), "burgl:*").values("pk")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")
    plan = rows.explain()
    assert "passage_words_en" in plan
    assert "passage_words_da" in plan


def test_a_search_costs_the_same_whatever_it_finds(station, chapter, django_assert_num_queries):
    for passage in chapter.passages.all():
        ContributionFactory.create_batch(3, passage=passage, inserted=True, wording="Dark night on foot.")
    with django_assert_num_queries(4):
        found = search.find(station, "dark")
        assert len([one.contribution.author_name for one in found.practice]) == 12


class AnyWords(TestCase):
    @given(st.text(max_size=120))
    def test_whatever_is_typed_is_answered(self, typed):
        station = StationFactory()
        ChapterFactory(station=station, body="Ground.")
        search.find(station, " ".join(typed.replace("\0", " ").split()))

    @given(st.text(alphabet="\ue000\ue001<>&\"' ab", max_size=30))
    def test_marks_are_balanced_and_the_rest_is_escaped(self, excerpt):
        html = search.marked(excerpt)
        bare = html.replace("<mark>", "").replace("</mark>", "")
        assert html.count("<mark>") == html.count("</mark>")
        assert not set("<>\"'") & set(bare)


# --- The page


def test_what_is_found_links_to_where_it_stands(reader, station, chapter):
    inserted = ContributionFactory(
        passage=chapter.passages.get(anchor="dark"), inserted=True, wording="Dark too."
    )
    text = reader.get("/handbook/station/search/?q=dark").content.decode()
    assert 'href="/handbook/station/chapters/task/#dark"' in text
    assert f'href="/handbook/station/chapters/task/#contribution-{inserted.uuid}"' in text
    assert "<mark>dark</mark>" in text
    assert "Title of task" in text
    assert f"Inserted from {inserted.author_name}" in " ".join(text.split())


def test_nothing_found_says_what_to_do(reader, chapter):
    text = reader.get("/handbook/station/search/?q=zebra").content.decode()
    assert "The handbook says nothing of “zebra”." in text
    assert 'value="zebra"' in text


def test_an_empty_search_shows_the_field_alone(reader, chapter):
    for address in ("/handbook/station/search/", "/handbook/station/search/?q=%00%20"):
        response = reader.get(address)
        assert response.status_code == 200
        assert "says nothing of" not in response.content.decode()


def test_too_much_is_refused_with_what_was_typed(reader, chapter):
    response = reader.get("/handbook/station/search/", {"q": "dark " * 50})
    assert response.status_code == 422
    text = response.content.decode()
    assert "100 characters at most" in text
    assert 'aria-invalid="true"' in text
    assert 'value="dark dark' in text
    assert "<mark>" not in text


def test_what_was_typed_is_escaped(reader, chapter):
    text = reader.get("/handbook/station/search/", {"q": '"><script>x</script>'}).content.decode()
    assert "<script>x" not in text
