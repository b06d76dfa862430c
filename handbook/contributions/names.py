"""What looks like the name of a person in a text: asked about, never known for certain.

Two or more capitalised words in a row, or any after hr., fru, Mr and the like. What the station calls its own is no
citizen: its districts, sectors, units and officers, streets, and whatever its handbook says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from handbook.models import Passage
from officers.models import Officer, Unit
from sectors.models import District, Sector, Station, Street


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_TOKEN = re.compile(rf"{_WORD}\.?|\d+|[^\w\s]")
_TITLES = _words("hr fru frk frøken herr mr mrs ms miss sir madam")
_SMALL = _words("af al bin da de del den der di dos du el la le ten van von zu")
# An abbreviation's full stop ends no sentence.
_SHORT = _TITLES | _words("bl dr ca evt f eks fx inkl jf kl mv nr osv pkt s sct skt st tlf vs e g i")
_ENDS = frozenset('.!?:;•*–—-"“”»«()')
# With these a row of capitalised words names a place, a day or a body, whatever stands before them.
_NO_PERSON = re.compile(
    r"(?:vej|gade|allé|alle|plads|torv|stræde|park|parken|skole|skolen|kirke|center|centret|forening|foreningen|"
    r"politi|kreds|station|street|road|avenue|lane|square|school|church|centre|association|club|police|district|"
    r"sector|division|group|team|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|"
    r"april|may|june|july|august|september|october|november|december)s?",
    re.IGNORECASE,
)
# Words with which sentences begin: a name follows them as often as not.
_OPENERS = _words(
    "a after all an and as at because before both but by during each every for from here how i if in it last like "
    "most my next no not now of on once one our she he since so some that the their then there these they this "
    "those to together today two under until we what when where while who with without yesterday you your "
    "af alle at da de den der deres det disse du efter en er et for fordi fra før har hun han her hos hver hvis hvor "
    "hvordan i ifølge ikke ja jeg kun man med men mens min nu når og også om på sammen se selv siden som så til to "
    "under ved vi vores"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What names no citizen: words that the handbook writes small, and all that the station is called."""

    small: frozenset[str]
    phrases: str


def suspected_names(text: str, station: Station) -> list[str]:
    """Return what looks like a person's name, each once. Seven queries at most, none for a text without any."""
    runs = list(_runs(text))
    if not runs:
        return []
    known = _known(station)
    found = [name for titled, run in runs if (name := _name(titled, run, known))]
    streets = set(Street.objects.filter(name__in=found).values_list("name", flat=True))
    return [name for name in dict.fromkeys(found) if name not in streets]


def _runs(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Return each row of capitalised words that may be a name, and whether a title stands before it.

    A sentence's first word is capitalised anyway: one that usually begins a sentence is left away.
    """
    for line in text.splitlines():
        run: list[str] = []
        titled, begins = False, True
        for token in [*_TOKEN.findall(line), "."]:
            word = token.rstrip(".")
            is_title = word.lower() in _TITLES
            if not is_title and _is_part(word, run) and not (begins and word.lower() in _OPENERS):
                run.append(word)
                if not _ends_sentence(token, word):
                    begins = False
                    continue
            if run:
                yield titled, run
            run, titled = [], is_title
            begins = not is_title and (token in _ENDS or _ends_sentence(token, word))


def _is_part(word: str, run: list[str]) -> bool:
    """Whether the word goes on with a name, or begins one: "Anna", "P." and "von" of "Anna P. von Holm"."""
    if run and (len(word) == 1 or word in _SMALL):
        return word.isalpha()
    return word[:1].isupper() and not word.isupper()


def _ends_sentence(token: str, word: str) -> bool:
    return token.endswith(".") and token != word and word.lower() not in _SHORT and len(word) > 1


def _name(titled: bool, run: list[str], known: Known) -> str:
    """Return the row as a name; "" where it is the station's own, a place or no name at all."""
    words = list(run)
    # "Every Autumn": capitalised, and small elsewhere in the handbook.
    while words and not titled and words[0].lower() in known.small:
        words.pop(0)
    while words and (words[-1] in _SMALL or (not titled and words[-1].lower() in known.small)):
        words.pop()
    name = " ".join(words)
    if len(words) < (1 if titled else 2) or _NO_PERSON.fullmatch(words[-1]) or is_street(words[-1]):
        return ""
    return "" if f" {name.lower()} " in known.phrases else name


def is_street(word: str) -> bool:
    """Whether the word ends as Danish streets and squares do."""
    return word.lower().endswith(("vej", "gade", "gaden", "allé", "parken", "torvet", "pladsen", "skolen"))


def _known(station: Station) -> Known:
    own = [station.name, *_names(District.objects.filter(station=station))]
    own += [*_names(Sector.objects.filter(station=station)), *_names(Unit.objects.all())]
    own += _names(Officer.objects.filter(station=station))
    rows = Passage.objects.filter(station=station, left_at=None).order_by()
    texts = " ".join(" ".join(row) for row in rows.values_list("title_en", "title_da", "text_en", "text_da"))
    words = re.findall(_WORD, texts)
    phrases = " . ".join(" ".join(re.findall(_WORD, one)) for one in own) + " . " + " ".join(words)
    return Known(frozenset(word for word in words if word.islower()), f" {phrases.lower()} ")


def _names(rows: QuerySet) -> list[str]:
    return list(rows.order_by().values_list("name", flat=True))
