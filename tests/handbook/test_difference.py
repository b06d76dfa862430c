"""What changed between two texts is found and told in words, in bounded time."""

import random
import time

import pytest

from handbook.chapters.difference import ADDED, CHANGED, REMOVED, SAME, Span, difference, paragraphs

FIRST = "We patrol in pairs.\n\n1. Keep a log. {#log}\n2. Greet the shops. {#shops}"


def hows(found) -> list[str]:
    return [row.how for stretch in found.stretches for row in stretch.rows]


def spans(found) -> list[Span]:
    rows = [row for stretch in found.stretches for row in stretch.rows if row.how != SAME]
    return [span for row in rows for span in row.spans if span.how != SAME]


def test_a_changed_word_is_found_within_its_paragraph():
    found = difference(FIRST, FIRST.replace("in pairs", "alone and in pairs"))
    assert hows(found) == [CHANGED, SAME, SAME]
    assert spans(found) == [Span(ADDED, "alone and")]


def test_a_replaced_word_is_taken_out_and_put_in():
    found = difference(FIRST, FIRST.replace("shops", "tradespeople", 1))
    assert spans(found) == [Span(REMOVED, "shops."), Span(ADDED, "tradespeople.")]


def test_an_inserted_point_leaves_those_behind_it_unchanged_though_they_are_renumbered():
    after = FIRST.replace("2. Greet", "2. Visit the school once a month. {#school}\n3. Greet")
    found = difference(FIRST, after)
    assert hows(found) == [SAME, SAME, ADDED, SAME]
    assert [row.paragraph.number for stretch in found.stretches for row in stretch.rows] == [None, 1, 2, 3]


def test_a_paragraph_put_before_a_changed_one_is_told_apart_from_it():
    after = "Something altogether new stands here.\n\nWe patrol in pairs at night."
    assert hows(difference("We patrol in pairs.", after)) == [ADDED, CHANGED]


def test_what_has_no_words_in_common_is_shown_as_taken_out_and_put_in():
    assert hows(difference("Walk to the school.", "Cycle past every shop.")) == [REMOVED, ADDED]


def test_long_unchanged_stretches_are_folded_but_for_what_stands_beside_the_change():
    texts = [f"Paragraph number {count} says this." for count in range(12)]
    after = [*texts[:6], "Here is something new.", *texts[6:]]
    found = difference("\n\n".join(texts), "\n\n".join(after))
    assert [(stretch.is_folded, len(stretch.rows)) for stretch in found.stretches] == [
        (True, 5),
        (False, 1),
        (False, 1),
        (False, 1),
        (True, 5),
    ]


def test_anchors_and_marks_are_no_words():
    assert [
        one.words for one in paragraphs("## Practice {#practice}\n\n1. **Keep** a [log](#x). {#log}")
    ] == [
        "Practice",
        "Keep a log.",
    ]
    assert not difference("1. Keep a log. {#log}", "1. Keep a log. {#the-log}").is_any


def test_a_link_that_leads_elsewhere_is_told_though_the_words_are_the_same():
    found = difference("See [the law](https://old.example).", "See [the law](https://new.example).")
    assert not found.has_words
    assert (found.links_removed, found.links_added) == (["https://old.example"], ["https://new.example"])
    assert found.is_any


def test_a_changed_title_is_told():
    found = difference("Same.", "Same.", titles=("The task", "Our task"))
    assert found.has_title
    assert not found.has_words


def test_nothing_and_a_text_are_all_added_and_all_removed():
    assert set(hows(difference("", FIRST))) == {ADDED}
    assert set(hows(difference(FIRST, ""))) == {REMOVED}
    assert not difference("", "").is_any


def _shuffled(words: list[str], seed: int) -> str:
    return " ".join(random.Random(seed).sample(words, len(words)))


WORDS = [f"w{count}" for count in range(190)]
WORST = {
    "one word over and over": (" ".join("ab" * 10_000), " ".join("ba" * 10_000)),
    "all words in another order": (_shuffled(WORDS * 40, 1), _shuffled(WORDS * 40, 2)),
    "many paragraphs of two words": (
        "\n\n".join(" ".join("aab" * 65) for _one in range(100)),
        "\n\n".join("x " + " ".join("abb" * 65) for _one in range(100)),
    ),
    "paragraphs in another order": ("\n\n".join(WORDS), "\n\n".join(reversed(WORDS))),
    "many paragraphs alike": (
        "\n\n".join(_shuffled(WORDS[:150], seed) for seed in range(60)),
        "\n\n".join(_shuffled(WORDS[:150], seed + 99) for seed in range(60)),
    ),
    "thousands of paragraphs": ("\n\n".join("ab" * 6600), "\n\n".join("ba" * 6600)),
    "thousands of points": ("1. a\n" * 8000, "1. b\n" * 8000),
}


@pytest.mark.parametrize("case", WORST)
def test_the_worst_texts_of_forty_thousand_characters_are_compared_in_bounded_time(case):
    before, after = (text[:40_000] for text in WORST[case])
    begun = time.process_time()
    found = difference(before, after)
    assert time.process_time() - begun < 15
    assert found.is_any
    # Nothing of the new text is lost, however it is shown.
    told = [
        span.words
        for stretch in found.stretches
        for row in stretch.rows
        for span in row.spans
        if span.how != REMOVED
    ]
    assert " ".join(told).split() == " ".join(one.words for one in paragraphs(after)).split()
