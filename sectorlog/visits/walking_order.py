"""The order in which to walk to some places: each time to the nearest, then untangled.

Distances are straight lines over ground, in metres: nobody walks through houses, but the order holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

# As many as a day holds; the work grows with the square.
MOST_PLACES = 40
# Longitude and latitude in degrees (EPSG:4326).
Position = tuple[float, float]
_EARTH_METRES = 6_371_000.0
# Shorter by less is not shorter: it would be rounding.
_LEAST_GAIN = 0.01


def metres_between(one: Position, other: Position) -> float:
    """Return the distance in metres along a straight line over the ground (haversine)."""
    (lon, lat), (other_lon, other_lat) = one, other
    north, east = math.radians(other_lat - lat) / 2, math.radians(other_lon - lon) / 2
    chord = (
        math.sin(north) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(other_lat)) * math.sin(east) ** 2
    )
    return 2 * _EARTH_METRES * math.asin(math.sqrt(min(1.0, chord)))


def walking_order(start: Position, places: Sequence[Position]) -> list[int]:
    """Return the indexes of `places` in the order to walk to them from `start`; the walk does not come back.

    The nearest next, then 2-opt: no stretch gets shorter by walking it the other way round. The same places give
    the same order. Raises ValueError for more than `MOST_PLACES`.
    """
    if len(places) > MOST_PLACES:
        raise ValueError(f"At most {MOST_PLACES} places are put into an order.")
    # The start is the last point, so that the indexes of the others stay.
    points = [*places, start]
    metres = [[metres_between(one, other) for other in points] for one in points]
    return _untangled(_nearest_next(metres), metres)


def length(start: Position, places: Sequence[Position]) -> float:
    """Return how many metres it is from `start` through the places, in their order."""
    points = [start, *places]
    return sum(map(metres_between, points, points[1:]))


def _nearest_next(metres: list[list[float]]) -> list[int]:
    here, left, order = len(metres) - 1, set(range(len(metres) - 1)), []
    while left:
        here = min(left, key=lambda place: (metres[here][place], place))
        left.remove(here)
        order.append(here)
    return order


def _untangled(order: list[int], metres: list[list[float]]) -> list[int]:
    """Turn stretches round as long as that shortens the walk. Each turn gains, so it ends."""
    start, is_shorter = len(metres) - 1, True
    while is_shorter:
        is_shorter = False
        for first in range(len(order) - 1):
            for last in range(first + 1, len(order)):
                if _gain(order, first, last, start, metres) > _LEAST_GAIN:
                    order[first : last + 1] = reversed(order[first : last + 1])
                    is_shorter = True
    return order


def _gain(order: list[int], first: int, last: int, start: int, metres: list[list[float]]) -> float:
    """Return by how many metres the walk gets shorter when the stretch from `first` to `last` is turned round."""
    before = order[first - 1] if first else start
    gain = metres[before][order[first]] - metres[before][order[last]]
    if last + 1 < len(order):
        after = order[last + 1]
        gain += metres[order[last]][after] - metres[order[first]][after]
    return gain
