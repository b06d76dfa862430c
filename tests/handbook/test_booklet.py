"""The handbook on paper: looked at page by page as a printer gets it."""

import datetime
import re

import pypdfium2
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from audit.models import ReadEntry
from handbook.booklet import contents, making
from handbook.booklet.period import Period, months_before
from handbook.chapters.publishing import publish
from handbook.models import Wording
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    OfficerFactory,
    RevisionFactory,
    SectorFactory,
    UserFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db

MM = 72 / 25.4
NEW = "New in this period"


@pytest.fixture
def sector():
    return SectorFactory(name="Nordvest")


@pytest.fixture
def station(sector):
    return sector.station


@pytest.fixture
def reader(client, sector):
    """Return a client that is logged in as one of the station's officers."""
    officer = OfficerFactory(station=sector.station, user=UserFactory())
    AssignmentFactory(officer=officer, sector=sector)
    client.force_login(officer.user)
    return client


def chapter(station, slug, body_en="", body_da="", *, published_at=None, **named):
    """Return a chapter with a text in force in the languages that are given."""
    made = ChapterFactory(station=station, slug=slug, body="", **named)
    texts = {
        "title_en": f"Title of {slug}" if body_en else "",
        "title_da": f"Titel på {slug}" if body_da else "",
    }
    revision = RevisionFactory(chapter=made, number=1, body_en=body_en, body_da=body_da, **texts)
    publish(revision, agreed_by=UserFactory() if made.is_fixed else None, now=published_at)
    return made


def contribution(passage, wording, *, days=1, da="", name="Mette Holm", **named):
    when = days_ago(days)
    made = ContributionFactory(
        passage=passage,
        inserted=True,
        author_name=name,
        submitted_at=when,
        decided_at=when,
        wording=wording or "x",
        **named,
    )
    if da:
        Wording.objects.create(
            contribution=made, number=2, text_en=wording, text_da=da, written_by=UserFactory()
        )
    return made


@pytest.fixture
def handbook(station, sector):
    """Write a fixed chapter and two that grow: one of them over several pages, one in English alone."""
    paragraph = (
        "People know their officer by name, and the officer knows the people of the sector. " * 6 + "\n\n"
    )
    long_ago = days_ago(400)
    fixed = chapter(
        station, "ground", "Fixed words.", "Faste ord.", fixed=True, position=1, published_at=long_ago
    )
    points = "".join(f"{number}. Point {number}. {{#point-{number}}}\n" for number in range(4, 16))
    en = f"Begin, see [the log](#log).\n\n## Much {{#much}}\n\n{paragraph * 12}{points}"
    da = en.replace("## Much", "## Meget").replace("Point ", "Punkt ")
    long = chapter(station, "work", en, da, position=2)
    english = chapter(station, "log", "Only English.\n\n## Write {#write}\n\nAt once.", position=3)
    return {
        "fixed": fixed,
        "old": contribution(long.passages.get(anchor="much"), "Known for long.", days=200, da="Længe kendt."),
        "new": contribution(
            long.passages.get(anchor="point-10"), "A new habit.", days=3, da="En ny vane.", sector=sector
        ),
        "english": contribution(
            english.passages.get(anchor="write"), "Write standing.", days=2, name="Søren Ø. Friis"
        ),
    }


def address(station, name="booklet_pdf", **query):
    found = reverse(f"handbook:{name}", args=[station.slug])
    return f"{found}?{'&'.join(f'{key}={value}' for key, value in query.items())}"


def printed(client, station, *, days=30, language="en"):
    """Return the booklet with the contributions of the last days marked."""
    today = timezone.localdate()
    first = today - datetime.timedelta(days=days)
    answer = client.get(address(station, **{"from": first, "to": today, "language": language}))
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "application/pdf"
    return pypdfium2.PdfDocument(answer.content)


def texts(document):
    """Return the text of each page in one line; words cut at the end of a line are put together."""
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(re.sub(r"(\w)[\u00ad\ufffe\x02-]\r?\n(\w)", r"\1\2", page).split()) for page in pages]


def page_of(pages, words):
    """Return the number of the only page, behind cover and contents, that says this."""
    found = [number for number, page in enumerate(pages, 1) if words in page and number > 2]
    assert len(found) == 1, (words, found)
    return found[0]


def number_after(words, page):
    """Return the number at the end of the leader that follows the words."""
    match = re.search(rf"{re.escape(words)}[ .]*? ?(\d+)\b", page)
    assert match, (words, page)
    return int(match[1])


# --- What is on paper -----------------------------------------------------------------------------


def test_pages_are_a5_with_the_number_outside_and_the_wider_margin_at_the_fold(reader, station, handbook):
    document = printed(reader, station)
    assert len(document) >= 5
    for number, page in enumerate(document, 1):
        width, height = page.get_size()
        assert (round(width / MM), round(height / MM)) == (148, 210)
        if number > 2:
            words = page.get_textpage()
            at_left = words.get_text_bounded(0, 0, 30 * MM, 15 * MM)
            at_right = words.get_text_bounded(width - 30 * MM, 0, width, 15 * MM)
            outside = at_right if number % 2 else at_left
            assert str(number) in outside.split()
            fold = (0, 19 * MM) if number % 2 else (width - 19 * MM, width)
            assert words.get_text_bounded(fold[0], 0, fold[1], height).strip() == ""


def test_the_cover_says_whose_it_is_and_of_when(reader, station, handbook):
    cover = texts(printed(reader, station))[0]
    assert "The handbook" in cover
    assert str(station) in cover
    today = timezone.localdate()
    assert f"Text of {date_format(today, 'DATE_FORMAT')}" in cover
    assert "Contributions from" in cover


def test_the_contents_lead_to_the_right_pages(reader, station, handbook):
    pages = texts(printed(reader, station))
    for words in ("1. Title of ground", "2. Title of work", "3. Title of log"):
        first = next(number for number, page in enumerate(pages, 1) if number > 2 and words in page)
        assert number_after(words, pages[1]) == first
    assert number_after("Much", pages[1]) == page_of(pages, "Much People know")
    assert number_after("Write", pages[1]) == page_of(pages, "Write At once")
    assert number_after("Contributions of the period", pages[1]) == len(pages)


def test_chapters_and_headings_are_the_bookmarks_of_the_pdf(reader, station, handbook):
    document = printed(reader, station)
    titles = [mark.get_title() for mark in document.get_toc()]
    assert "2. Title of work" in titles
    assert "Much" in titles


def test_points_keep_the_numbers_of_the_text(reader, station, handbook):
    pages = texts(printed(reader, station))
    page = next(page for page in pages if "Point 4." in page)
    # They stand beside their points; a reader of the text finds them together.
    assert " 4. 5. 6. 7. 8. 9. 10. 11. 12. 13. 14. 15. " in page
    assert " 3. " not in page.replace(" 3. Title of log", "")


def test_lists_that_begin_elsewhere_keep_their_numbers(reader, station):
    made = chapter(station, "lists", "3. Three. {#three}\n\n   7. Seven.\n   8. Eight.\n\n")
    contribution(made.passages.get(anchor="three"), "21. Twenty-one.\n22. Twenty-two.")
    body = " ".join(texts(printed(reader, station)))
    assert all(f" {number}. " in body for number in (3, 7, 8, 21, 22))


def test_a_link_within_the_handbook_names_its_page(reader, station, handbook):
    pages = texts(printed(reader, station))
    first = next(number for number, page in enumerate(pages, 1) if number > 2 and "Title of log Only" in page)
    assert f"see the log (→ {first})" in " ".join(pages)


def test_fixed_ground_and_practice_are_told_apart_in_words(reader, station, handbook):
    body = " ".join(texts(printed(reader, station))[2:])
    assert "Fixed ground 1. Title of ground" in body
    assert "Practice 2. Title of work" in body


def test_what_is_of_the_period_is_marked_and_listed_with_its_page(reader, station, handbook):
    pages = texts(printed(reader, station))
    body, last = " ".join(pages[2:]), pages[-1]
    assert body.count(NEW) == 2
    assert f"{NEW} A new habit. Inserted from Mette Holm, Nordvest" in body
    assert f"{NEW} Known for long." not in body
    assert "Known for long. Inserted from Mette Holm" in body
    listed = last[last.index("Contributions of the period") :]
    assert "Mette Holm · Nordvest" in listed
    assert number_after("10. Point 10.", listed) == page_of(pages[:-1], "A new habit.")
    assert "Søren Ø. Friis" in listed
    assert "200" not in listed


def test_the_mark_is_a_black_bar_at_the_edge(reader, station, handbook):
    """It is seen on paper without colours: a column of dark points left of the words, for the new one alone."""
    document = printed(reader, station)
    for words, thick in (("A new habit", True), ("Known for long", False)):
        page = next(page for page in document if words in page.get_textpage().get_text_bounded())
        text = page.get_textpage()
        left, bottom, _right, top = text.get_charbox(text.get_text_bounded().index(words))
        scale = 4
        picture = page.render(scale=scale, grayscale=True).to_pil()
        middle = picture.height - (bottom + top) / 2 * scale
        dark = sum(
            picture.getpixel((x, int(middle))) < 40
            for x in range(int((left - 6 * MM) * scale), int((left - 0.3 * MM) * scale))
        )
        assert (dark >= 0.9 * MM * scale) is thick


def test_nothing_is_marked_without_a_period(reader, station, handbook):
    answer = reader.get(address(station))
    pages = texts(pypdfium2.PdfDocument(answer.content))
    body = " ".join(pages)
    assert NEW not in body
    assert "Contributions of the period" not in body
    assert "A new habit." in body


def test_days_are_those_of_the_city(reader, station):
    made = chapter(station, "night", "Ground.")
    late = datetime.datetime(2026, 6, 30, 22, 30, tzinfo=datetime.UTC)  # half past midnight in Copenhagen
    one = contribution(made.passages.get(), "Late.")
    type(one).objects.filter(pk=one.pk).update(decided_at=late)
    for day, is_new in ((datetime.date(2026, 7, 1), True), (datetime.date(2026, 6, 30), False)):
        booklet = contents.booklet_of(station, Period(day, day), "en")
        assert bool(booklet.new) is is_new


def test_what_was_taken_out_or_is_not_decided_is_not_in_it(reader, station, handbook):
    passage = handbook["new"].passage
    ContributionFactory(passage=passage, text="Not decided yet.")
    ContributionFactory(passage=passage, state="taken_out", decided_at=timezone.now(), text="Taken out.")
    body = " ".join(texts(printed(reader, station)))
    assert "Not decided" not in body
    assert "Taken out" not in body


def test_contributions_to_a_passage_that_has_gone_stand_at_the_end_of_their_chapter(
    reader, station, handbook
):
    log = handbook["english"].passage.chapter
    publish(RevisionFactory(chapter=log, title_en="Log", body_en="Anew.", title_da="", body_da=""))
    body = " ".join(texts(printed(reader, station))[2:])
    assert f"Anew. Contributed to earlier texts of this chapter: {NEW} Write standing." in body


def test_chapters_left_out_or_without_a_text_are_not_in_it_and_numbers_stay(reader, station, handbook):
    ChapterFactory(station=station, slug="coming", position=4, body="")
    chapter(station, "last", "Last words.", position=5)
    chapter(station, "gone", "Gone words.", position=6, left_out_at=timezone.now())
    body = " ".join(texts(printed(reader, station)))
    assert "5. Title of last" in body
    assert "Gone words" not in body


# --- Languages ------------------------------------------------------------------------------------


def test_danish_is_danish_and_remarks_what_is_in_english_alone(reader, station, handbook):
    body = " ".join(texts(printed(reader, station, language="da"))[2:])
    assert "2. Titel på work" in body
    assert "Punkt 10." in body
    assert "En ny vane." in body
    assert "A new habit." not in body
    assert "Only English." in body
    # Whichever words the catalogue has for the two remarks, they stand before what they are about.
    english = body[body.index("3. Title of log") :]
    assert re.search(r"3\. Title of log \S.* Only English\.", english)
    assert body.index("Only English.") - body.index("3. Title of log") > len("3. Title of log ")


def test_foreign_texts_say_their_language_to_who_listens(station, handbook):
    booklet = contents.booklet_of(station, Period(), "da")
    with override("da"):
        html = render_to_string("handbook/print/booklet.html", {"booklet": booklet})
    assert '<html lang="da">' in html
    assert re.search(r'<h2[^>]*lang="en"[^>]*>3\. Title of log', html)
    assert re.search(r'<div class="prose"\s+lang="en"><p>Write standing', html)
    assert 'id="ground" >' in html or re.search(r'id="ground"\s*>', html)


def test_the_page_decides_the_language_unless_one_is_chosen(reader, station, handbook):
    page, in_english = f"/da{address(station)}", f"/da{address(station, language='en')}"
    danish = reader.get(page)
    assert "-da-" in danish["Content-Disposition"]
    assert "Titel på work" in " ".join(texts(pypdfium2.PdfDocument(danish.content)))
    chosen = reader.get(in_english)
    assert "-en-" in chosen["Content-Disposition"]


# --- Hostile texts --------------------------------------------------------------------------------


HOSTILE = (
    "<script>alert(1)</script><img src=http://outside.example/x.png> "
    + "W" * 900
    + " 👮🚲 مرحبا بالعالم שלום\n\nSee [gone](#nowhere-at-all) and https://example.org/"
    + "y" * 400
    + "\n\n## Inner heading {#inner}\n\n1. "
    + "Ordsammensætning" * 30
)


def test_hostile_texts_stay_words_and_within_the_margins(reader, station):
    made = chapter(station, "hostile", HOSTILE)
    contribution(made.passages.get(position=0), HOSTILE[:3900], name="<b>" + "N" * 110)
    document = printed(reader, station)
    pages = texts(document)
    body = " ".join(pages)
    assert "<script>alert(1)</script>" in body
    assert "<b>NNN" in body
    assert "gone and" in body  # leads nowhere: no page number
    assert "مرحبا" in body or "ﺎﺒﺣﺮﻣ" in body or any("\u0600" <= sign <= "\u06ff" for sign in body)
    for page in list(document)[2:]:
        width, height = page.get_size()
        words = page.get_textpage()
        for edge in ((0, 0, 12 * MM, height), (width - 12 * MM, 0, width, height)):
            assert words.get_text_bounded(*edge).strip() == ""


def test_headings_within_contributions_are_no_chapters(reader, station):
    made = chapter(station, "quiet", "Ground.\n\n## Own {#own}\n\nWords.")
    contribution(made.passages.get(position=0), "## Loud\n\nWords.")
    titles = [mark.get_title() for mark in printed(reader, station).get_toc()]
    assert "Own" in titles
    assert "Loud" not in titles


# --- Bounds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 6])
def test_gathering_costs_the_same_queries_however_long_it_is(station, many, django_assert_num_queries):
    for count in range(many):
        made = chapter(
            station, f"chapter-of-{count}", f"Ground.\n\n1. One. {{#one-{count}}}", position=count + 1
        )
        for passage in made.passages.all():
            contribution(passage, "Words.", sector=SectorFactory(station=station))
    with django_assert_num_queries(5):
        booklet = contents.booklet_of(station, Period(), "en")
        assert len(booklet.chapters) == many
        assert [(one.contribution.sector.name, one.words.text) for one in booklet.practices]


def test_the_page_costs_few_queries(reader, station, handbook, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        assert reader.get(address(station, "booklet")).status_code == 200


def test_a_handbook_that_nobody_would_print_is_refused_in_a_sentence(reader, station, handbook, monkeypatch):
    monkeypatch.setattr(contents, "MOST_PRINTED", 5000)
    answer = reader.get(address(station))
    assert answer.status_code == 422
    assert "too long for one booklet" in answer.content.decode()


def test_a_second_one_at_the_same_time_is_asked_to_wait_and_then_made(reader, station, handbook):
    with making._making:
        answer = reader.get(address(station, **{"from": "2026-01-01"}))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert 'value="2026-01-01"' in answer.content.decode()
    assert reader.get(address(station)).status_code == 200


def test_the_contents_of_very_many_headings_name_the_chapters_alone(station, monkeypatch, handbook):
    booklet = contents.booklet_of(station, Period(), "en")
    assert booklet.lists_headings
    monkeypatch.setattr(contents, "MOST_LINES", 4)
    assert not booklet.lists_headings


# --- The page before ------------------------------------------------------------------------------


def test_the_page_says_what_the_booklet_will_contain(reader, station, handbook):
    ChapterFactory(station=station, slug="coming", position=4, body="")
    first = timezone.localdate() - datetime.timedelta(days=30)
    text = " ".join(
        reader.get(address(station, "booklet", **{"from": first, "to": ""})).content.decode().split()
    )
    assert "<strong>3</strong> contributions of officers" in text
    assert "<strong>2</strong> of them are marked" in text
    assert "<strong>3</strong> chapters" in text
    assert "1 chapter is not in it" in text


def test_the_page_begins_with_the_last_three_months_and_offers_the_year_and_none(reader, station, handbook):
    page = reader.get(address(station, "booklet"))
    today = timezone.localdate()
    assert page.context["period"] == Period(months_before(today, 3), today)
    text = page.content.decode()
    assert f"?from={today.year}-01-01&amp;to={today}" in text
    assert "?from=&amp;to=&amp;" in text
    none = reader.get(address(station, "booklet", **{"from": "", "to": ""}))
    assert "None of them is marked." in none.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-13-40", "2026-01-01", "This is no date."),
        ("tomorrow", "", "This is no date."),
        ("2026-05-02", "2026-05-01", "The period ends before it begins."),
        ("0001-01-01", "", "The year of this day cannot be right."),
        ("", "9999-12-31", "The year of this day cannot be right."),
        ("%00", "", ""),
    ],
)
@pytest.mark.parametrize("name", ["booklet", "booklet_pdf"])
def test_days_that_are_none_are_said_and_kept(reader, station, handbook, name, first, last, words):
    answer = reader.get(address(station, name, **{"from": first, "to": last, "language": "da"}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert "The booklet is not made yet." in text
    assert re.search(r'value="da"\s+checked', text)
    if "%" not in first:
        assert f'value="{first}"' in text or not first
    assert f'value="{last}"' in text or not last


def test_a_language_that_there_is_not_is_said(reader, station, handbook):
    assert reader.get(address(station, language="xx")).status_code == 422


def test_a_handbook_without_a_text_says_so(reader, station):
    ChapterFactory(station=station, slug="coming", body="")
    page = reader.get(address(station, "booklet"))
    assert page.status_code == 200
    assert "nothing to print" in page.content.decode()
    assert reader.get(address(station)).status_code == 422


@pytest.mark.parametrize(
    ("day", "before"),
    [((2026, 5, 31), (2026, 2, 28)), ((2028, 5, 31), (2028, 2, 29)), ((2026, 1, 15), (2025, 10, 15))],
)
def test_three_months_ago_is_a_day_that_there_was(day, before):
    assert months_before(datetime.date(*day), 3) == datetime.date(*before)


# --- Who ------------------------------------------------------------------------------------------


def test_another_station_s_handbook_is_not_found(reader, handbook):
    other = chapter(SectorFactory().station, "foreign", "Foreign words.").station
    assert reader.get(address(other)).status_code == 404
    assert reader.get(address(other, "booklet")).status_code == 404


def test_taking_it_home_is_noted_with_every_contribution_in_it(reader, station, handbook):
    printed(reader, station)
    entry = ReadEntry.objects.get(verb=ReadEntry.Verb.DOWNLOADED)
    assert entry.subject == "handbook.contribution"
    expected = {f"handbook.contribution:{handbook[name].pk}" for name in ("old", "new", "english")}
    assert set(entry.keys) == expected
