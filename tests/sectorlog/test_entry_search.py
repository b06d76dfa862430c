import datetime
import random

import pytest
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sectorlog.entries.filters import Around, Filters, Scope, quoted
from sectorlog.entries.pages import Place, page
from sectorlog.entries.search import Search, excerpts, marked, understood
from sectorlog.models import Addendum, Erasure, LogEntry, RecordKind
from tests.factories import (
    ChallengeFactory,
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    TargetGroupFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def finds(entry: LogEntry, text: str) -> bool:
    return entry.pk in page(Scope.of([entry.sector]), Filters(search=understood(text)), 25).numbers


def has_mark(entry: LogEntry, mark: str) -> bool:
    return entry.pk in page(Scope.of([entry.sector]), Filters(marks=((mark,),)), 25).numbers


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Mange cykler ved kiosken", "cykel"),
        ("En cykel ved kiosken", "cykler"),
        ("Cyklerne stod der", "CYKEL"),
        ("Talte med butikkens ejer", "butik"),
        ("Unge i gården", "gård"),
        ("Three bicycles at the kiosk", "bicycle"),
        ("One bicycle", "bicycles"),
        ("Talked about burglaries", "burglary"),
        ("Mødte Fadime Özkan", "Özkan"),
        ("Mødte Anders And-Jensen", "And-Jensen"),
        ("Ring 26 18 90 11", '"26 18 90 11"'),
        ("Talked to him", "him"),
        ("Two bicycles og mange cykler", "bicycle cykel"),
        ("Glad for the cykler", "the cykel"),
        ("التقيت بالجيران 🚲", "التقيت"),
    ],
)
def test_a_word_is_found_in_its_other_forms_in_both_languages(written, searched):
    assert finds(LogEntryFactory(text=written), searched)


def test_names_are_found_as_they_stand():
    entry = LogEntryFactory(text="Mødte Jens Hansen")
    assert finds(entry, "hansen")
    assert not finds(entry, "johansen")


@pytest.mark.parametrize(
    ("searched", "is_found"),
    [
        ("kiosk butik", True),
        ("kiosk bibliotek", False),
        ('"talte ved kiosken"', True),
        ('"kiosken talte"', False),
        ("kiosk -butik", False),
        ("kiosk -bibliotek", True),
        ("-cykler", False),
        ("bibliotek or kiosk", True),
        ("bibliotek eller kiosk", True),
        ("findesikke", False),
    ],
)
def test_words_together_in_order_without_and_one_or_the_other(searched, is_found):
    entry = LogEntryFactory(text="Talte ved kiosken og i butikken om en cykel")
    assert finds(entry, searched) is is_found


@pytest.mark.parametrize("text", ["", "   ", "or", '"', '""', "-", "!!! ???", "\0", "''"])
def test_what_says_nothing_asks_for_nothing(text):
    assert not understood(text)


def test_place_answers_and_addenda_are_found_as_well():
    entry = LogEntryFactory(
        place_text="Bag biblioteket", values={"topic": "Hærværk", "deep": [{"x": "naboer"}]}
    )
    assert finds(entry, "bibliotek")
    assert finds(entry, "hærværk")
    assert finds(entry, "nabo")
    Addendum.objects.create(entry=entry, text="Lygten er tændt igen", author=entry.author)
    Addendum.objects.create(entry=entry, text="Og slukket", author=entry.author)
    assert finds(entry, "lygte")
    assert finds(entry, "slukket")


def test_a_corrected_text_is_found_by_its_new_words_alone():
    entry = LogEntryFactory(text="Talte om cykler")
    entry.text = "Talte om knallerter"
    entry.save()
    assert finds(entry, "knallert")
    assert not finds(entry, "cykel")


def test_an_erased_entry_leaves_no_words():
    entry = LogEntryFactory(text="Erased", review_on=timezone.localdate() - datetime.timedelta(days=1))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sectorlog.erasing', 'on', true)")
        Erasure.objects.create(
            kind=RecordKind.ENTRY,
            record=entry.uuid,
            sector=entry.sector,
            review_on=entry.review_on,
            rule="review",
        )
        entry.delete()
        cursor.execute("SELECT count(*) FROM sectorlog_entrysearch WHERE document @@ 'erased'")
        assert cursor.fetchone()[0] == 0


def test_the_log_of_changes_holds_no_words_of_entries():
    LogEntryFactory(text="Canarybird sang")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_change WHERE after::text ILIKE '%canarybird%'")
        assert cursor.fetchone()[0] == 0


def test_marks_follow_what_the_entry_is_about():
    group, party, challenge = TargetGroupFactory(), PartyFactory(), ChallengeFactory()
    entry = LogEntryFactory(outcome="fine")
    marks = [f"group {group.pk}", f"party {party.pk}", f"challenge {challenge.pk}"]
    assert [has_mark(entry, mark) for mark in marks] == [False] * 3
    entry.groups.add(group)
    entry.parties.add(party)
    entry.challenges.add(challenge)
    assert [has_mark(entry, mark) for mark in marks] == [True] * 3
    entry.groups.clear()
    assert [has_mark(entry, mark) for mark in marks] == [False, True, True]
    assert has_mark(entry, "outcome fine")
    assert has_mark(entry, f"author {entry.author_id}")
    assert not has_mark(entry, "follow-up true")
    entry.follow_up_on = timezone.localdate()
    entry.save()
    assert has_mark(entry, "follow-up true")
    entry.follow_up_done_at = timezone.now()
    entry.save()
    assert not has_mark(entry, "follow-up true")


def test_a_mark_that_is_typed_is_no_mark():
    entry = LogEntryFactory(text="sector 5 'author 7'")
    assert not has_mark(entry, "author 7")


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"ord{number}" for number in range(3_000)),
        "å" * 20_000,
        "\U0001f6b2 " * 10_000,
        " ".join("\u4e00" + chr(0x4E00 + number % 20_000) * 3 for number in range(4_000)),
    ],
)
def test_the_longest_texts_are_kept_and_their_beginning_is_found(text):
    entry = LogEntryFactory(text=f"Begyndelse {text}"[:20_000])
    assert finds(entry, "begyndelse")


def test_a_hundred_long_addenda_are_kept():
    entry = LogEntryFactory(text="Begyndelse")
    for turn in range(30):
        text = " ".join(f"w{turn}x{number}" for number in range(2_000))
        Addendum.objects.create(entry=entry, text=text, author=entry.author)
    assert entry.addenda.count() == 30
    assert finds(entry, "begyndelse")
    assert finds(entry, "w0x1")


def test_marked_texts_are_escaped_and_forms_of_the_word_are_marked():
    search = understood("cykel bicycle")
    [text] = marked(["<script>Cykler</script> & bicycles, ikke biler"], search)
    assert text == (
        "&lt;script&gt;<mark>Cykler</mark>&lt;/script&gt; &amp; <mark>bicycles</mark>, ikke biler"
    )
    assert marked(["a < b"], Search()) == ["a &lt; b"]


def test_unwanted_words_are_not_marked():
    [text] = marked(["Kiosken og butikken"], understood("kiosk -butik"))
    assert text == "<mark>Kiosken</mark> og butikken"


def test_an_excerpt_shows_where_the_word_stands():
    [text] = excerpts([f"{'for ' * 400}cyklen {'efter ' * 400}"], understood("cykel"))
    assert "<mark>cyklen</mark>" in text
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) < 520


class TestAnything(TestCase):
    @given(st.text(max_size=220))
    def test_whatever_is_typed_is_understood_and_marked_without_error(self, text):
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            text = text.encode(errors="ignore").decode().replace("\0", "")
        search = understood(text)
        sector = SectorFactory.build(pk=1, station_id=1)
        page(Scope.of([sector]), Filters(search=search), 5)
        [shown] = marked([text], search)
        assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")


# Pages against what a look at every entry says.


@pytest.fixture
def log():
    """Six hundred entries of four sectors over three years, so that every way of looking is gone."""
    chance = random.Random(5)
    first = SectorFactory()
    sectors = [first, *(SectorFactory(district=first.district) for _ in range(3))]
    authors = [UserFactory() for _ in range(3)]
    now = timezone.now()
    for number in range(600):
        at = now - datetime.timedelta(days=chance.random() * 1100)
        words = ["vane"] + (["sjælden"] if number % 97 == 0 else []) + (["tit"] if number % 3 == 0 else [])
        LogEntryFactory(
            sector=chance.choice(sectors),
            author=chance.choice(authors),
            happened_at=at,
            text=" ".join(words),
            outcome=chance.choice(["fine", "arrest", ""]),
            place=Point(12.5 + chance.random() / 50, 55.7 + chance.random() / 50, srid=4326),
            place_precision=100,
        )
    return sectors


def brute(sectors, filters: Filters) -> list[int]:
    entries = LogEntry.objects.filter(sector__in=sectors).order_by("-happened_at", "-pk")
    if filters.since:
        entries = entries.filter(happened_at__gte=filters.since)
    if filters.until:
        entries = entries.filter(happened_at__lt=filters.until)
    for marks in filters.marks:
        kind, value = marks[0].split()
        entries = entries.filter(**{kind: value})
    if filters.around:
        around = filters.around
        entries = entries.extra(  # a test's own words
            where=["ST_DWithin(place::geography, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, %s)"],
            params=[around.lon, around.lat, around.metres],
        )
    if filters.search:
        word = filters.search.query.split("'")[1]
        entries = entries.filter(text__contains=word)
    return list(entries.values_list("pk", flat=True))


def all_pages(scope: Scope, filters: Filters, size: int) -> list[int]:
    found, after = [], None
    while True:
        one = page(scope, filters, size, after)
        found += one.numbers
        if (after := one.following) is None:
            return found
        assert len(one.numbers) == size


def test_pages_follow_each_other_and_leave_nothing_out(log):
    now = timezone.now()
    period = {"since": now - datetime.timedelta(days=700), "until": now - datetime.timedelta(days=90)}
    around = Around(12.51, 55.71, 250), Around(12.51, 55.71, 1000)
    asked = [
        Filters(),
        Filters(**period),
        Filters(marks=(("outcome fine",),)),
        Filters(search=understood("tit")),
        Filters(search=understood("sjælden")),
        Filters(search=understood("tit"), marks=(("outcome arrest",),), **period),
        Filters(around=around[0]),
        Filters(around=around[1], search=understood("tit")),
    ]
    for sectors, stations in ((log[:1], ()), (log, ()), (log, [log[0].station_id])):
        for filters in asked:
            expected = brute(sectors, filters)
            assert all_pages(Scope.of(sectors, stations), filters, 7) == expected, filters
    assert len(brute(log, asked[6])) > 2


def test_entries_of_other_sectors_of_the_station_are_never_in_a_page(log):
    other = LogEntryFactory(sector=SectorFactory(district=log[0].district), text="tit")
    assert other.pk not in all_pages(Scope.of(log), Filters(search=understood("tit")), 50)


def test_entries_of_the_same_instant_follow_each_other():
    sector, at = SectorFactory(), timezone.now() - datetime.timedelta(hours=1)
    entries = [LogEntryFactory(sector=sector, happened_at=at).pk for _ in range(5)]
    assert all_pages(Scope.of([sector]), Filters(), 2) == sorted(entries, reverse=True)


def test_a_page_costs_no_count_and_no_offset(django_assert_max_num_queries, log):
    with django_assert_max_num_queries(8) as queries:
        page(Scope.of(log), Filters(search=understood("sjælden")), 5, Place(timezone.now(), 1))
    told = " ".join(query["sql"] for query in queries.captured_queries)
    assert "OFFSET" not in told
    assert "count(" not in told.lower()


def test_marks_are_quoted():
    assert quoted("form 3") == "'form 3'"
