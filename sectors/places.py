"""A place that somebody types or taps: an address looked up in the register, a point, where a sector lies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point

from sectors import address_search, division
from sectors.division import Division
from sectors.lookup import InvalidAddress, clean_address, locate_point, parse_position
from sectors.models import Address, Sector, Street
from sectors.spelling import search_key

# More doors than these of one wording are a street, not an address.
MOST_CHOICES = 8
# Decimals of a degree, some ten centimetres: a place that comes back from a form is compared by them.
DECIMALS = 6
# "Frederikssundsvej 12 B, 2. tv, 2700 Brønshøj": the street, the number with its letter, what else there is.
_DOOR = re.compile(
    r"(?P<street>[^,\d][^,]*?)\s+(?P<number>\d{1,5})\s*(?P<letter>[A-Za-z]?)\b(?P<rest>.*)", re.S
)
_POSTCODE = re.compile(r"\b\d{4}\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Located:
    """What an address came to: a point, or doors to choose from, or neither. `taken_as`: the door that was meant."""

    point: Point | None = None
    taken_as: str = ""
    choices: tuple[str, ...] = ()


def locate(address: str, sector: Sector) -> Located:
    """Look an address up in the register. One without a house number, or unknown there, has no point.

    Where a wording means doors in several towns, the one in the sector is meant.
    """
    try:
        found = address_search.resolve(clean_address(address))
    except InvalidAddress:
        return Located()
    if found.street_only or not found.matches:
        return Located()
    current = division.current()
    here = [match for match in found.matches if _owns(current, sector, match.lon, match.lat)]
    first, *others = here if len(here) == 1 else found.matches
    if others:
        texts = dict.fromkeys(match.text for match in (here or found.matches))
        return Located(choices=tuple(texts)[:MOST_CHOICES])
    return Located(point(first.lon, first.lat), "" if first.exact else first.text)


def doors(addresses: Iterable[str], sector: Sector) -> dict[str, Point]:
    """Return the points of those addresses that name one door of the register as it spells it. Two queries for all.

    A file is looked up so: nobody is there to be asked what a misspelt address means.
    """
    asked = {address: found for address in addresses if (found := _DOOR.fullmatch(address.strip()))}
    keys = {address: search_key(found["street"]) for address, found in asked.items()}
    streets = {street.pk: street for street in Street.objects.filter(key__in=set(keys.values()))}
    numbers = {int(found["number"]) for found in asked.values()}
    known: dict[tuple[str, int, str], list[tuple[str, Point]]] = {}
    for address in Address.objects.filter(street__in=list(streets), number__in=numbers):
        street = streets[address.street_id]
        door = (street.key, address.number, address.letter.upper())
        known.setdefault(door, []).append((street.postcode, address.location))
    points, current = {}, division.current()
    for text, found in asked.items():
        here = known.get((keys[text], int(found["number"]), found["letter"].upper()), [])
        postcodes = set(_POSTCODE.findall(found["rest"]))
        here = [row for row in here if row[0] in postcodes] or here
        if len(here) > 1:
            here = [row for row in here if _owns(current, sector, row[1].x, row[1].y)]
        if len(here) == 1:
            points[text] = point(here[0][1].x, here[0][1].y)
    return points


def point(lon: float, lat: float) -> Point:
    return Point(round(lon, DECIMALS), round(lat, DECIMALS), srid=4326)


def typed_point(lat: str, lon: str) -> Point | None:
    """Return the point that was tapped or typed, None for none. Raises InvalidPosition."""
    if not lat and not lon:
        return None
    degrees = parse_position(lat, lon)
    # Says itself which degrees there are.
    locate_point(*degrees)
    return point(*degrees)


def _owns(current: Division, sector: Sector, lon: float, lat: float) -> bool:
    owner = current.owner(lon, lat)
    return owner is not None and owner.id == sector.pk


def outline(sector: Sector) -> dict[str, Any] | None:
    """Return the sector's area as a GeoJSON geometry, None while it has no place in the division in force."""
    current = division.current()
    drawn = current.by_slug.get(sector.slug)
    return current.outline(drawn) if drawn else None


def middle(sector: Sector) -> tuple[float, float] | None:
    """Return longitude and latitude of a point in the sector's midst."""
    current = division.current()
    drawn = current.by_slug.get(sector.slug)
    return current.label_point(drawn) if drawn else None
