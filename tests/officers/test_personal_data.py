"""What looks like somebody's number or address in a public text is asked about."""

import pytest

from officers.personal_data import doubts
from tests.factories import DistrictFactory, OfficerFactory, StationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    station = StationFactory(phone="+45 35 21 14 48", email="station@police.example")
    DistrictFactory(station=station, phone="+45 35 21 50 00")
    OfficerFactory(station=station, phone="+45 20 30 40 50", email="mette@police.example")
    return station


@pytest.mark.parametrize(
    "text",
    [
        "Born 010190-1234.",
        "CPR 0101901234",
        "He is 311299 4321, they say",
        "Personnummer 19640823-3234",
        "640823-3234",
        "NINO AB 12 34 56 C.",
        "010190 - 1234",
        "010190–1234",
        "01 01 90-1234",
        "01 01 90 1234",
        "640823–3234",
    ],
)
def test_a_national_identity_number_is_asked_about(station, text):
    (question,) = doubts([text], station)
    assert "national identity number" in question


@pytest.mark.parametrize(
    "text", ["Call 12 34 56 78", "+45 12345678", "0045 1234 5678", "on 12.34.56.78 daily"]
)
def test_a_telephone_number_of_nobody_here_is_asked_about(station, text):
    (question,) = doubts([text], station)
    assert "telephone" in question


def test_an_address_of_nobody_here_is_asked_about(station):
    (question,) = doubts(["Write to hanne@mail.example now."], station)
    assert "hanne@mail.example" in question


@pytest.mark.parametrize(
    "text",
    [
        "Call Mette on 20 30 40 50 or +45 20304050, mette@police.example.",
        "The station: 35 21 14 48. The district: +45 35 21 50 00, Station@police.example",
        "Call 112 or 114. On Tuesday 24.12.2026 from 16:00 to 18:00, 2700 Brønshøj.",
        "From 2026-11-24 until 24-12-2026, 12,500 people, 16.00-18.00.",
        "On 24.12.26 at 1400, from 12 05 to 13 05.",
        "See https://www.police.example/12345678/ for more.",
        "",
    ],
)
def test_the_stations_own_numbers_and_plain_figures_are_passed(station, text):
    assert doubts([text], station) == []


def test_each_piece_is_asked_about_once_in_all_texts_together(station):
    found = doubts(["Call 12 34 56 78", "Ring 12 34 56 78", "010190-1234"], station)
    assert len(found) == 2


def test_plain_texts_cost_no_query(station, django_assert_num_queries):
    with django_assert_num_queries(0):
        doubts(["Bicycle marking on Saturday."], station)


def test_a_long_text_of_digits_is_read_in_no_time(station):
    assert len(doubts(["1 " * 1500 + "(" * 1500], station)) < 1500
