"""The street names of the register, kept in the process: found by their beginnings, or by a near miss.

49,000 names are few. Prefixes are found by bisection in a sorted list. Near misses are found in two steps: a
vectorised count of letters that stand near their place leaves some hundreds of names, and only for these is
the edit distance computed.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db.models import Max
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from sectors.models import AddressImport, Street
from sectors.snapshot import Loaded, Snapshot, Watch
from sectors.spelling import compact, search_key, spellings

# The near-miss filter looks at this many letters of a name; the edit distance looks at all of them.
FILTER_LETTERS = 20
# For this many names at most the edit distance is computed: two milliseconds.
CANDIDATES = 600
_AFTER_ALL_LETTERS = "\U0010ffff"


class Place(NamedTuple):
    """A postal district, with its compact keys: "LS1 4AP" gives "ls14ap", "København NV" "kobenhavnnv"."""

    postcode: str
    city: str
    postcode_key: str
    city_key: str


class StreetAt(NamedTuple):
    """A street within one postal district; `pk` is that of `Street`."""

    pk: int
    place: Place
    addresses: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A street name that a typed text may mean: the lower `rank`, the better."""

    name: int
    rank: int


# Ranks of hits: the whole name, its beginning, the beginning of a later word; then each error adds.
WHOLE, BEGINNING, LATER_WORD, MISSPELT = 0, 1, 2, 3

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Letters = npt.NDArray[np.uint8]


class StreetIndex:
    """All names of streets that have addresses. Immutable; a name is referred to by its position."""

    def __init__(self, streets: Iterable[tuple[int, str, str, str, str, int]]) -> None:
        """Take (pk, name, key, postcode, city, number of addresses), by name, the largest street first."""
        self.names: list[str] = []
        keys: list[str] = []
        starts: list[int] = []
        pks: list[int] = []
        places: list[int] = []
        counts: list[int] = []
        found: dict[tuple[str, str], int] = {}
        for pk, name, key, postcode, city, addresses in streets:
            if not self.names or self.names[-1] != name:
                self.names.append(name)
                keys.append(key)
                starts.append(len(pks))
            pks.append(pk)
            places.append(found.setdefault((postcode, city), len(found)))
            counts.append(addresses)
        self._starts = np.array([*starts, len(pks)], dtype=np.int64)
        self._pks = np.array(pks, dtype=np.int64)
        self._place_of = np.array(places, dtype=np.int32)
        self._counts = np.array(counts, dtype=np.int64)
        self.places = [_place(*pair) for pair in found]
        self.addresses: Integers = (
            np.add.reduceat(self._counts, self._starts[:-1]) if pks else np.zeros(0, dtype=np.int64)
        )
        self._fill_rows(keys)

    def _fill_rows(self, keys: list[str]) -> None:
        """One row for each way into a name: each of its spellings, and each of its later words."""
        rows = sorted(row for name, key in enumerate(keys) for row in _ways_into(name, self.names[name], key))
        self._keys = [key for key, _, _ in rows]
        self._name_of = np.array([name for _, _, name in rows], dtype=np.int64)
        self._is_later = np.array([is_later for _, is_later, _ in rows], dtype=bool)
        self._lengths = np.array([len(key) for key in self._keys], dtype=np.int32)
        # Prefixes of many names are cut to the likeliest by this number.
        weight = self.addresses[self._name_of] if rows else np.zeros(0, dtype=np.int64)
        self._weight = np.where(self._is_later, weight - (1 << 40), weight)
        self._letters = _letter_columns(self._keys)

    def __len__(self) -> int:
        return len(self.names)

    def streets(self, name: int, most: int | None = None) -> list[StreetAt]:
        """Return where a name occurs, the postal district with the most addresses first; `most` of them."""
        start, end = int(self._starts[name]), int(self._starts[name + 1])
        span = slice(start, end if most is None else min(end, start + most))
        rows = zip(
            self._pks[span].tolist(), self._place_of[span].tolist(), self._counts[span].tolist(), strict=True
        )
        return [StreetAt(pk, self.places[place], addresses) for pk, place, addresses in rows]

    def within(self, postcode: str, city: str) -> Flags | None:
        """Return for each name whether it occurs in postal districts that begin so; None where none does."""
        here = np.array(
            [
                place.postcode_key.startswith(postcode) and place.city_key.startswith(city)
                for place in self.places
            ],
            dtype=bool,
        )
        return np.logical_or.reduceat(here[self._place_of], self._starts[:-1]) if here.any() else None

    def beginning_with(self, typed: str, limit: int, within: Flags | None = None) -> list[Hit]:
        """Return up to `limit` names that begin with a compact key, or have a later word that does."""
        low = bisect_left(self._keys, typed)
        rows: Integers = np.arange(low, bisect_left(self._keys, typed + _AFTER_ALL_LETTERS, low))
        if within is not None:
            rows = rows[within[self._name_of[rows]]]
        best: dict[int, int] = {}
        for row in self._likeliest(rows, 3 * limit).tolist():
            name = int(self._name_of[row])
            rank = LATER_WORD if self._is_later[row] else WHOLE if self._keys[row] == typed else BEGINNING
            best[name] = min(rank, best.get(name, rank))
        return self._in_order(best, limit)

    def _likeliest(self, rows: Integers, limit: int) -> Integers:
        if len(rows) <= limit:
            return rows
        best = np.argpartition(self._weight[rows], len(rows) - limit)[-limit:]
        # Rows equal to what was typed sort first of all: they stay, however few addresses they have.
        return np.concatenate((rows[:limit], rows[best]))

    def named(self, typed: str, within: Flags | None = None) -> list[Hit]:
        """Return the names whose compact key is `typed`."""
        names = set()
        for row in range(bisect_left(self._keys, typed), len(self._keys)):
            if self._keys[row] != typed:
                break
            name = int(self._name_of[row])
            if not self._is_later[row] and (within is None or within[name]):
                names.add(name)
        return self._in_order(dict.fromkeys(names, WHOLE), len(names))

    def resembling(
        self, typed: str, errors: int, limit: int, within: Flags | None = None, *, whole: bool = False
    ) -> list[Hit]:
        """Return up to `limit` names that begin with `typed` (`whole`: are `typed`) but for `errors` errors.

        An error is a wrong, missing or superfluous letter, or two letters that changed places.
        """
        best: dict[int, int] = {}
        rows = self._rows_near(typed, errors, within, whole=whole)
        distances = _distances(typed, [self._keys[row] for row in rows.tolist()], errors, whole=whole)
        ranks = MISSPELT + 2 * distances + self._is_later[rows]
        for name, distance, rank in zip(
            self._name_of[rows].tolist(), distances.tolist(), ranks.tolist(), strict=True
        ):
            if distance <= errors:
                best[name] = min(rank, best.get(name, rank))
        return self._in_order(best, limit)

    def _rows_near(self, typed: str, errors: int, within: Flags | None, *, whole: bool) -> Integers:
        """Return the rows where all but `errors` of the typed letters stand at most `errors` places away.

        No row within the distance is missed: each letter that is not itself an error has moved by at most one
        place for each error. Where too many are left, those with the most letters in place are kept.
        """
        looked_at = min(len(typed), FILTER_LETTERS - errors)
        near = np.zeros(len(self._keys), dtype=np.uint8)
        for place, code in enumerate(_codes(_in_plane(typed[:looked_at]))):
            stands = self._letters[max(0, place - errors)] == code
            for other in range(max(0, place - errors) + 1, place + errors + 1):
                stands |= self._letters[other] == code
            near += stands
        enough = near >= max(0, looked_at - errors)
        if whole:
            enough &= np.abs(self._lengths - len(typed)) <= errors
            enough &= ~self._is_later
        if within is not None:
            enough &= within[self._name_of]
        rows = np.flatnonzero(enough)
        if len(rows) > CANDIDATES:
            likeliest = np.lexsort((-self._weight[rows], -near[rows].astype(np.int16)))
            rows = rows[likeliest[:CANDIDATES]]
        return rows

    def _in_order(self, best: dict[int, int], limit: int) -> list[Hit]:
        def order(name: int) -> tuple[int, int, str]:
            return best[name], -int(self.addresses[name]), self.names[name]

        return [Hit(name, best[name]) for name in heapq.nsmallest(limit, best, key=order)]

    @cached_property
    def by_postcode(self) -> dict[str, list[int]]:
        """The positions in `places` for each postcode, in its compact form."""
        found: dict[str, list[int]] = {}
        for position, place in enumerate(self.places):
            found.setdefault(place.postcode_key, []).append(position)
        return found

    @cached_property
    def city_keys(self) -> frozenset[str]:
        """The keys of all cities, and of the first words of their names: København for København NV."""
        keys: set[str] = set()
        for city in {place.city for place in self.places}:
            words = search_key(city).split()
            keys.update(compact(" ".join(words[:length])) for length in range(1, len(words) + 1))
        return frozenset(key for key in keys if len(key) > 1)

    def largest_in(self, postcode_key: str, limit: int) -> list[Hit]:
        """Return the names of the streets with the most addresses in a postal district."""
        here = np.flatnonzero(np.isin(self._place_of, self.by_postcode.get(postcode_key, [])))
        largest = here[np.argsort(-self._counts[here], kind="stable")[:limit]]
        return [Hit(int(np.searchsorted(self._starts, row, side="right")) - 1, BEGINNING) for row in largest]


def _place(postcode: str, city: str) -> Place:
    return Place(postcode, city, compact(search_key(postcode)), compact(search_key(city)))


def _ways_into(name: int, written: str, key: str) -> Iterator[tuple[str, bool, int]]:
    keys = spellings(written) if _may_be_short(written) else (key,)
    seen = set()
    for spelling in keys:
        words = spelling.split()
        for first in range(len(words)):
            row = (compact(" ".join(words[first:])), first > 0, name)
            if row not in seen and row[0]:
                seen.add(row)
                yield row


def _may_be_short(name: str) -> bool:
    """Say whether the name may hold an abbreviation, without the cost of looking each word up."""
    return "." in name or ":" in name or any(len(word) <= 5 for word in name.split())


def _codes(text: str) -> Letters:
    """Return one byte a letter. Letters of other scripts share bytes: that costs comparisons, no hits."""
    return np.frombuffer(text.encode("utf-16-le", "replace"), dtype=np.uint16).astype(np.uint8)


def _letter_columns(keys: list[str]) -> Letters:
    """Return an array in which row i holds the i-th letters of all keys, 0 where a key is shorter."""
    padded = "".join(_in_plane(key[:FILTER_LETTERS]).ljust(FILTER_LETTERS, "\0") for key in keys)
    return np.ascontiguousarray(_codes(padded).reshape(-1, FILTER_LETTERS).T)


def _in_plane(key: str) -> str:
    return key if key.isascii() else "".join(letter if ord(letter) < 0x10000 else "?" for letter in key)


def _distances(typed: str, keys: list[str], errors: int, *, whole: bool) -> Integers:
    """Return the least number of errors between `typed` and each key, or the likeliest beginning of the key."""
    ends: Sequence[int | None] = [None]
    if not whole:
        ends = range(max(0, len(typed) - errors), len(typed) + errors + 1)
    begun = [key[:end] for end in ends for key in keys]
    distances = cdist([typed], begun, scorer=OSA.distance, score_cutoff=errors, dtype=np.int64)
    return distances.reshape(len(ends), len(keys)).min(axis=0)


def _load(_now: object) -> Loaded[StreetIndex]:
    streets = Street.objects.filter(address_count__gt=0).order_by("name", "-address_count", "postcode")
    rows = streets.values_list("pk", "name", "key", "postcode", "city", "address_count")
    return Loaded(StreetIndex(rows.iterator(chunk_size=10_000)))


def _version() -> Hashable:
    """Changes when streets are added and when an import ends, not with each address of it."""
    return (
        Street.objects.aggregate(latest=Max("pk"))["latest"],
        AddressImport.objects.aggregate(latest=Max("finished_at"))["latest"],
    )


_index = Snapshot(_load, Watch(_version))


def current() -> StreetIndex:
    """Return the index of the streets in the register; loaded again after an import."""
    return _index.get()
