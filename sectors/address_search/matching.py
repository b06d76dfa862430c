"""Which addresses of the register a typed address means. Nothing is invented: too far off means none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sectors.address_search import house_numbers, street_index
from sectors.address_search.house_numbers import Door
from sectors.address_search.query import House, Reading, misspelt_keys, readings, street_keys
from sectors.address_search.street_index import WHOLE, Hit, StreetAt, StreetIndex

SAMPLE_LIMIT = 500
STREETS_LIMIT = 400
# A name that was typed only in part is taken for the names that begin so, if they are no more than these.
COMPLETIONS_LIMIT = 5
COMPLETED_FROM_LETTERS = 5
MISSPELT_NAMES_LIMIT = 8


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """A door of the register; degrees, EPSG:4326.

    `exact` is False where the register does not have what was typed: another spelling of the street, another
    postal district, or the existing house number that is nearest to the one typed.
    """

    text: str
    street: str
    house: str
    postcode: str
    city: str
    lon: float
    lat: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Resolution:
    """`street_only`: no house number was typed; the matches are doors spread over the streets meant."""

    matches: tuple[AddressMatch, ...] = ()
    street_only: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """Streets of one name that a reading may mean; `exact`: name and place are as typed."""

    name: str
    streets: tuple[StreetAt, ...]
    exact: bool


def resolve(text: str) -> Resolution:
    """Return the addresses that `text` means: one, several (the same in several postal districts), or none.

    Takes any text; only its first 200 characters count.
    """
    index = street_index.current()
    understood = readings(text, index)
    numbered = [reading for reading in understood if reading.house and reading.street]
    plain = [
        reading
        for reading in understood
        if not reading.house and reading.street and (not numbered or _has_digit(reading.street))
    ]
    # What makes sense of a postcode goes before what leaves it out.
    for leaves in (False, True):
        for look in (_named_here, _misspelt_here, _named_elsewhere, _misspelt_elsewhere, _begun):
            for reading in [*numbered, *plain]:
                if reading.leaves_postcode == leaves:
                    matches = _matches(reading, look(index, reading))
                    if matches:
                        return Resolution(tuple(matches[:SAMPLE_LIMIT]), reading.house is None)
    return Resolution()


def _has_digit(street: str) -> bool:
    return any(map(str.isdigit, street))


# --- Streets -----------------------------------------------------------------------------------------------


def _named_here(index: StreetIndex, reading: Reading) -> list[list[Meant]]:
    """The streets of exactly this name, in the place that was typed or, where none was, anywhere."""
    found = _meant(index, reading, _named(index, reading), here=True)
    return [found] if found else []


def _named_elsewhere(index: StreetIndex, reading: Reading) -> list[list[Meant]]:
    found = _meant(index, reading, _named(index, reading), here=False) if reading.has_place else []
    return [found] if found else []


def _misspelt_here(index: StreetIndex, reading: Reading) -> list[list[Meant]]:
    return list(_by_distance(index, reading, here=True)) if reading.has_place else []


def _misspelt_elsewhere(index: StreetIndex, reading: Reading) -> list[list[Meant]]:
    return list(_by_distance(index, reading, here=False))


def _begun(index: StreetIndex, reading: Reading) -> list[list[Meant]]:
    for here in (True, False):
        hits = [
            hit
            for key in street_keys(reading.street)
            if len(key) >= COMPLETED_FROM_LETTERS
            for hit in index.beginning_with(key, COMPLETIONS_LIMIT + 1)
        ]
        found = _meant(index, reading, dict.fromkeys(hits), here=here)
        if found and len({meant.name for meant in found}) <= COMPLETIONS_LIMIT:
            return [found]
    return []


def _named(index: StreetIndex, reading: Reading) -> list[Hit]:
    """Return the names with this key; where one is written as typed, only that: Møllevej, not Mollevej."""
    hits = list(dict.fromkeys(hit for key in street_keys(reading.street) for hit in index.named(key)))
    alike = [hit for hit in hits if _plain(index.names[hit.name]) == _plain(reading.street)]
    return alike or hits


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def _by_distance(index: StreetIndex, reading: Reading, *, here: bool) -> Iterator[list[Meant]]:
    """Yield the streets whose name differs by one error, then those by more: the longer the name, the more."""
    for key in misspelt_keys(reading.street):
        within = index.within(reading.postcode, reading.city) if here and reading.has_place else None
        hits = index.resembling(key, _errors_allowed(key), MISSPELT_NAMES_LIMIT, within, whole=True)
        for _rank, alike in groupby(hits, key=lambda hit: hit.rank):
            found = _meant(index, reading, alike, here=here)
            if found:
                yield found


def _errors_allowed(key: str) -> int:
    return (len(key) >= 4) + (len(key) >= 9) + (len(key) >= 13)


def _meant(index: StreetIndex, reading: Reading, hits: Iterable[Hit], *, here: bool) -> list[Meant]:
    found = []
    for hit in hits:
        streets = index.streets(hit.name)
        if here:
            streets = [
                street for street in streets if reading.fits(street.place.postcode_key, street.place.city_key)
            ]
        if streets:
            exact = hit.rank == WHOLE and not reading.leaves_postcode and (here or not reading.has_place)
            found.append(Meant(index.names[hit.name], tuple(streets), exact))
    return found


# --- Doors -------------------------------------------------------------------------------------------------


def _matches(reading: Reading, groups: Sequence[list[Meant]]) -> list[AddressMatch]:
    """Return the doors meant, of the first group of streets that has any, else the nearest numbers."""
    if reading.house is None:
        return _sampled(groups[0]) if groups else []
    for group in groups:
        streets = _street_ids(group)
        doors = house_numbers.at(streets, reading.house.number)
        if doors:
            return _written(group, *_with_letter(doors, reading.house))
    return _beside(groups[0], reading.house) if groups else []


def _street_ids(group: list[Meant]) -> list[int]:
    return [street.pk for meant in group for street in meant.streets][:STREETS_LIMIT]


def _sampled(group: list[Meant]) -> list[AddressMatch]:
    addresses = sum(street.addresses for meant in group for street in meant.streets)
    return _written(group, house_numbers.sample(_street_ids(group), addresses, SAMPLE_LIMIT), exact=True)


def _with_letter(doors: list[Door], house: House) -> tuple[list[Door], bool]:
    """Return the doors with the letter typed, else those without a letter, else all of that number."""
    for letter, exact in ((house.letter, True), ("", False)):
        found = [door for door in doors if door.house.letter == letter]
        if found:
            return found, exact
    return doors, False


def _beside(group: list[Meant], house: House) -> list[AddressMatch]:
    """Return for each street the nearest existing house number, on the same side of the street if near."""
    nearest = []
    doors = sorted(house_numbers.beside(_street_ids(group), house.number), key=lambda door: door.street)
    for _street, beside in groupby(doors, key=lambda door: door.street):
        here = list(beside)
        least = min(_steps(door, house) for door in here)
        nearest += [door for door in here if _steps(door, house) == least]
    return _written(group, nearest, exact=False)


def _steps(door: Door, house: House) -> int:
    apart = abs(door.house.number - house.number)
    return apart + 3 * (apart % 2)


def _written(group: list[Meant], doors: Iterable[Door], exact: bool) -> list[AddressMatch]:
    """Return the doors as matches, in the order of the streets: the one with the most addresses first."""
    of_street: dict[int, list[Door]] = {}
    for door in doors:
        of_street.setdefault(door.street, []).append(door)
    return [
        _match(meant.name, street, door, exact and meant.exact)
        for meant in group
        for street in meant.streets
        for door in of_street.get(street.pk, [])
    ]


def _match(name: str, street: StreetAt, door: Door, exact: bool) -> AddressMatch:
    house = f"{door.house.number}{door.house.letter}"
    postcode, city = street.place.postcode, street.place.city
    text = f"{name} {house}, {postcode} {city}".rstrip(" ,")
    return AddressMatch(text, name, house, postcode, city, door.lon, door.lat, exact)
