"""Charts as SVG: words stay words, nothing moves, nothing comes from elsewhere, and the hidden stays hidden."""

import re
import threading
from xml.etree import ElementTree

import pytest
from django.utils import translation

from overview.charts.drawing import data_uri, svg
from overview.charts.kept import digest_of, drawn
from overview.figures import Chart, ChartKind, Series

SVG = "{http://www.w3.org/2000/svg}"


def chart(*rows, kind=ChartKind.BARS, labels=None, unit="contacts", are_places=False):
    names = labels or tuple(f"Place {number}" for number in range(len(rows[0])))
    series = tuple(Series(f"Series {number}", tuple(row)) for number, row in enumerate(rows))
    return Chart("A chart", kind, tuple(names), series, unit, are_places)


def parsed(picture):
    return ElementTree.fromstring(picture)  # noqa: S314  # drawn a moment ago, by ourselves


def words(picture):
    """Return all texts of a picture; it is well-formed."""
    return [text.text or "" for text in parsed(picture).iter(f"{SVG}text")]


def widest(picture, fill):
    """Return how many pixels the widest shape with this filling takes."""
    paths = re.findall(rf'<path d="([^"]*)"[^>]*fill="{fill}"', picture)
    edges = [[float(x) for x in re.findall(r"[ML] ([\d.]+) ", path)] for path in paths]
    return max(max(xs) - min(xs) for xs in edges)


ALL_KINDS = [
    (kind, are_places)
    for kind in ChartKind
    for are_places in (True, False)
    if not (kind is ChartKind.LINES and are_places)
]


@pytest.mark.parametrize("width", ["narrow", "wide", "print"])
@pytest.mark.parametrize(("kind", "are_places"), ALL_KINDS)
def test_each_kind_has_its_legend_unit_and_labels_in_letters_that_can_be_read(kind, are_places, width):
    picture = svg(chart([4, None, 1], [2, 9, 1], kind=kind, are_places=are_places), width)
    texts = words(picture)
    assert {"Series 0", "Series 1", "Place 0", "Place 1", "Place 2"} <= set(texts)
    assert any(text.startswith("contacts") for text in texts)
    sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)px"', picture)}
    assert len(sizes) == 1
    assert min(sizes) >= 12


@pytest.mark.parametrize(("kind", "are_places"), ALL_KINDS)
def test_a_picture_holds_no_script_no_style_and_nothing_from_elsewhere(kind, are_places):
    picture = svg(chart([4, 3, 1], [2, 9, 1], kind=kind, are_places=are_places), "wide")
    for element in parsed(picture).iter():
        assert element.tag.removeprefix(SVG) not in {
            "script",
            "style",
            "image",
            "foreignObject",
            "a",
            "metadata",
        }
        for name, value in element.attrib.items():
            assert name != "style"
            assert not name.startswith("on")
            assert "//" not in value
            assert "url(" not in value or value.startswith("url(#")
            if name.endswith("href"):
                assert value.startswith("#")
    assert "<!DOCTYPE" not in picture


def test_the_same_chart_is_the_same_text_even_when_several_threads_draw():
    both = chart([4, 3, 1], [2, 9, None], kind=ChartKind.STACKED, are_places=True)
    pictures = []
    threads = [threading.Thread(target=lambda: pictures.append(svg(both, "narrow"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pictures) == 4
    assert len({*pictures, svg(both, "narrow")}) == 1


def test_numbers_stand_at_the_ends_of_bars_in_the_language_of_the_page():
    two = chart([1234.5, 0.25], [3, None], are_places=True)
    with translation.override("en"):
        assert {"1,234", "0.25", "3", "–"} <= set(words(svg(two, "wide")))
    with translation.override("da"):
        assert {"1.234", "0,25", "3", "–"} <= set(words(svg(two, "wide")))


def test_a_stack_says_its_sum_but_not_when_a_part_of_it_is_unknown():
    texts = words(svg(chart([4, 40], [3, None], kind=ChartKind.STACKED, are_places=True), "wide"))
    assert "7" in texts
    assert texts.count("40") == 1  # on the axis, not at the bar


def test_shares_fill_the_whole_and_are_none_where_a_part_is_unknown_or_there_is_nothing():
    picture = svg(chart([1, 5, 0], [3, None, 0], kind=ChartKind.SHARES, are_places=True), "wide")
    assert words(picture).count("–") == 2
    assert "100" in words(picture)
    assert "contacts, shares in %" in words(picture)
    first, second = (widest(picture, fill) for fill in ("#0072b2", r"url\(#h[^\"]*\)"))
    assert second == pytest.approx(3 * first, rel=0.01)


def test_an_unknown_month_breaks_the_line():
    def strokes(numbers):
        picture = svg(chart(numbers, kind=ChartKind.LINES), "wide")
        line = next(path for path in re.findall(r'<path d="([^"]*)"[^>]*stroke="#0072b2"', picture))
        return line.count("M ")

    assert strokes([1, 5, 2, 7]) == 1
    assert strokes([1, 5, None, 7, 2]) == 2


def test_nothing_to_draw_is_said():
    for nothing in (
        Chart("Empty", ChartKind.BARS, (), (), "contacts"),
        chart([None, None]),
        chart([float("nan"), float("inf")], kind=ChartKind.LINES),
        chart([0, 0], [0, 0], kind=ChartKind.SHARES),
    ):
        assert "There are no numbers to draw." in words(svg(nothing, "narrow"))


def test_nothing_at_all_is_a_number_too():
    assert words(svg(chart([0, 0], are_places=True), "narrow")).count("0") == 3


def test_one_number_alone_is_drawn():
    assert "12" in words(svg(chart([12], are_places=True), "narrow"))
    assert "12" in words(svg(chart([12]), "wide"))
    assert "Place 0" in words(svg(chart([12], kind=ChartKind.LINES), "narrow"))


def test_a_number_below_nothing_is_refused():
    with pytest.raises(ValueError, match="below nothing"):
        svg(chart([3, -1]), "wide")


def test_an_unknown_width_is_refused():
    with pytest.raises(KeyError):
        svg(chart([3]), "huge")


def test_names_from_anywhere_are_words_and_nothing_else():
    names = (
        "<script>alert(1)</script>",
        'A & B " style="x:y',
        "$x^2$",
        "שלום رتبة",
        "😀 \x00\x0b\u2028end",
        "",
    )
    picture = svg(chart([1] * 6, labels=names, are_places=True), "wide")
    assert {"<script>alert(1)</script>", 'A & B " style="x:y', "$x^2$", "שלום رتبة", "😀  end"} <= set(
        words(picture)
    )
    assert "<script" not in picture


@pytest.mark.parametrize("width", ["narrow", "wide", "print"])
@pytest.mark.parametrize("are_beside", [True, False])
def test_names_of_some_words_are_broken_between_them_and_none_is_cut(width, are_beside):
    names = (
        "Residents of particularly exposed housing areas",
        "Housing associations and co-operative housing societies",
        "Young",
    )
    picture = svg(chart([1, 2, 3], *([[4, 5, 6]] * are_beside), labels=names, are_places=True), width)
    for name in names:
        assert name in " ".join(words(picture))
    assert "…" not in picture
    legend = Chart("A chart", ChartKind.STACKED, ("A",), tuple(Series(name, (1,)) for name in names * 2), "x")
    assert "…" not in svg(legend, width)


def test_a_row_is_as_high_as_its_name_and_its_bar_stands_in_the_middle():
    name = "Residents of particularly exposed housing areas"
    picture = svg(chart([7, 7], labels=("Young", name), are_places=True), "narrow")
    low, high = (float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>7</text>', picture))
    lines = [
        float(re.search(rf'y="([\d.]+)"[^>]*>{line}</text>', picture)[1])
        for line in ("Residents of", "particularly exposed", "housing areas")
    ]
    assert lines[1] == pytest.approx(high, abs=1)
    assert lines == sorted(lines)
    assert lines[0] - low > lines[1] - lines[0] > 13


def test_long_names_are_cut_and_stay_on_the_sheet():
    long = "Nordvest, Bispebjerg, Ryparken og Emdrup med omegn " * 40
    for are_places in (True, False):
        picture = svg(chart([3, 4], [1, 2], labels=(long, "B"), unit=long, are_places=are_places), "narrow")
        cut = [text for text in words(picture) if text.endswith("…")]
        assert cut
        assert max(map(len, words(picture))) < 60


def test_months_are_thinned_and_a_year_is_said_once():
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    labels = tuple(f"{month} {year}" for year in range(2022, 2027) for month in names)
    for kind in (ChartKind.BARS, ChartKind.LINES):
        texts = words(svg(chart(range(60), kind=kind, labels=labels), "narrow"))
        months = [text for text in texts if text in names]
        assert 3 < len(months) < 12
        assert [texts.count(str(year)) for year in range(2022, 2027)] == [1] * 5


def test_many_places_have_their_rows_and_too_many_are_left_to_the_table():
    forty = svg(chart(range(40), are_places=True), "narrow")
    assert "Place 39" in words(forty)
    many = svg(chart(range(300), are_places=True), "narrow")
    assert "Place 299" not in words(many)
    assert "240 more places in the table" in words(many)
    assert len(many) < 200_000


def test_huge_numbers_are_told_in_millions():
    texts = words(svg(chart([1.5e14, 2.5e6], are_places=True), "narrow"))
    assert {"150,000,000 million", "2.5 million"} <= set(texts)


def test_neighbours_differ_in_more_than_colour():
    picture = svg(chart(*[[5, 6]] * 7, kind=ChartKind.STACKED, are_places=True), "wide")
    assert len(re.findall(r"<pattern ", picture)) == 6  # the first is plain
    lines = svg(chart(*[[5, 6, 7]] * 4, kind=ChartKind.LINES), "wide")
    assert len(set(re.findall(r'stroke-dasharray="([^"]*)"', lines))) == 3


def test_the_printed_picture_is_an_address_of_its_own():
    assert data_uri(chart([1, 2])).startswith("data:image/svg+xml;base64,")


def test_the_digest_changes_with_all_that_is_drawn():
    one = chart([1, 2])
    with translation.override("en"):
        digests = {
            digest_of(one, "wide"),
            digest_of(one, "narrow"),
            digest_of(chart([1, 3]), "wide"),
            digest_of(chart([1, None]), "wide"),
            digest_of(chart([1, 2], unit="visits"), "wide"),
            digest_of(chart([1, 2], kind=ChartKind.LINES), "wide"),
        }
        assert digest_of(chart([1, 2]), "wide") in digests
    with translation.override("da"):
        digests.add(digest_of(one, "wide"))
    assert len(digests) == 7


def test_a_chart_is_drawn_once_for_each_width():
    first = drawn(chart([1]), "narrow")
    assert drawn(chart([1]), "narrow") is first
    assert drawn(chart([1]), "wide") != first
    assert drawn(chart([2]), "narrow") != first
    assert drawn(chart([1]), "narrow") is first
