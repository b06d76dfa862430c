"""Type-ahead: what a citizen may be about to type, the street first, then its house numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Literal

from sectors.address_search import house_numbers, street_index
from sectors.address_search.query import House, Reading, misspelt_keys, readings, street_keys
from sectors.address_search.street_index import WHOLE, Flags, Hit, StreetAt, StreetIndex

# House numbers are looked up in this many streets at most: one query, entered once a street.
STREETS_LIMIT = 40
# A name is shown in this many postal districts at most.
DISTRICTS_LIMIT = 40
# Each reading of a text with a number costs up to three queries.
READINGS_LIMIT = 3
# So many rows are left to names that were perhaps misspelt, before a name is shown once for each district.
MISSPELT_ROWS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` is what goes into the field when it is chosen."""

    text: str
    kind: Literal["street", "address"]


def suggest(text: str, limit: int = 10) -> list[Suggestion]:
    """Return up to `limit` streets or addresses that `text` may be the beginning of, the likeliest first.

    Takes any text: what is no address gives an empty list, and only the first 200 characters count.
    """
    index = street_index.current()
    understood = readings(text, index, typing=True)
    numbered = [reading for reading in understood if reading.house]
    if not numbered:
        return _streets(index, understood, limit)
    # A number may belong to the name: "10. Februar Vej".
    plain = [reading for reading in understood if any(map(str.isdigit, reading.street)) and not reading.house]
    named = _shown_names(index, [_exact(index, reading, limit) for reading in plain], limit)
    found = [*named[: limit // 2], *_addresses(index, numbered, limit)]
    return list(dict.fromkeys(found))[:limit] or _streets(index, numbered, limit)


Candidates = list[tuple[Hit, list[StreetAt]]]


def _streets(index: StreetIndex, understood: Sequence[Reading], limit: int) -> list[Suggestion]:
    exact = _merged(_exact(index, reading, limit) for reading in understood)[:limit]
    misspelt: Candidates = []
    if len(exact) < limit:
        seen = {hit.name for hit, _ in exact}
        near = _merged(_misspelt(index, reading, limit) for reading in understood[:2])
        misspelt = [(hit, streets) for hit, streets in near if hit.name not in seen]
    return _shown_names(index, [exact, misspelt], limit)


def _exact(index: StreetIndex, reading: Reading, limit: int) -> Candidates:
    within = _within(index, reading)
    if not reading.street:
        return _at(index, reading, index.largest_in(reading.postcode, limit))
    hits = (index.beginning_with(key, limit, within) for key in street_keys(reading.street))
    return _at(index, reading, chain.from_iterable(hits))


def _misspelt(index: StreetIndex, reading: Reading, limit: int, *, whole: bool = False) -> Candidates:
    """One error from three letters on, two from eight on."""
    within = _within(index, reading)
    hits: list[Hit] = []
    for key in misspelt_keys(reading.street):
        errors = (len(key) >= 3) + (len(key) >= 8)
        if errors:
            hits.extend(index.resembling(key, errors, limit, within, whole=whole))
    return _at(index, reading, hits)


def _within(index: StreetIndex, reading: Reading) -> Flags | None:
    return index.within(reading.postcode, reading.city) if reading.has_place else None


def _at(index: StreetIndex, reading: Reading, hits: Iterable[Hit]) -> Candidates:
    """Put to each name the streets in the postal districts meant; all of them where none is meant."""
    found: Candidates = []
    for hit in hits:
        if reading.has_place:
            streets = index.streets(hit.name)
            found.append((hit, [street for street in streets if _fits(street, reading)] or streets))
        else:
            found.append((hit, index.streets(hit.name, DISTRICTS_LIMIT)))
    return found


def _fits(street: StreetAt, reading: Reading) -> bool:
    return reading.fits(street.place.postcode_key, street.place.city_key)


def _merged(parts: Iterable[Candidates]) -> Candidates:
    best: dict[int, tuple[Hit, list[StreetAt]]] = {}
    for hit, streets in chain.from_iterable(parts):
        if hit.name not in best or hit.rank < best[hit.name][0].rank:
            best[hit.name] = (hit, streets)
    return sorted(best.values(), key=lambda found: found[0].rank)


def _shown_names(index: StreetIndex, groups: Sequence[Candidates], limit: int) -> list[Suggestion]:
    """One row a name; where rows are left, the postal districts of the first names, breadth first."""
    shown = list(chain.from_iterable(groups))[:limit]
    room = limit - len(shown)
    if groups and groups[0] and groups[0][0][0].rank == WHOLE:
        # The name is typed to its end: its districts matter more than names that only resemble it.
        room = max(room, limit - len(groups[0]) - MISSPELT_ROWS)
    rows = _rows_of(index, shown, room)
    return [Suggestion(text, "street") for text in dict.fromkeys(chain.from_iterable(rows))][:limit]


def _rows_of(index: StreetIndex, shown: Candidates, room: int) -> list[list[str]]:
    wanted = [0] * len(shown)
    for depth in range(room):
        for position, (_, streets) in enumerate(shown):
            if room and len(streets) > max(1, depth):
                wanted[position] += 1
                room -= 1
    return [
        _texts(index.names[hit.name], streets, districts)
        for (hit, streets), districts in zip(shown, wanted, strict=True)
    ]


def _texts(name: str, streets: list[StreetAt], districts: int) -> list[str]:
    """The name alone stands for all its districts; it is left out where each of them has its row."""
    placed = [_placed(name, street) for street in streets[: districts + 1]]
    if len(streets) == 1 or districts + 1 >= len(streets):
        return placed
    return [name, *placed[:districts]]


def _placed(written: str, street: StreetAt) -> str:
    return f"{written}, {street.place.postcode} {street.place.city}".rstrip(" ,")


def _addresses(index: StreetIndex, numbered: Sequence[Reading], limit: int) -> list[Suggestion]:
    """Return doors whose number begins as typed, in streets of that name; if there are none, in those like it."""
    for look in (_named, _exact, _misspelt_whole, _misspelt):
        for reading in numbered[:READINGS_LIMIT]:
            found = _doors(index, look(index, reading, limit), reading.house, limit)
            if found:
                return found
    return []


def _named(index: StreetIndex, reading: Reading, limit: int) -> Candidates:
    within = _within(index, reading)
    hits = (index.named(key, within) for key in street_keys(reading.street))
    return _at(index, reading, chain.from_iterable(hits))


def _misspelt_whole(index: StreetIndex, reading: Reading, limit: int) -> Candidates:
    return _misspelt(index, reading, limit, whole=True)


def _doors(index: StreetIndex, names: Candidates, house: House | None, limit: int) -> list[Suggestion]:
    spread = zip_longest(*([(hit.name, street) for street in streets] for hit, streets in names))
    asked = {pair[1].pk: pair for pair in filter(None, chain.from_iterable(spread))}
    streets = list(asked)[:STREETS_LIMIT]
    if not streets or house is None:
        return []
    by_street: dict[int, list[Suggestion]] = {pk: [] for pk in streets}
    for pk, door in house_numbers.beginning_with(streets, house, limit):
        name, street = asked[pk]
        written = f"{index.names[name]} {door.number}{door.letter}"
        by_street[pk].append(Suggestion(_placed(written, street), "address"))
    return [door for row in zip_longest(*by_street.values()) for door in row if door]
