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
    "kilde:",
    "kilde fortæller",
    "kilde har",
    "kilde oplyser",
    "kilde siger",
    "kilden",
    "kilder",
    "kokain",
    "meddeler",
    "min kilde",
    "narko",
    "pistol",
    "pusher",
    "skydevåben",
    "tyvekoster",
    "vil ikke nævnes",
    "vores kilde",
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
SPELT_OUT = {"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
# Letters of other alphabets that look like Latin ones, small, as case is folded first.
SPELT_OUT |= dict(zip("авеіјкмнорѕтухԁһԛԝ", "abeijkmhopstyxdhqw", strict=True))
SPELT_OUT |= dict(zip("αβεζηικμνορτυχ", "abeznikmvoptux", strict=True))

# What stands between the parts of a number: blanks, full stops, strokes, dashes and the minus sign.
BETWEEN = r"[\s./\-\u2010-\u2015\u2212]"
# A Danish national identity number: day, month, year, four digits; not a piece of a longer number.
IDENTITY_NUMBER = re.compile(
    rf"(?<![0-9+])(?=([0-9]{{2}}){BETWEEN}{{0,2}}([0-9]{{2}}){BETWEEN}{{0,2}}[0-9]{{2}}{BETWEEN}{{0,3}}[0-9]{{4}}(?![0-9]))"
)
# The same, beginning with the year in four digits.
YEAR_FIRST = re.compile(
    rf"(?<![0-9+])(?=(?:18|19|20)[0-9]{{2}}([0-9]{{2}})([0-9]{{2}}){BETWEEN}{{0,3}}[0-9]{{4}}(?![0-9]))"
)
COUNTRY_CODE = re.compile(r"(?:\+|\b00)[0-9]{1,3}[\W_]{0,2}$")
DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Numbers given in place of a person's own have sixty added to the day.
ADDED_TO_DAY = 60


def signs_in(texts: Iterable[str], station: Station | None) -> list[str]:
    """Return what in the texts looks like source handling: words of the station's list, identity numbers.

    Words are found whole or as beginnings of words, whatever their case and accents; words and numbers are named
    once each, a number without its digits. The time it takes grows with the length of the texts. One query.
    """
    plain = [folded(text) for text in texts]
    running = "".join(f" {' '.join(words_of(text))} " for text in plain)
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
    """Return the words of a folded text, without what stands between them but the colon after a source."""
    return re.findall(r"[^\W_]+|(?<=kilde):", text)


def _folded_character(character: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(
        SPELT_OUT.get(one, one) for one in apart if unicodedata.category(one) not in ("Mn", "Me", "Cf")
    )


def _as_sought(word: str) -> str:
    """Return the word as it begins in the running text; empty for one without a letter or digit.

    A source is looked for as a whole word: bottled water is no sign, nor is a street.
    """
    words = words_of(folded(word))
    if not words:
        return ""
    return f" {' '.join(words)} " if words[-1] == "kilde" else f" {' '.join(words)}"


def _has_identity_number(text: str) -> bool:
    found = [(one, int(one[1]), int(one[2])) for one in IDENTITY_NUMBER.finditer(text)]
    found += [(one, int(one[2]), int(one[1])) for one in YEAR_FIRST.finditer(text)]
    return any(
        _is_date(day, month) and not COUNTRY_CODE.search(text, max(0, one.start() - 7), one.start())
        for one, day, month in found
    )


def _is_date(day: int, month: int) -> bool:
    """Tell whether there is such a day in some year; the century stands in a digit that is not worth the trouble."""
    born = day - ADDED_TO_DAY if day > ADDED_TO_DAY else day
    return 1 <= month <= len(DAYS_OF_MONTH) and 1 <= born <= DAYS_OF_MONTH[month - 1]
