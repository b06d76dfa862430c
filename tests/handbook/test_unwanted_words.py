"""What must not come into the handbook by whatever it is typed as: numbers of citizens, signs that nobody sees."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from handbook import markup
from handbook.models import Contribution, Revision
from tests.factories import ChapterFactory, ContributionFactory
from tests.handbook import chapters_desk
from tests.handbook.editing_desk import desk as editing_desk

pytestmark = pytest.mark.django_db
IDENTITY = (
    "010190-1234",
    "010190 - 1234",
    "010190–1234",
    "0101\u200b90-1234",
    "01 01 90-1234",
    "0101\u00ad901234",
)


@pytest.fixture
def desk():
    return editing_desk()


@pytest.fixture
def chapters():
    return chapters_desk.desk()


@pytest.mark.parametrize("number", [*IDENTITY, r"010190\-1234", "0101**90-12**34", "[010190](#task)-1234"])
@pytest.mark.parametrize("act", ["insert", "reword"])
def test_no_wording_has_an_identity_number_though_marks_part_it(desk, act, number):
    contribution = desk.contribution(inserted=act == "reword")
    sent = desk.wording(contribution, text_en=f"Ask {number} about it.", answered="yes")
    answer = desk.client.post(desk.at(contribution, act), sent)
    assert answer.status_code == 422
    assertContains(answer, "looks like a national identity number", status_code=422)
    assert contribution.wordings.count() == int(act == "reword")


@pytest.mark.parametrize("number", IDENTITY)
def test_no_note_and_no_contribution_has_one_either(desk, number):
    contribution = desk.contribution()
    sent = {"text": f"Is it {number}?", "seen": desk.seen(contribution)}
    for act in ("ask", "decline"):
        assert desk.client.post(desk.at(contribution, act), sent).status_code == 422
    assert not contribution.steps.exists()
    desk.client.force_login(desk.officer)
    page = reverse("handbook:contribution_create", args=[desk.station.slug, "task-first"])
    answer = desk.client.post(page, {"text": f"Ask {number}.", "language": "en"})
    assert answer.status_code == 422
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("field", ["title_en", "body_en", "reason"])
def test_no_draft_of_a_chapter_is_kept_with_one(chapters, field):
    chapter = ChapterFactory(station=chapters.station, slug="the-task", position=3)
    answer = chapters.save(chapter, **{field: "010190-1234"})
    assert answer.status_code == 422
    assertContains(answer, "looks like a national identity number", status_code=422)
    assert not Revision.objects.unpublished().exists()


def test_signs_that_nobody_sees_are_not_kept_and_those_of_emoji_are(desk):
    contribution = desk.contribution()
    typed = "\u202eWe \u2066meet\u2069 at\u200b ten\ufeff. 👮\u200d♀️\u202c"
    desk.client.post(desk.at(contribution, "insert"), desk.wording(contribution, text_en=typed))
    assert contribution.wordings.get().text_en == "We meet at ten. 👮\u200d♀️"


@pytest.mark.parametrize("text", ["\u200b", "\u202e \u2060", "\x00"])
def test_a_contribution_of_nothing_that_is_seen_is_refused(desk, text):
    desk.client.force_login(desk.officer)
    page = reverse("handbook:contribution_create", args=[desk.station.slug, "task-first"])
    assert desk.client.post(page, {"text": text, "language": "en"}).status_code == 422
    assert not Contribution.objects.exists()


def test_a_wording_makes_no_anchor(desk):
    contribution = desk.contribution()
    answer = desk.client.post(
        desk.at(contribution, "insert"), desk.wording(contribution, text_en="1. First. {#task-first}")
    )
    assertContains(answer, "take away {#task-first}", status_code=422)


@pytest.mark.parametrize(
    "typed",
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#115;cript:alert(1))",
        "[a](javascript&colon;alert(1))",
        "[a](<java\tscript:alert(1)>)",
        "[a](\x01javascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a](//police.example)",
        "[a](/log/)",
        "[a](\\\\police.example)",
        "[a](http:javascript)",
        "<javascript:alert(1)>",
        '<https://a.example"onclick=alert(1)>',
        '[a](https://a.example "x" onclick=alert(1))',
        '[a](#x"onclick=alert(1))',
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "![a](https://a.example/a.png)",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "`<b>`",
        "[<b>](https://a.example)",
        "[a [b](javascript:x)](javascript:y)",
        "[a]: javascript:x\n\n[a]",
        "<!-- a -->",
        "> <iframe src=//a.example>",
        "1. <style>*{}</style>",
    ],
)
def test_no_way_of_writing_makes_a_script_an_element_or_a_link_to_elsewhere(typed):
    allowed = {"p", "ul", "ol", "li", "blockquote", "em", "strong", "a", "br", "hr", "h2", "h3", "h4"}
    found: list[tuple[str, dict]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, dict(attrs)))

    pieces = markup.pieces(typed)
    Reader().feed(markup.rendered(typed) + "".join(one.title_html + one.html for one in pieces))
    assert {tag for tag, _attrs in found} <= allowed
    for tag, attrs in found:
        assert set(attrs) <= ({"href", "rel", "title"} if tag == "a" else {"start"} if tag == "ol" else set())
        assert attrs.get("href", "#").startswith(("#", "https://a.example"))


def test_words_that_were_inserted_before_are_not_markup_either(desk):
    made = ContributionFactory(chapter=desk.chapter, inserted=True, wording="# A\n\n<script>b</script> {#c}")
    page = desk.client.get(reverse("handbook:contribution_detail", args=[made.uuid])).content.decode()
    assert "<script>b" not in page
