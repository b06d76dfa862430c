"""What an entry has to say to the handbook: its words, without the people and places that it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handbook.contributions.doubts import Shortened, pieces, without
from handbook.contributions.names import is_street
from handbook.markup import normal
from handbook.permissions import can_contribute
from sectorlog.models import ContactPerson, LogEntry
from sectors.models import Street

if TYPE_CHECKING:
    from officers.models import User

_WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*"
_WORDS = re.compile(_WORD)
# "Godthåbsvej 12 B": a capitalised word and a house number. Sectors and points of the handbook have numbers too.
_HOUSE = re.compile(rf"(?<![\w'’.-])({_WORD}) \d{{1,3}}(?: ?[A-Z])?(?!\w)")
_NO_HOUSE = frozenset(["at", "from", "in", "kapitel", "kl", "no", "nr", "point", "punkt", "sector", "sektor"])
# A street's name has so many words at most.
LONGEST_STREET = 4


def can_suggest_from(user: User, entry: LogEntry) -> bool:
    """Whoever reads the entry and contributes to the handbook of its station."""
    return can_contribute(user, entry.sector.station)


def suggestion(entry: LogEntry, user: User) -> Shortened:
    """Return the entry's free text without the sentences that name a party, a person, a place or a number."""
    text = normal(entry.text)
    known = pieces(text, entry.sector.station, user)
    return without(text, [*known, *_named_in(entry), *_places_in(text)])


def _named_in(entry: LogEntry) -> list[str]:
    """Return what the entry is about by name: parties, who speaks for them, to whom something is promised."""
    parties = list(entry.parties.all())
    contacts = ContactPerson.objects.filter(party__in=parties).values_list("name", flat=True)
    promised = entry.promises.values_list("to_whom", flat=True)
    return [*(party.name for party in parties), *contacts, *promised, entry.place_text]


def _places_in(text: str) -> list[str]:
    """Return streets, and house doors, that stand in the text. One query."""
    words = _WORDS.findall(text)
    capital = [place for place, word in enumerate(words) if word[:1].isupper()]
    rows = {" ".join(words[at : at + count]) for at in capital for count in range(1, LONGEST_STREET + 1)}
    streets = Street.objects.filter(name__in=rows).order_by().values_list("name", flat=True).distinct()
    houses = [match[0] for match in _HOUSE.finditer(text) if _is_house(match[1])]
    return [*streets, *houses, *(word for word in words if word[:1].isupper() and is_street(word))]


def _is_house(word: str) -> bool:
    return word[:1].isupper() and word.lower() not in _NO_HOUSE
