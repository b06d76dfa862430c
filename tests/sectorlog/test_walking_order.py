import math
import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sectorlog.visits.walking_order import MOST_PLACES, length, metres_between, walking_order

positions = st.tuples(st.floats(12.4, 12.6), st.floats(55.6, 55.8))
walks = st.lists(positions, max_size=MOST_PLACES)


def in_order(places, order):
    return [places[index] for index in order]


@settings(max_examples=60, deadline=None)
@given(start=positions, places=walks)
def test_every_place_is_walked_to_once(start, places):
    assert sorted(walking_order(start, places)) == list(range(len(places)))


@settings(max_examples=60, deadline=None)
@given(start=positions, places=st.lists(positions, min_size=1, max_size=20))
def test_no_stretch_gets_shorter_when_it_is_walked_the_other_way_round(start, places):
    walk = in_order(places, walking_order(start, places))
    metres = length(start, walk)
    for first in range(len(walk)):
        for last in range(first + 1, len(walk)):
            turned = walk[:first] + walk[first : last + 1][::-1] + walk[last + 1 :]
            assert length(start, turned) >= metres - 0.5


@settings(max_examples=40, deadline=None)
@given(start=positions, places=st.lists(positions, min_size=1, max_size=15, unique=True))
def test_the_order_in_which_places_are_named_does_not_lengthen_the_walk_much(start, places):
    one = length(start, in_order(places, walking_order(start, places)))
    shuffled = random.Random(1).sample(places, len(places))
    other = length(start, in_order(shuffled, walking_order(start, shuffled)))
    assert one <= other * 1.5 + 1


def test_the_walk_along_a_street_goes_from_one_end_to_the_other():
    street = [(12.5 + step * 0.001, 55.7) for step in (3, 0, 4, 1, 2)]
    assert walking_order((12.499, 55.7), street) == [1, 3, 4, 0, 2]


def test_the_walk_is_seldom_more_than_a_tenth_longer_than_the_shortest():
    chance = random.Random(8)
    excess = []
    for _ in range(40):
        places = [(12.5 + chance.random() / 50, 55.7 + chance.random() / 90) for _ in range(7)]
        start = (12.51, 55.705)
        shortest = min(length(start, walk) for walk in permutations(places))
        excess.append(length(start, in_order(places, walking_order(start, places))) / shortest)
    assert sum(excess) / len(excess) < 1.05
    assert sum(one > 1.1 for one in excess) <= 8


def test_a_walk_to_many_places_at_one_door_ends():
    assert walking_order((12.5, 55.7), [(12.5, 55.7)] * MOST_PLACES) == list(range(MOST_PLACES))


def test_nobody_to_visit_is_no_walk():
    assert walking_order((12.5, 55.7), []) == []
    assert length((12.5, 55.7), []) == 0


def test_more_places_than_a_day_holds_are_refused():
    with pytest.raises(ValueError, match="At most 40"):
        walking_order((12.5, 55.7), [(12.5, 55.7)] * (MOST_PLACES + 1))


def test_a_minute_of_latitude_is_a_nautical_mile():
    assert metres_between((12.5, 55.7), (12.5, 55.7 + 1 / 60)) == pytest.approx(1852, rel=0.002)


@given(one=st.tuples(st.floats(-180, 180), st.floats(-90, 90)), other=positions)
def test_a_distance_is_the_same_both_ways(one, other):
    there = metres_between(one, other)
    assert there == pytest.approx(metres_between(other, one), abs=0.01)
    assert 0 <= there <= math.pi * 6_371_001
