import time

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import SourceWord
from sectorlog.source_handling.signs import signs_in
from tests.factories import SectorFactory, StationFactory

pytestmark = pytest.mark.django_db

NUMBER = "a national identity number"


@pytest.mark.parametrize(
    "text",
    [
        "010203-1234",
        "0102031234",
        "010203 1234",
        "Karl, 010203 – 1234.",
        "290200-1234",
        "010190.1234",
        "010190/1234",
        "01 01 90 1234",
        "01.01.90-1234",
        "01-01-90-1234",
        "0101 90 1234",
        "CPR0101901234",
        "010190\u22121234",
        "010190\u20141234",
        "010190\u2010 1234",
        "19900101-1234",
        "199001011234",
        "45 01 01 90 1234",
        # Given in place of a person's own.
        "610203-1234",
    ],
)
def test_identity_numbers_are_found_and_not_repeated(text):
    assert signs_in([text], None) == [NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "+4520304050",
        "+45 20 30 40 50",
        "+45 010203 1234",
        "0045 010203 1234",
        "4512345678",
        "+45 20 10 30 4050",
        "+45-201030-4050",
        "0000-70000-00001-26",
        "0100-70126-01234-26",
        "21-11-2026 14:30",
        "2026-11-21 14:30:15",
        "21.11.26 kl. 1430",
        "310203-12345",
        "310413-1234",
        "311103-1234",
        "000103-1234",
        "5701020312345",
        "Visit at 10:15, 12 persons",
        "010203",
    ],
)
def test_telephone_numbers_and_other_digits_are_no_identity_numbers(text):
    assert signs_in([text], None) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Hun talte om NARKOHANDEL i gården", "narko"),
        ("en hæler", "hæler"),
        ("EN HAELER", "hæler"),
        ("skydevaben", "skydevåben"),
        ("nar\u00adko", "narko"),
        ("ｎａｒｋｏ", "narko"),
        ("n\u0430rk\u043e", "narko"),
        ("\u039a\u039f\u039aAIN", "kokain"),
        ("Min kilde bor her", "min kilde"),
        ("kilde fortæller om et lager", "kilde fortæller"),
        ("Kilde: naboen", "kilde:"),
        ("it was a tip-off", "tip off"),
        ("vil  ikke\nnævnes", "vil ikke nævnes"),
    ],
)
def test_words_are_found_by_their_beginning_whatever_case_accents_and_blanks(text, word):
    assert signs_in([text], None) == [word]


@pytest.mark.parametrize(
    "text",
    [
        "Kildevældsparken",
        "min kildevand",
        "en kildevand",
        "Lyskilde: gadelampen",
        "a resource",
        "kaffe med foreningen",
        "",
    ],
)
def test_words_that_only_hold_one_are_not_found(text):
    assert signs_in([text], None) == []


def test_the_stations_own_words_take_the_place_of_the_default_ones():
    station = StationFactory()
    SourceWord.objects.create(station=station, word="Ræv")
    SourceWord.objects.create(station=StationFactory(), word="hest")
    assert signs_in(["en raev og narko", "en hest"], station) == ["Ræv"]


def test_all_texts_are_looked_at_in_one_query(django_assert_num_queries):
    station = StationFactory()
    with django_assert_num_queries(1):
        assert signs_in(["narko", "kokain", "0102031234"], station) == ["kokain", "narko", NUMBER]


@pytest.mark.parametrize(
    "piece", ["010203 - ", "a\u0315\u0300", "0", "010203-123", "narko ", "\u202e", "𝕬", "😀 "]
)
def test_a_hundred_thousand_characters_take_a_moment(piece):
    text = piece * (100_000 // len(piece))
    begun = time.perf_counter()
    signs_in([text], None)
    assert time.perf_counter() - begun < 0.5


class NoteForm(SourceQuestionMixin, forms.Form):
    note = forms.CharField(widget=forms.Textarea, max_length=40)
    title = forms.CharField(required=False)


def note(data: str) -> NoteForm:
    form = NoteForm(QueryDict(data))
    form.station = SectorFactory().station
    form.is_valid()
    return form


def test_a_form_asks_before_it_takes_what_looks_like_source_handling():
    form = note("note=narko")
    assert form.asks_source_question
    assert form.errors.as_data()["__all__"][0].code == "source_question"
    assert "It says: narko." in form.non_field_errors()[0]


def test_a_form_that_was_answered_takes_it():
    assert note("note=narko&source_answer=keep").is_valid()
    # The form's own field and the button have the same name.
    assert note("note=narko&source_answer=keep&source_answer=").is_valid()
    assert not note("note=narko&source_answer=yes").is_valid()


def test_a_form_asks_also_where_the_text_is_refused_for_something_else():
    form = note(f"note={'x' * 50} narko")
    assert form.has_error("note")
    assert form.asks_source_question


def test_a_form_looks_at_text_areas_unless_it_says_otherwise():
    assert note("note=-&title=narko").is_valid()

    class TitleForm(NoteForm):
        source_texts = ("title",)

    form = TitleForm(QueryDict("note=-&title=narko"), prefix=None)
    assert not form.is_valid()
    assert form.source_text_names == ["title"]


def test_the_question_offers_both_ways_and_takes_the_text_along_by_post(rf, client):
    request = rf.get("/")
    request.user = type("Officer", (), {"standing": type("Standing", (), {"sectors": {7}})})()
    page = render_to_string("sectorlog/includes/source_question.html", {"form": note("note=narko")}, request)
    assert 'name="source_fields" value="note"' in page
    assert 'formaction="/log/source/"' in page
    assert 'name="source_answer"' in page
    assert render_to_string("sectorlog/includes/source_question.html", {"form": note("note=-")}).strip() == ""
