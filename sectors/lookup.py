"""From a position or an address to a sector: found, near a border, ambiguous, or outside.

The one place that the page, the programs' interface and the commands ask.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.utils.translation import gettext as _

from sectors import address_search, division
from sectors.address_search import AddressMatch, Resolution
from sectors.division import Division, Near, PublicSector

MAX_ADDRESS_LENGTH = 200
# As people and devices write degrees. Python's own notation takes more: "5_5", "1e1", "inf", digits of all scripts.
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?")


class InvalidPosition(ValueError):
    """The coordinates are no position on earth."""


class InvalidAddress(ValueError):
    """The text cannot be an address."""


@dataclass(frozen=True, slots=True)
class Found:
    sector: PublicSector
    address: AddressMatch | None = None


@dataclass(frozen=True, slots=True)
class NearBorder:
    """The point lies in `sector` (None: just outside all), and others begin within the distance asked for."""

    sector: PublicSector | None
    neighbours: tuple[Near, ...]
    address: AddressMatch | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that an ambiguous address may mean; degrees, EPSG:4326. `sector` is None outside all sectors."""

    address: str
    lat: float
    lon: float
    sector: PublicSector | None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """No sector: the place lies outside all, or (`address` None, text asked for) the register does not know it."""

    address: AddressMatch | None = None
    is_unknown_address: bool = False


PointOutcome = Found | NearBorder | Outside
Outcome = Found | NearBorder | Ambiguous | Outside


def parse_position(lat: str, lon: str) -> tuple[float, float]:
    """Return (longitude, latitude) read from text. Raises InvalidPosition."""
    return _degrees(lon), _degrees(lat)


def _degrees(text: str) -> float:
    text = text.strip()
    if not _DECIMAL.fullmatch(text):
        raise InvalidPosition(_("Latitude and longitude must be numbers, such as 55.6959 and 12.5441."))
    return float(text.replace(",", "."))


def locate_point(
    lon: float, lat: float, *, address: AddressMatch | None = None, current: Division | None = None
) -> PointOutcome:
    """Say which sector the point (degrees, EPSG:4326) belongs to, in the division in force by default.

    Raises InvalidPosition.
    """
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise InvalidPosition(
            _("Latitude must lie between -90 and 90, longitude between -180 and 180 degrees.")
        )
    current = current or division.current()
    neighbours = current.near(lon, lat, settings.NEAR_BORDER_METRES)
    owner = current.owner(lon, lat)
    if neighbours:
        return NearBorder(owner, tuple(neighbours), address)
    return Found(owner, address) if owner else Outside(address)


def locate_address(text: str, current: Division | None = None) -> Outcome:
    """Say which sector an address, as a person types it, belongs to, in the division in force by default.

    Raises InvalidAddress.
    """
    resolution = address_search.resolve(clean_address(text))
    if not resolution.matches:
        return Outside(is_unknown_address=True)
    if len(resolution.matches) == 1 and not resolution.street_only:
        match = resolution.matches[0]
        return locate_point(match.lon, match.lat, address=match, current=current)
    return _one_or_choices(resolution, current or division.current())


def clean_address(text: str) -> str:
    """Return the text with white space folded. Raises InvalidAddress where it cannot be an address."""
    text = " ".join(text.split())
    if len(text) > MAX_ADDRESS_LENGTH:
        raise InvalidAddress(
            _(
                "That is too long for an address. Type a street and a house number, such as Frederikssundsvej 12."
            )
        )
    if not any(letter.isalnum() for letter in text) or any(
        unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in text
    ):
        raise InvalidAddress(_("Type a street and a house number, such as Frederikssundsvej 12."))
    return text


def _one_or_choices(resolution: Resolution, current: Division) -> Outcome:
    """Answer Found where all matches lie in one sector, else one choice for each street and sector."""
    located = [(match, current.owner(match.lon, match.lat)) for match in resolution.matches]
    sectors = {sector for _, sector in located}
    if len(sectors) == 1:
        sector = sectors.pop()
        match = resolution.matches[0]
        address = _whole_street(match) if resolution.street_only else match
        return Found(sector, address) if sector else Outside(address)
    return Ambiguous(tuple(_choices(located)))


def _choices(located: list[tuple[AddressMatch, PublicSector | None]]) -> list[Choice]:
    """Put the matches of one street and sector into one choice: "Nørrebrogade 1–45, 2200 København N"."""
    keyed = [
        ((match.street, match.postcode, sector.slug if sector else ""), match, sector)
        for match, sector in located
    ]
    choices = []
    for _key, group in groupby(sorted(keyed, key=itemgetter(0)), key=itemgetter(0)):
        rows = list(group)
        match, sector = rows[0][1], rows[0][2]
        choices.append(Choice(_span([row[1] for row in rows]), match.lat, match.lon, sector))
    return choices


def _whole_street(match: AddressMatch) -> AddressMatch:
    """Return the street of a match, without the house number: it is what was asked for."""
    return replace(match, text=f"{match.street}, {match.postcode} {match.city}", house="")


def _span(matches: list[AddressMatch]) -> str:
    if len(matches) == 1:
        return matches[0].text
    houses = sorted({match.house for match in matches}, key=_house_order)
    first = matches[0]
    return f"{first.street} {houses[0]}–{houses[-1]}, {first.postcode} {first.city}"


def _house_order(house: str) -> tuple[int, str]:
    digits = "".join(letter for letter in house if letter.isdecimal())
    return (int(digits) if digits else 0, house)
