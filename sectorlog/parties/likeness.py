"""Which parties may be the same: near names, or one door and a name that is not far off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from sectorlog.models import Party
from sectors.spelling import compact, search_key

# Out of 100. Names so near are asked about wherever they are, those of one address from further off.
NEAR_NAME, NEAR_NAME_AT_THE_DOOR = 88, 60
MOST_SUGGESTIONS = 5
# What a name holds beside the name; "Netto A/S" and "Netto" are one shop.
_FILLERS = frozenset(
    ("a", "s", "aps", "as", "ivs", "i", "v", "ved", "af", "the", "og", "and", "for", "ltd", "firma")
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a party. Made once for all comparisons of a file."""

    party: Party
    name: str
    address: str

    @classmethod
    def of(cls, party: Party) -> Known:
        return cls(party, name_key(party.name), address_key(party.address))


def name_key(name: str) -> str:
    """Return what of a name is compared: without the kind of company and little words."""
    words = search_key(name).split()
    return " ".join(word for word in words if word not in _FILLERS) or " ".join(words)


def address_key(address: str) -> str:
    """Return street and house number, without postcode, town and floor, as one word."""
    return compact(search_key(address.partition(",")[0]))


def near(name: str, address: str, known: Iterable[Known]) -> list[Party]:
    """Return the parties that may be the one of this name and address, the likeliest first."""
    own_name, own_address = name_key(name), address_key(address)
    scored = ((_likeness(own_name, own_address, one), one.party) for one in known)
    found = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].name))
    return [party for _likely, party in found[:MOST_SUGGESTIONS]]


def is_like_at_the_door(key: str, known: Known) -> bool:
    """Whether a name's key is near enough to ask, at a known party's address: a house may hold many shops."""
    return bool(fuzz.token_sort_ratio(key, known.name, score_cutoff=NEAR_NAME_AT_THE_DOOR))


def _likeness(name: str, address: str, known: Known) -> float:
    """Return 0 where nothing suggests that they are one, else how near they are, up to 200."""
    is_one_door = bool(address) and address == known.address
    least = NEAR_NAME_AT_THE_DOOR if is_one_door else NEAR_NAME
    likeness = fuzz.token_sort_ratio(name, known.name, score_cutoff=least)
    if not likeness and is_one_door:
        likeness = fuzz.partial_ratio(name, known.name, score_cutoff=NEAR_NAME)
    return likeness + (100 if is_one_door else 0) if likeness else 0
