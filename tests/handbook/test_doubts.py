"""Traces of citizens in a contribution are asked about; the station's own names are not."""

import pytest

from handbook.contributions.doubts import doubts, pieces, refusals, without
from officers.models import Unit
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContactPersonFactory,
    DistrictFactory,
    OfficerFactory,
    PartyFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    station = StationFactory(name="Bellahøj Police Station")
    district = DistrictFactory(station=station, name="North East")
    SectorFactory(station=station, district=district, name="Brønshøj Syd")
    OfficerFactory(station=station, name="Mette Holm", phone="+45 20 30 40 50")
    Unit.objects.get_or_create(name="Gang Division")
    text = "The Burglary Group comes when we ask. Every autumn tradespeople meet. Sankt Hans Aften is busy."
    ChapterFactory(station=station, body=text)
    return station


@pytest.fixture
def officer(station):
    """An account and the sector that it answers for."""
    held = AssignmentFactory(sector=station.sectors.get(), officer__user=UserFactory())
    return held.officer.user, held.sector


def asked(text, station, user=None):
    return doubts(text, station, user or UserFactory())


def test_an_identity_number_is_refused(station):
    (sentence,) = refusals("He is 010190-1234, they say.")
    assert "010190-1234" in sentence
    assert "Take it out" in sentence
    assert refusals("Since 2019 we meet 12 times.") == []


def test_foreign_telephones_and_addresses_are_asked_about(station):
    found = asked("Call 12 34 56 78 or write to jens@example.com, not 20 30 40 50.", station)
    assert ["12 34 56 78" in found[0], "jens@example.com" in found[1], len(found)] == [True, True, 2]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We always talk to Jens Hansen first.", "Jens Hansen"),
        ("Jens Hansen opens the gate for us.", "Jens Hansen"),
        ("Yesterday we met Anna Maria Krøll-Madsen at the gate.", "Anna Maria Krøll-Madsen"),
        ("Vi taler altid med Søren Ågård ved porten.", "Søren Ågård"),
        ("Ask hr. Jensen about the key.", "Jensen"),
        ("Ask Mrs Brown about the key.", "Brown"),
        ("The caretaker, Ole P. von Holm, has the key.", "Ole P von Holm"),
        ("På torvet står Ali Bin Omar hver dag.", "Ali Bin Omar"),
        ("- Jens Hansen\n- the others", "Jens Hansen"),
    ],
)
def test_what_looks_like_a_name_is_asked_about(station, text, name):
    (question,) = asked(text, station)
    assert f"“{name}”" in question
    assert "Is this a citizen?" in question


@pytest.mark.parametrize(
    "text",
    [
        "We meet the tradespeople on the first Monday.",
        "In Brønshøj Syd we walk with Mette Holm.",
        "The Gang Division and the Burglary Group help.",
        "Every Autumn we meet them.",
        "Sankt Hans Aften needs more people.",
        "We walk down Frederikssunds Allé and Godthåbs Vej.",
        "I Brønshøj ser vi det. Det samme i Vanløse.",
        "North East does it too; SSP and DKA join.",
        "We met at 16. Then we left.",
        "",
    ],
)
def test_the_stations_own_words_are_not_asked_about(station, text):
    assert asked(text, station) == []


def test_an_officer_of_another_station_is_asked_about(station):
    OfficerFactory(name="Anna Lund")
    assert len(asked("Talk to Anna Lund.", station)) == 1


def test_names_are_looked_for_in_few_queries(station, django_assert_max_num_queries):
    user = UserFactory()
    with django_assert_max_num_queries(10):
        doubts("Jens Hansen, 12 34 56 78, jens@example.com", station, user)


def test_a_contact_person_in_reach_is_known_however_it_is_typed(station, officer):
    user, sector = officer
    ContactPersonFactory(party=PartyFactory(sector=sector), name="Bo Lind")
    assert "bo lind" in asked("We ask bo lind and others.", sector.station, user)[0].lower()
    assert asked("We ask abo linde and others.", sector.station, user) == []


def test_a_contact_person_out_of_reach_is_not_told(station, officer):
    user, _sector = officer
    ContactPersonFactory(party=PartyFactory(), name="Bo Lind")
    assert asked("We ask bo lind and others.", station, user) == []


def test_sentences_with_traces_are_left_out_whole(station):
    text = "We knock at ten. Jens  Hansen opens, as hr. Olsen did. Call 12 34 56 78.\n\nThen we talk."
    found = without(text, pieces(text, station, UserFactory()))
    assert found.text == "We knock at ten. Then we talk."
    assert found.left_out == 2


def test_an_abbreviation_ends_no_sentence(station):
    found = without("We knock. Hr. Olsen opens. Then we talk.", ["Olsen"])
    assert (found.text, found.left_out) == ("We knock. Then we talk.", 1)


def test_a_text_without_traces_stays_as_it_is(station):
    text = "We knock at ten.\n\nThen we talk, e.g. about bicycles."
    assert without(text, pieces(text, station, UserFactory())).text == text
