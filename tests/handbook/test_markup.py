"""The Markdown of the handbook: what is in the subset, what is not, and where its passages are."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import markup
from handbook.models import Passage
from handbook.models.chapters import BODY_LIMIT

CHAPTER, HEADING, POINT = Passage.Kind.CHAPTER, Passage.Kind.HEADING, Passage.Kind.POINT

# Of the processor's time, on a slow machine: what grows with the square of the length takes minutes.
SECONDS = 15

TEXT = """Ground.

More ground.

## How *it* is done {#done}

Words below.

### Closer {#closer}

3. Keep a log
   that others read. {#not-here}

   A second paragraph. {#nor-here}
4. Go on foot. {#foot}
   - not a point
     1. nor this {#inner}

After the list.

> 1. A quotation's own {#quoted}
"""

# Every tag that the subset writes.
TAGS = {
    "p",
    "em",
    "strong",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "hr",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
TAG = re.compile(r"</?([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*) ?/?>")
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b onclick='x'>bold</b>",
    "<!-- comment -->",
    "<style>*{display:none}</style>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "[click](vbscript:x)",
    "[click](//elsewhere.example)",
    "[click](/admin/)",
    "[click](file:///etc/passwd)",
    "[click](<java\nscript:alert(1)>)",
    "[click](&#106;avascript:alert(1))",
    "<javascript:alert(1)>",
    '[click](https://a.example "title" onmouseover=alert(1)")',
    "![picture](https://a.example/x.png)",
    "`code`",
    "```\nfence\n```",
    "    indented",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "&lt;script&gt;",
    "## Heading <script>x</script> {#h}",
    '1. Point {#a"onclick="x}',
    "[a]: javascript:alert(1)\n\n[a]",
]


def all_html(text):
    return "".join(piece.title_html + piece.html for piece in markup.pieces(text)) + markup.rendered(text)


def is_safe(html):
    """Whether the HTML has tags of the subset alone, with no attribute but those that they need."""
    for tag, attributes in TAG.findall(html):
        names = set(re.findall(r" ([a-z]+)=", attributes))
        if tag not in TAGS or names - {"href", "rel", "start", "title"}:
            return False
    hrefs = re.findall(r'href="([^"]*)"', html)
    return "<" not in TAG.sub("", html) and all(
        re.match(r"https?:|mailto:|tel:|#", href, re.I) for href in hrefs
    )


# --- Passages


def test_headings_and_points_of_outer_lists_are_the_passages():
    found = [(one.kind, one.level, one.number, one.anchor) for one in markup.passages(TEXT)]
    assert found == [
        (CHAPTER, 0, None, ""),
        (HEADING, 2, None, "done"),
        (HEADING, 3, None, "closer"),
        (POINT, 0, 3, ""),
        (POINT, 0, 4, "foot"),
    ]


def test_each_piece_has_its_own_words_and_no_anchor_among_them():
    first, heading, _closer, log, foot, after = markup.pieces(TEXT)
    assert (first.title, first.text) == ("", "Ground. More ground.")
    assert (heading.title, heading.title_html) == ("How it is done", "How <em>it</em> is done")
    assert heading.text == "Words below."
    assert foot.title == "Go on foot."
    assert "{#foot}" not in foot.html
    assert "not a point" in foot.text
    assert log.title.startswith("Keep a log")
    assert (after.kind, after.anchor) == ("", "")
    assert after.text.startswith("After the list.")


def test_a_text_has_a_beginning_even_if_nothing_stands_there():
    assert [one.kind for one in markup.passages("")] == [CHAPTER]
    assert [one.kind for one in markup.passages("## First {#a}")] == [CHAPTER, HEADING]


def test_what_must_be_alike_in_both_languages_is_the_shape():
    danish = "Grund.\n\n## Sådan {#done}\n\n1. Et. {#one}"
    english = "Ground.\n\n## How {#done}\n\n1. One. {#one}"
    shapes = [[one.shape for one in markup.passages(text)] for text in (danish, english)]
    assert shapes[0] == shapes[1]
    assert shapes[0] != [one.shape for one in markup.passages(english.replace("1.", "2."))]


def test_line_endings_of_any_machine_are_read_alike():
    for ending in ("\r\n", "\r"):
        other = TEXT.replace("\n", ending)
        assert [(one.anchor, one.html) for one in markup.pieces(other)] == [
            (one.anchor, one.html) for one in markup.pieces(TEXT)
        ]


@pytest.mark.parametrize(
    "anchor", ["{#Upper}", "{#with space}", "{#-x}", "{#x-}", "{#}", "{#æ}", "{#a} more"]
)
def test_what_is_no_anchor_stays_in_the_words(anchor):
    (_first, heading) = markup.passages(f"## Words {anchor}")
    assert heading.anchor == ""
    assert heading.title == f"Words {anchor}"


def test_anchors_are_written_anew_and_the_words_stay():
    text = "Ground.\n\n## One\n\n1. Two {#old}\n2. Three\n"
    done = markup.mark(text, ["one", "two", "three"])
    assert done == "Ground.\n\n## One {#one}\n\n1. Two {#two}\n2. Three {#three}\n"
    assert [one.text for one in markup.passages(done)] == [
        one.text for one in markup.passages(text.replace(" {#old}", ""))
    ]
    with pytest.raises(ValueError, match="argument"):
        markup.mark(text, ["one"])


def test_renumbering_keeps_the_anchors():
    anchors = {one.anchor: one.number for one in markup.passages("1. A {#a}\n2. B {#b}")}
    moved = {one.anchor: one.number for one in markup.passages("1. New {#n}\n2. A {#a}\n3. B {#b}")}
    assert (anchors, moved) == ({"": None, "a": 1, "b": 2}, {"": None, "n": 1, "a": 2, "b": 3})


# --- Links


@pytest.mark.parametrize(
    ("destination", "allowed"),
    [
        ("https://police.example/a?b=c", True),
        ("HTTP://police.example", True),
        ("mailto:a@police.example", True),
        ("tel:+4512345678", True),
        ("#sector-log", True),
        ("#", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//elsewhere.example", False),
        ("/admin/", False),
        ("ftp://a.example", False),
        ("https://a b", False),
        ("", False),
    ],
)
def test_links_lead_to_the_web_a_mail_a_telephone_or_a_passage(destination, allowed):
    assert markup.is_allowed(destination) is allowed


def test_links_to_anchors_lead_where_the_page_wants_and_others_do_not_tell_where_they_were_clicked():
    text = "[log](#sector-log) and [web](https://a.example)"
    html = markup.pieces(text, lambda anchor: f"/there/{anchor}/")[0].html
    assert '<a href="/there/sector-log/">log</a>' in html
    assert '<a href="https://a.example" rel="noreferrer">web</a>' in html
    assert markup.rendered(text, lambda anchor: f"/x/{anchor}") == html.replace(
        "/there/sector-log/", "/x/sector-log"
    )


def test_destinations_are_told_whether_they_are_allowed_or_not():
    text = "[a](#one) [b](https://a.example)\n\n1. [c](javascript:x) {#p}\n\n> [d](/admin/)"
    assert markup.destinations(text) == ["#one", "https://a.example", "javascript:x", "/admin/"]


# --- What is not in the subset


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_in_the_subset_is_shown_as_it_was_typed(text):
    assert is_safe(all_html(text))


def test_the_measure_of_safety_itself_finds_what_is_not():
    for html in (
        "<script>x</script>",
        '<p onclick="x">',
        '<a href="javascript:x">',
        "<img src=x>",
        "<b>x</b>",
    ):
        assert not is_safe(html)


@given(st.text(max_size=300))
def test_any_text_gives_safe_html(text):
    assert is_safe(all_html(text))


MARKS = st.sampled_from(
    ["<", ">", "script", "[a]", "(", ")", "javascript:", "#", "## ", "1. ", "- ", "\n", "\n\n", "{#a}", "{#b-c}", "*",
     "_", "`", "    ", '"', "'", "&", "http://", "> ", "\\", "onclick=", "text", " "]
)  # fmt: skip


@given(st.lists(MARKS, max_size=40).map("".join))
def test_any_heap_of_marks_gives_safe_html_and_passages_that_can_be_pointed_at(text):
    assert is_safe(all_html(text))
    found = markup.passages(text)
    assert found[0].kind == CHAPTER
    for piece in found[1:]:
        assert (piece.kind == POINT) == (piece.number is not None)
        assert 0 <= piece.line < len(markup.normal(text).split("\n"))


LINES = st.lists(
    st.sampled_from(["## Heading", "### Closer", "Words.", "1. Point", "2. Next", "- item", "", "> said"]),
    max_size=15,
)


@given(LINES)
def test_anchors_that_are_written_are_read_again_whatever_stands_between(lines):
    text = "\n".join(lines)
    anchors = [f"a-{count}" for count in range(len(markup.passages(text)) - 1)]
    done = markup.mark(text, anchors)
    assert [one.anchor for one in markup.passages(done)[1:]] == anchors
    assert [one.text for one in markup.passages(done)] == [one.text for one in markup.passages(text)]
    assert markup.mark(done, anchors) == done


@pytest.mark.parametrize("part", ["[", "*a ", "> ", "- ", "1. x\n", "[a](", "<", "{#a} "])
def test_a_text_of_the_greatest_length_is_read_in_bounded_time(part):
    begins = time.process_time()
    markup.pieces((part * BODY_LIMIT)[:BODY_LIMIT])
    assert time.process_time() - begins < SECONDS
