"""What looks like a matter of source handling in what somebody typed (handbook, How to perform the task, 15)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext

from sectorlog.models import SourceWord
from sectors.models import Station

# Asked about where a station has no list of its own. Beginnings of words: "narko" finds "narkohandel" too.
DEFAULT_WORDS = (
    # Danish
    "amfetamin",
    "anonym",
    "en kilde",
    "fortrolig",
    "hash",
    "heroin",
    "hvidvask",
    "hæler",
    "informant",
    "kilden",
    "kilder",
    "kokain",
    "meddeler",
    "narko",
    "pistol",
    "pusher",
    "skydevåben",
    "tyvekoster",
    "vil ikke nævnes",
    # English
    "a source",
    "cannabis",
    "cocaine",
    "confidential",
    "drug",
    "firearm",
    "handgun",
    "informer",
    "money laundering",
    "stolen goods",
    "the source",
    "tip off",
)

# Letters that Unicode does not take apart, as they are typed where a keyboard has none of them.
SPELT_OUT = {"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ł": "l"}

# A Danish national identity number: day, month, year, four digits; not a piece of a longer number.
IDENTITY_NUMBER = re.compile(r"(?<![\w+])([0-9]{2})([0-9]{2})([0-9]{2}) ?[-–]? ?[0-9]{4}(?!\w)")
COUNTRY_CODE = re.compile(r"(?:\+|\b00)[0-9]{1,3} ?$")
DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Numbers given in place of a person's own have sixty added to the day.
ADDED_TO_DAY = 60


def signs_in(texts: Iterable[str], station: Station | None) -> list[str]:
    """Return what in the texts looks like source handling: words of the station's list, identity numbers.

    Words are found whole or as beginnings of words, whatever their case and accents; words and numbers are named
    once each, a number without its digits. The time it takes grows with the length of the texts. One query.
    """
    plain = [folded(text) for text in texts]
    running = "".join(f" {' '.join(words_of(text))}" for text in plain)
    signs = [word for word in words_for(station) if (look := _as_sought(word)) and look in running]
    if any(_has_identity_number(text) for text in plain):
        signs.append(gettext("a national identity number"))
    return signs


def words_for(station: Station | None) -> list[str]:
    """Return the station's words, or the default ones where it has none."""
    own = list(SourceWord.objects.filter(station=station).values_list("word", flat=True)) if station else []
    return own or list(DEFAULT_WORDS)


def folded(text: str) -> str:
    """Return the text without case, accents and invisible characters.

    Each character by itself: to normalise a whole text takes time that grows with the square of its marks.
    """
    return text.translate({ord(one): _folded_character(one) for one in set(text)})


def words_of(text: str) -> list[str]:
    """Return the words of a folded text, without what stands between them."""
    return re.findall(r"[^\W_]+", text)


def _folded_character(character: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(
        SPELT_OUT.get(one, one) for one in apart if unicodedata.category(one) not in ("Mn", "Me", "Cf")
    )


def _as_sought(word: str) -> str:
    """Return the word as it begins in the running text; empty for one without a letter or digit."""
    return f" {' '.join(words)}" if (words := words_of(folded(word))) else ""


def _has_identity_number(text: str) -> bool:
    return any(
        _is_date(int(found[1]), int(found[2]))
        and not COUNTRY_CODE.search(text, max(0, found.start() - 6), found.start())
        for found in IDENTITY_NUMBER.finditer(text)
    )


def _is_date(day: int, month: int) -> bool:
    """Tell whether there is such a day in some year; the century stands in a digit that is not worth the trouble."""
    born = day - ADDED_TO_DAY if day > ADDED_TO_DAY else day
    return 1 <= month <= len(DAYS_OF_MONTH) and 1 <= born <= DAYS_OF_MONTH[month - 1]
