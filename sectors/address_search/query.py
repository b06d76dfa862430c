"""What a person may have meant by an address typed in one field: street, house number, postcode and city.

Nobody types an address as the register writes it. Each order and punctuation that makes sense becomes one
*reading*, the likeliest first; which of them is right is decided by what the register holds.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sectors.spelling import compact, letter_by_letter, search_key, spellings

TEXT_LIMIT = 200
_READINGS_LIMIT = 8
_ATTEMPTS_LIMIT = 24
_WORDS_LIMIT = 16

_SEGMENT_ENDS = re.compile(r"[,;|\n\r\t]+")
_HOUSE = re.compile(r"#?0*(\d{1,5})([^\W\d_])?(?:[-–/+].*)?", re.DOTALL)
_COUNTRY = re.compile(r"(?:dk|d|se|s|no|n|fi|de|gb|uk)(?=\d)")
_NUMBER_MARKS = frozenset({"nr", "nr.", "no", "no.", "nummer", "number", "#"})
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")


class Gazetteer(Protocol):
    """What must be known of the register to tell a postcode from a house number, and a city from a street."""

    @property
    def by_postcode(self) -> dict[str, list[int]]: ...

    @property
    def city_keys(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class House:
    """A house number; `letter` in upper case, or empty."""

    number: int
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a typed text. `postcode` and `city` are compact keys, or beginnings of them.

    `leaves_postcode`: this reading makes nothing of a postcode in the text.
    """

    street: str
    house: House | None = None
    postcode: str = ""
    city: str = ""
    leaves_postcode: bool = False

    @property
    def has_place(self) -> bool:
        return bool(self.postcode or self.city)

    def fits(self, postcode_key: str, city_key: str) -> bool:
        """Say whether a postal district is the one that was typed, or begun; any where none was."""
        return postcode_key.startswith(self.postcode) and city_key.startswith(self.city)


Segments = list[list[str]]


def clean(text: str) -> str:
    """Return at most `TEXT_LIMIT` characters of the text, without control characters."""
    return _NOT_TEXT.sub(" ", text[: 4 * TEXT_LIMIT]).strip()[:TEXT_LIMIT]


def readings(text: str, gazetteer: Gazetteer, *, typing: bool = False) -> list[Reading]:
    """Return up to eight ways to understand `text`, the likeliest first; none where it holds no word.

    `typing`: the text may go on, so that its end may be the beginning of a postcode or a city.
    """
    attempts = itertools.islice(_readings(_segments(clean(text)), gazetteer, typing), _ATTEMPTS_LIMIT)
    return list(dict.fromkeys(attempts))[:_READINGS_LIMIT]


@functools.lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    """Return the compact key of a text of at most `TEXT_LIMIT` characters."""
    return compact(search_key(text))


def street_keys(street: str) -> tuple[str, ...]:
    """Return the compact keys that a street, as typed, can mean; none where it has no letter or digit."""
    return tuple(key for key in dict.fromkeys(map(compact, spellings(street))) if key)


def misspelt_keys(street: str) -> tuple[str, ...]:
    """Return the compact keys to seek near misses of."""
    return tuple(dict.fromkeys((*street_keys(street), letter_by_letter(street))))


def _readings(segments: Segments, gazetteer: Gazetteer, typing: bool) -> Iterator[Reading]:
    has_postcode = False
    for postcode, rest in _without_postcode(segments, gazetteer):
        has_postcode = has_postcode or bool(postcode)
        leaves = has_postcode and not postcode
        for street, house, others in _streets(rest, gazetteer):
            begun = _place_begun(others) if typing and house and not postcode else ""
            for words, city in _without_city(street, others, gazetteer):
                if begun.isdigit():
                    yield Reading(" ".join(words), house, begun, city, leaves)
                else:
                    yield Reading(" ".join(words), house, postcode, city or begun, leaves)
        if not rest:
            yield Reading("", None, postcode)


def house_of(word: str) -> House | None:
    """Return the house number that a word is ("12", "12B", "0012b", "12-14"), or None."""
    match = _HOUSE.fullmatch(word)
    return House(int(match[1]), (match[2] or "").upper()) if match else None


def _segments(text: str) -> Segments:
    left = _WORDS_LIMIT
    segments = []
    for part in _SEGMENT_ENDS.split(text):
        words = [word for word in part.split() if any(map(str.isalnum, word))][:left]
        left -= len(words)
        if words:
            segments.append(words)
    return segments


def _without_postcode(segments: Segments, gazetteer: Gazetteer) -> Iterator[tuple[str, Segments]]:
    """Yield each known postcode that the text holds, with the text around it; last the text as it is."""
    for position, words in reversed(list(enumerate(segments))):
        for length in (3, 2, 1):
            for first in range(len(words) - length, -1, -1):
                postcode = _known_postcode(words[first : first + length], gazetteer)
                if postcode:
                    around = [words[:first], words[first + length :]]
                    rest = [*segments[:position], *around, *segments[position + 1 :]]
                    yield postcode, [part for part in rest if part]
    yield "", segments


def _known_postcode(words: list[str], gazetteer: Gazetteer) -> str:
    key = key_of(" ".join(words))
    if key in gazetteer.by_postcode:
        return key
    bare = _COUNTRY.sub("", key, count=1)
    return bare if bare in gazetteer.by_postcode else ""


def _streets(segments: Segments, gazetteer: Gazetteer) -> Iterator[tuple[list[str], House | None, Segments]]:
    """Yield (words of the street, house number, all that is left over)."""
    for position, words in enumerate(segments):
        before, after = segments[:position], segments[position + 1 :]
        for street, house, others in _beside_number(words):
            choices = [(street, [*before, *others, *after])] if street else []
            if before:
                # "Frederikssundsvej, 12" and "Frederikssundsvej, 2400 København NV 12".
                choices.append((before[-1], [*before[:-1], street, *others, *after]))
            if key_of(" ".join(street)) in gazetteer.city_keys:
                choices.reverse()
            for named, rest in choices:
                yield named, house, [part for part in rest if part]
    for position, words in enumerate(segments):
        yield words, None, [*segments[:position], *segments[position + 1 :]]


def _beside_number(words: list[str]) -> Iterator[tuple[list[str], House, Segments]]:
    """Yield each number in one segment with the words that may be its street: before it, else after it."""
    since = 0
    for place, word in enumerate(words):
        house = house_of(word)
        if house is None:
            continue
        behind = place + 1
        if not house.letter and behind < len(words) and len(words[behind]) == 1 and words[behind].isalpha():
            house, behind = House(house.number, words[behind].upper()), behind + 1
        left, nearest, right = words[:place], _unmarked(words[since:place]), words[behind:]
        if _unmarked(left):
            yield _unmarked(left), house, [right]
        if nearest and since:
            yield nearest, house, [words[:since], right]
        if not nearest:
            yield right, house, [left]
        since = behind


def _unmarked(words: list[str]) -> list[str]:
    return words[:-1] if words and words[-1].casefold() in _NUMBER_MARKS else words


def _without_city(
    street: list[str], others: Segments, gazetteer: Gazetteer
) -> Iterator[tuple[list[str], str]]:
    """Yield the street's words with the city that stands beside them, or that they begin or end with."""
    elsewhere = next((city for words in others if (city := _leading_city(words, gazetteer))), "")
    yield street, elsewhere
    for cut in range(1, len(street)):
        for begun, ended in ((street[:cut], street[cut:]), (street[cut:], street[:cut])):
            key = key_of(" ".join(begun))
            if key in gazetteer.city_keys:
                yield ended, key


def _leading_city(words: list[str], gazetteer: Gazetteer) -> str:
    for length in range(min(len(words), 4), 0, -1):
        key = key_of(" ".join(words[:length]))
        if key in gazetteer.city_keys:
            return key
    return ""


def _place_begun(others: Segments) -> str:
    """Return the beginning of a postcode or city behind the house number: "Frederikssundsvej 12, 24"."""
    last = key_of(" ".join(others[-1])) if others else ""
    return last if len(last) > 1 else ""
