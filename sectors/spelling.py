"""Plain ASCII forms of Nordic and English names, for slugs and for forgiving comparison."""

from __future__ import annotations

import itertools
import re
import unicodedata

from django.utils.text import slugify

_SLUG_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ß": "ss", "ð": "d", "þ": "th"}
)

# Letters that people without a Nordic keyboard write in one or in two letters fall together with both.
_KEY_LETTERS = str.maketrans(
    {"æ": "a", "ø": "o", "å": "a", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "œ": "o", "đ": "d"}
    | dict.fromkeys("'’‘`´", "")
    | {"&": " and "}
)
_LONG_A = re.compile(r"a[ae]+")
_LONG_O = re.compile(r"oe+")
_NOT_IN_WORDS = re.compile(r"[\W_]+")
_LETTERS_IN_NAME = re.compile(r"\bs:t\b")
_SHORT_ENDING = re.compile(r"(?<=\w\w)(v\.|vj\b\.?|gd\b\.?)(?=\W|$)")
_ENDINGS = {"v": "vej", "vj": "vej", "gd": "gade"}

# What an abbreviated word stands for, the likeliest first. All in the form that `_plain` gives.
_WORDS: dict[str, tuple[str, ...]] = {
    "sct": ("sankt",),
    "skt": ("sankt",),
    "sanct": ("sankt",),
    "saint": ("sankt",),
    "gl": ("gammel", "gamle"),
    "gml": ("gammel", "gamle"),
    "nr": ("norre",),
    "ndr": ("nordre",),
    "sdr": ("sonder", "sondre"),
    "vestr": ("vestre",),
    "dr": ("doktor",),
    "prof": ("professor",),
    "kgs": ("kongens",),
    "kbh": ("kobenhavn",),
    "kbhvn": ("kobenhavn",),
    "frb": ("frederiksberg",),
    "vj": ("vej",),
    "gd": ("gade",),
    "blvd": ("boulevard",),
    "boul": ("boulevard",),
    "bd": ("boulevard",),
}
# A first word and a last word that are written alike mean different things: St. Kongensgade, Otley St.
_FIRST_WORDS = {"st": ("sankt", "store")}
_LAST_WORDS = {
    "st": ("street",),
    "dr": ("drive",),
    "pl": ("plads", "place"),
    "rd": ("road",),
    "ave": ("avenue",),
    "av": ("avenue",),
    "ln": ("lane",),
    "sq": ("square",),
    "ct": ("court",),
    "cl": ("close",),
    "cres": ("crescent",),
    "gdns": ("gardens",),
    "terr": ("terrace",),
}
_SPELLINGS_LIMIT = 6
# What a key in the register holds at most: see `Street.key`.
KEY_LIMIT = 120


def slug_of(name: str) -> str:
    """Return a URL slug in which Nordic letters keep their usual two-letter forms (Nørrebro → noerrebro)."""
    return slugify(name.lower().translate(_SLUG_LETTERS))


def search_key(text: str) -> str:
    """Return the form in which names are compared: "Skt. Knuds Vj" and "sankt knuds vej" give the same.

    Lower-case letters and digits, words parted by one space. ø, ö, oe and o fall together, and so do å, aa,
    æ, ä, ae and a. Usual abbreviations are written out. The key of a key is that key.
    """
    return spellings(text)[0]


def spellings(text: str) -> tuple[str, ...]:
    """Return every key that `text` can mean, the likeliest first, the one with no abbreviation resolved last.

    More than one only where a word is an abbreviation. At most seven, each at most 120 characters.
    """
    words = _plain(text).split()
    meanings = [_meanings(words, place) for place in range(len(words))]
    keys = [" ".join(choice) for choice in itertools.islice(itertools.product(*meanings), _SPELLINGS_LIMIT)]
    return tuple(dict.fromkeys(_cut(key) for key in [*keys, " ".join(words)]))


def compact(key: str) -> str:
    """Return a search key without its spaces: "H.C.", "H C" and "HC" are the same to who types them."""
    return _short_vowels(key.replace(" ", ""))


def letter_by_letter(text: str) -> str:
    """Return the compact key of `text` with "ae", "aa" and "oe" as they stand.

    In a misspelt name they need not be one letter: "Øraer" is Ørager without its g, not Ørær.
    """
    return _letters(text).replace(" ", "")


def _plain(text: str) -> str:
    return _short_vowels(_letters(text))


def _letters(text: str) -> str:
    lower = unicodedata.normalize("NFKC", text).casefold()
    lower = _LETTERS_IN_NAME.sub("sankt", lower)
    lower = _SHORT_ENDING.sub(lambda found: _ENDINGS[found[1].rstrip(".")], lower)
    parts = unicodedata.normalize("NFKD", lower.translate(_KEY_LETTERS))
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return _NOT_IN_WORDS.sub(" ", bare.casefold()).strip()


def _short_vowels(text: str) -> str:
    return _LONG_O.sub("o", _LONG_A.sub("a", text))


def _meanings(words: list[str], place: int) -> tuple[str, ...]:
    word = words[place]
    if place == 0 and len(words) > 1 and word in _FIRST_WORDS:
        return _FIRST_WORDS[word]
    if place == len(words) - 1 > 0 and word in _LAST_WORDS:
        return _LAST_WORDS[word]
    return _WORDS.get(word, (word,))


def _cut(key: str) -> str:
    return key[:KEY_LIMIT].rstrip()
