"""House numbers of given streets, one query a question, by the index on street, number and letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from sectors.address_search.query import House

_MOST_DIGITS = 5

Parameters = dict[str, str | int | list[int]]

# The index is entered once for each street and range, and left after a few rows, however long the street is.
_BEGINNING_WITH = """
SELECT asked.street, found.number, found.letter
FROM unnest(%(streets)s::bigint[]) WITH ORDINALITY AS asked (street, place)
CROSS JOIN LATERAL (
    SELECT address.number, address.letter
    FROM unnest(%(lows)s::int[], %(highs)s::int[]) AS span (low, high)
    JOIN sectors_address address ON address.street_id = asked.street
        AND address.number BETWEEN span.low AND span.high
    WHERE %(letter)s = '' OR starts_with(address.letter, %(letter)s)
    ORDER BY address.number, address.letter
    LIMIT %(limit)s
) found
ORDER BY asked.place, found.number, found.letter
"""

_AT = """
SELECT street_id, number, letter, ST_X(location), ST_Y(location)
FROM sectors_address
WHERE street_id = ANY(%(streets)s) AND number = %(number)s
ORDER BY street_id, letter
"""

_BESIDE = """
SELECT asked.street, found.number, found.letter, ST_X(found.location), ST_Y(found.location)
FROM unnest(%(streets)s::bigint[]) AS asked (street)
CROSS JOIN LATERAL (
    (SELECT * FROM sectors_address WHERE street_id = asked.street AND number < %(number)s
     ORDER BY number DESC, letter LIMIT 4)
    UNION ALL
    (SELECT * FROM sectors_address WHERE street_id = asked.street AND number > %(number)s
     ORDER BY number, letter LIMIT 4)
) found
"""

_SAMPLE = """
SELECT street_id, number, letter, ST_X(location), ST_Y(location)
FROM (
    SELECT *, row_number() OVER (PARTITION BY street_id ORDER BY number, letter) - 1 AS place
    FROM sectors_address WHERE street_id = ANY(%(streets)s)
) numbered
WHERE place %% %(step)s = 0
ORDER BY street_id, number, letter
"""


@dataclass(frozen=True, slots=True)
class Door:
    """A house number with its location in degrees, EPSG:4326."""

    street: int
    house: House
    lon: float
    lat: float


def beginning_with(streets: Sequence[int], typed: House, limit: int) -> list[tuple[int, House]]:
    """Return (street, house number), at most `limit` a street: typed 1 gives 1, 1A, 10, 11 … 100."""
    lows, highs = [typed.number], [typed.number]
    if not typed.letter:
        for digits in range(1, _MOST_DIGITS - len(str(typed.number)) + 1):
            lows.append(typed.number * 10**digits)
            highs.append((typed.number + 1) * 10**digits - 1)
    asked: Parameters = {
        "streets": list(streets),
        "lows": lows,
        "highs": highs,
        "letter": typed.letter,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING_WITH, asked)
        return [(street, House(number, letter)) for street, number, letter in cursor.fetchall()]


def at(streets: Sequence[int], number: int) -> list[Door]:
    """Return the doors with this number in these streets, whatever their letters."""
    return _doors(_AT, {"streets": list(streets), "number": number})


def beside(streets: Sequence[int], number: int) -> list[Door]:
    """Return the doors just below and just above a number that these streets do not have."""
    return _doors(_BESIDE, {"streets": list(streets), "number": number})


def sample(streets: Sequence[int], addresses: int, limit: int) -> list[Door]:
    """Return about `limit` doors spread evenly over streets of `addresses` in all, each at least once."""
    step = max(1, -(-addresses // limit))
    return _doors(_SAMPLE, {"streets": list(streets), "step": step})


def _doors(sql: str, asked: Parameters) -> list[Door]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [Door(street, House(number, letter), lon, lat) for street, number, letter, lon, lat in cursor]
