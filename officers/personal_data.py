"""What must not slip into a text that many read: identity numbers, foreign telephones and addresses, names.

Apps that know names of citizens register a function that finds them in a text: `knows_names`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from officers.models import Officer
from sectors.models import District, Station

if TYPE_CHECKING:
    from officers.models import User

# 112 and 114, the crime line, the municipality's switchboard: what is shorter than this belongs to nobody.
SHORTEST_PHONE = 8
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Denmark: ddmmyy-xxxx. Sweden: yymmdd-xxxx, with the century or without. Great Britain: two letters, six digits, one.
# Whatever dash is typed, with spaces around it or none.
_DASH = r"[ \u00a0]?[-\u2010-\u2015\u2212][ \u00a0]?"
_DANISH = re.compile(rf"(?<![\d+])(\d{{2}})(\d{{2}})\d{{2}}(?:{_DASH}|[ \u00a0])?\d{{4}}(?!\d)")
_PARTED = re.compile(rf"(?<![\d+])(\d{{2}}) (\d{{2}}) \d{{2}}(?:{_DASH}| )\d{{4}}(?!\d)")
_SWEDISH = re.compile(rf"(?<![\d+])(?:\d{{2}})?\d{{2}}(\d{{2}})(\d{{2}})(?:{_DASH}|\+)\d{{4}}(?!\d)")
_BRITISH = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_PHONE = re.compile(r"(?:(?<![\w+])(?:\+|00)|(?<![\w.+:/-]))\d(?:[ .()-]{0,2}\d){7,14}(?!\w)")
# What is no telephone number: 24.12.2026, 2026-12-24, 16.00-18.00.
_TIME = re.compile(r"\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}[.:]\d{2} ?[-–] ?\d{1,2}[.:]\d{2}")

# What an app knows: the names of citizens that stand in the text, as far as the account may know them.
Finder = Callable[[str, "User"], Iterable[str]]
_finders: list[Finder] = []


def knows_names(finder: Finder) -> Finder:
    """Register a function that finds names of citizens in a text."""
    _finders.append(finder)
    return finder


def known_names(text: str, user: User) -> list[str]:
    """Return the names of citizens in the text that the account may know of, each once."""
    return list(dict.fromkeys(name for finder in _finders for name in finder(text, user)))


def doubts(texts: Iterable[str], station: Station) -> list[str]:
    """Return a question about each piece of the texts that looks like somebody's number or address.

    Telephones and e-mail addresses of the station, its districts and its officers are their own to give.
    Three queries at most, none for texts without such a piece.
    """
    text = "\n".join(texts)
    found = identity_numbers(text)
    asked = [
        _("“%(piece)s” looks like a national identity number. It must not be published.") % {"piece": one}
        for one in found
    ]
    phones, mails = foreign_contacts(text, station)
    sentence = _("Is “%(piece)s” a telephone number that everybody may know? It is not one of the station's.")
    asked += [sentence % {"piece": one} for one in phones]
    sentence = _("Is “%(piece)s” an address that everybody may know? It is not one of the station's.")
    return asked + [sentence % {"piece": one} for one in mails]


def identity_numbers(text: str) -> list[str]:
    """Return what looks like a national identity number, each once."""
    return list(dict.fromkeys(_identity_numbers(text)))


def foreign_contacts(text: str, station: Station) -> tuple[list[str], list[str]]:
    """Return telephone numbers and e-mail addresses in the text that are not the station's or its officers'.

    Two queries at most, none for a text without any.
    """
    identities = set(_identity_numbers(text))
    phones = [one for one in dict.fromkeys(_phones(text)) if one not in identities]
    mails = list(dict.fromkeys(_MAIL.findall(text)))
    if not phones and not mails:
        return [], []
    known = _of_station(station)
    own = {_digits(phone)[-SHORTEST_PHONE:] for phone, _mail in known}
    addresses = {mail.lower() for _phone, mail in known}
    return (
        [one for one in phones if _digits(one)[-SHORTEST_PHONE:] not in own],
        [one for one in mails if one.lower() not in addresses],
    )


def _identity_numbers(text: str) -> Iterator[str]:
    for pattern, day, month in ((_DANISH, 1, 2), (_PARTED, 1, 2), (_SWEDISH, 2, 1)):
        for match in pattern.finditer(text):
            if _is_day(int(match[day]), int(match[month])):
                yield match[0]
    for match in _BRITISH.finditer(text):
        yield match[0]


def _is_day(day: int, month: int) -> bool:
    try:
        # A leap year: 29 February is somebody's birthday.
        datetime.date(2000, month, day)
    except ValueError:
        return False
    return True


def _phones(text: str) -> Iterator[str]:
    for match in _PHONE.finditer(_TIME.sub(lambda time: "x" * len(time[0]), text)):
        yield match[0].strip()


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def _of_station(station: Station) -> list[tuple[str, str]]:
    """Return the telephones and addresses that are published anyway."""
    rows: list[QuerySet] = [
        District.objects.filter(station=station).order_by(),
        Officer.objects.filter(station=station).order_by(),
    ]
    kept = [(station.phone, station.email)]
    return kept + [row for found in rows for row in found.values_list("phone", "email")]
