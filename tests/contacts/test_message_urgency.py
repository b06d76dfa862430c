import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.messages.guarding.urgency import sounds_urgent


@pytest.mark.parametrize(
    "text",
    [
        "There is a man with a knife outside.",
        "He is threatening my neighbour",
        "somebody is BREAKING IN next door",
        "A fight; a boy is bleeding",
        "Help!",
        "please help me",
        "It is happening right\nnow.",
        "The cellar is on fire",
        "Der står en mand med en kniv",
        "Min nabo bliver truet",
        "HJÆLP!",
        "Der bliver skudt på pladsen",
        "Der er slagsmål foran kiosken",
        "Det sker lige nu",
        "Opgangen braender",
        "Hjaelp mig",
        "Der er indbrud i gang hos naboen",
    ],
)
def test_danger_is_heard_in_both_languages(text):
    assert sounds_urgent(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Cars park on the cycle path every morning.",
        "I live in Frederikssundsvej 112, third floor.",
        "The house has the number 114.",
        "Brandvænget 3, Knivholtvej 7 and Skudehavnsvej 112",
        "Thank you for your help with the bicycles.",
        "The fire station has moved.",
        "A skilled gardener came to our begonias.",
        "Tak for hjælpen i går.",
        "Der ligger affald i Brandholms Allé 112.",
        "Vi har en truffelgris og en skudsikker plan om en vejfest.",
        "Hvornår kan vi mødes på biblioteket?",
        "The traffic light stays red for too long.",
        "The new brick shotcrete wall is ugly.",
    ],
)
def test_what_is_no_danger_raises_no_alarm(text):
    assert not sounds_urgent(text)


@given(st.text(max_size=300))
def test_any_text_is_judged(text):
    assert sounds_urgent(text) in (True, False)


def test_a_hostile_text_takes_no_time():
    begins = time.monotonic()
    sounds_urgent("help " * 800 + "right " * 600)
    sounds_urgent("help" + " " * 4000 + "x")
    assert time.monotonic() - begins < 1
