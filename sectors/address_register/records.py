"""One record of an address file: from the texts in its fields to what the register holds, or the reason why not."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from sectors.address_register.errors import BadRecord
from sectors.models import Address, Street
from sectors.spelling import search_key

Bounds = tuple[float, float, float, float]

_HOUSE = re.compile(r"0*(\d{1,5})(?!\d)\s*(.*)", re.DOTALL)
_LETTER_LENGTH = Address._meta.get_field("letter").max_length or 0
_LENGTHS = {
    field.name: field.max_length or 0
    for field in Street._meta.fields
    if field.name in ("name", "postcode", "city")
}


class Row(NamedTuple):
    """A record that can go into the register; the key is that of the street's name."""

    record: int
    street: str
    key: str
    postcode: str
    city: str
    number: int
    letter: str
    x: float
    y: float


def row_of(record: int, fields: Sequence[str]) -> Row:
    """Read street, number, letter, postcode, city, x and y. Raises BadRecord."""
    street, number, letter, postcode, city, x, y = fields
    return Row(
        record, *_street(street, postcode, city), *_house(number, letter), coordinate(x), coordinate(y)
    )


@functools.lru_cache(maxsize=8192)
def _street(street: str, postcode: str, city: str) -> tuple[str, str, str, str]:
    name = _text("street", street, _LENGTHS["name"])
    if not name:
        raise BadRecord("The street is empty.")
    place = (
        _text("postcode", postcode, _LENGTHS["postcode"]).upper(),
        _text("city", city, _LENGTHS["city"]),
    )
    if not any(place):
        raise BadRecord("Postcode and city are empty.")
    key = search_key(name)
    if not key:
        raise BadRecord("The street has neither letters nor digits.")
    return name, key, *place


def _text(field: str, value: str, longest: int) -> str:
    text = " ".join(value.split())
    if len(text) > longest:
        raise BadRecord(f"The {field} is longer than {longest} characters.")
    if not text.isprintable():
        raise BadRecord(f"The {field} holds control characters.")
    return text


@functools.lru_cache(maxsize=8192)
def _house(number: str, letter: str) -> tuple[int, str]:
    text = _text("house number", f"{number} {letter}", 40)
    if not text:
        raise BadRecord("The house number is empty.")
    match = _HOUSE.fullmatch(text)
    if match is None:
        raise BadRecord("The house number does not begin with a number of one to five digits.")
    suffix = match[2].replace(" ", "").upper()
    if len(suffix) > _LETTER_LENGTH:
        raise BadRecord(f"More than {_LETTER_LENGTH} characters follow the house number.")
    return int(match[1]), suffix


def coordinate(text: str) -> float:
    """Return a number written with a decimal point or comma. Raises BadRecord."""
    try:
        value = float(text)
    except ValueError:
        value = _with_comma(text)
    if not math.isfinite(value):
        raise BadRecord("A coordinate is not a finite number.")
    return value


def _with_comma(text: str) -> float:
    if not text.strip():
        raise BadRecord("A coordinate is empty.")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise BadRecord("A coordinate is not a number.") from None


def misplacement(lon: float, lat: float, bounds: Bounds) -> str:
    """Say why a position (degrees, EPSG:4326) cannot be in the area served; an empty text where it can."""
    if is_within(lon, lat, bounds):
        return ""
    if is_within(lat, lon, bounds):
        return "Latitude and longitude are swapped."
    if not is_within(lon, lat, (-180, -90, 180, 90)):
        return "The coordinates are no longitude and latitude in degrees."
    return "The position lies outside the area served."


def is_within(lon: float, lat: float, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return west <= lon <= east and south <= lat <= north
