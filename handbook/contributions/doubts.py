"""What an officer is asked before a contribution is saved: citizens have no place in the handbook.

A national identity number is refused; all else is asked, and who says yes is believed. From a log entry, what would
be asked about is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from handbook.contributions.names import suspected_names
from officers.models import User
from officers.personal_data import foreign_contacts, identity_numbers, known_names
from sectors.models import Station

_BREAK = re.compile(r"(?<=[.!?])[ \t]+|\n+")
_SHORT = re.compile(
    r"(?:^|\W)(?:[Hh]r|[Ff]ru|[Ff]rk|Mrs?|Ms|Dr|[Nn]r|[Kk]l|[Bb]l\.?a|[Ff]\.?eks|[Cc]a|[Ss]t|[Tt]lf)\.$"
)
# Of an abbreviation, with what stands before it.
LONGEST_SHORT = 8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Shortened:
    """What is left of a text, and how many of its sentences were left out."""

    text: str
    left_out: int


def refusals(text: str) -> list[str]:
    """Return a sentence about each national identity number: the text is not taken with it."""
    sentence = _(
        "“%(piece)s” looks like a national identity number. Take it out: the handbook names no citizen."
    )
    return [sentence % {"piece": one} for one in identity_numbers(text)]


def doubts(text: str, station: Station, user: User) -> list[str]:
    """Return a question about each piece of the text that may tell who a citizen is; identity numbers first."""
    phones, mails = foreign_contacts(text, station)
    asked = refusals(text)
    sentence = _("“%(piece)s” looks like a telephone number. Is it a citizen's? Leave it out.")
    asked += [sentence % {"piece": one} for one in phones]
    sentence = _("“%(piece)s” looks like an e-mail address. Is it a citizen's? Leave it out.")
    asked += [sentence % {"piece": one} for one in mails]
    sentence = _("“%(piece)s” looks like a name. Is this a citizen? Leave names out.")
    return asked + [sentence % {"piece": one} for one in names_in(text, station, user)]


def names_in(text: str, station: Station, user: User) -> list[str]:
    """Return names of citizens that the apps know, and what looks like one."""
    known = known_names(text, user)
    told = {name.lower() for name in known}
    return known + [name for name in suspected_names(text, station) if name.lower() not in told]


def pieces(text: str, station: Station, user: User) -> list[str]:
    """Return what `doubts` would ask about, and refuse."""
    phones, mails = foreign_contacts(text, station)
    return [*identity_numbers(text), *phones, *mails, *names_in(text, station, user)]


def without(text: str, unwanted: Iterable[str]) -> Shortened:
    """Return the text without the sentences in which one of the unwanted pieces stands, in whatever case."""
    raw = [one.casefold() for one in unwanted if one.strip()]
    worded = [words for one in raw if (words := _worded(one))]
    kept, left_out = [], 0
    for sentence in _sentences(text):
        low, words = sentence.casefold(), _worded(sentence.casefold())
        # By words: "Anna  P. Holm" is the name "anna p holm". As typed: numbers and addresses.
        is_unwanted = any(one in low for one in raw if not one.isalpha()) or any(
            one in words for one in worded
        )
        left_out += is_unwanted
        kept += [] if is_unwanted else [sentence]
    return Shortened("".join(kept).strip(), left_out)


def _sentences(text: str) -> list[str]:
    """Return the sentences with the space behind each; an abbreviation ends none."""
    found, start = [], 0
    for match in _BREAK.finditer(text):
        if "\n" not in match[0] and _SHORT.search(text, max(0, match.start() - LONGEST_SHORT), match.start()):
            continue
        found.append(text[start : match.end()])
        start = match.end()
    return [one for one in [*found, text[start:]] if one.strip()]


def _worded(text: str) -> str:
    words = " ".join(_WORD.findall(text))
    return f" {words} " if words else ""
