"""The demonstration's address register: invented streets, and doors set along them by rule, always the same.

No street of this name is known to us; should there be one, it is by chance.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, LineString, MultiLineString, Point
from django.contrib.gis.geos.prepared import PreparedGeometry

from officers.demo.boundaries import RINGS, area_of

STEMS: str = (
    "Vibesangs Humlekæde Bistade Æblerods Kobberpotte Sølvtråds Rimfrost Morgendugs Ravnefjers Havrekorns "
    "Hvedebrøds Fløjtespils Pebernødde Vindfløjs Syvsprings Bukkeblads Kællingetands Engkabbe Vejbreds "
    "Løvemunds Hanekams Jomfruhårs Kattefods Svirreflue Dagpåfugle Citronsommer Tordenvejrs Stjerneskuds "
    "Månestråle Havgus Vandspejls Sivsko Fiskehejre Vendehalse Kurvemager Bogbinder Mosekonge Uglespejls"
)
ENDINGS = ("vej", "gade", " Allé", "vænget")
STREETS_PER_SECTOR = 8

# Streets that run through several sectors and change their postcode on the way, as long streets do.
LONG_STREETS: dict[str, tuple[tuple[float, float], ...]] = {
    "Klokkestrøget": (
        (12.5622, 55.6881),
        (12.5402, 55.6987),
        (12.5181, 55.7071),
        (12.4902, 55.7079),
        (12.4585, 55.7098),
    ),
    "Storkestrøget": ((12.5543, 55.6798), (12.5204, 55.6869), (12.4978, 55.6908), (12.4682, 55.6897)),
    "Gåsetårnsgade": ((12.5231, 55.7262), (12.5267, 55.7105), (12.5312, 55.6931), (12.5263, 55.6701)),
}
# Streets that exist twice, in another postal district: sector number and name.
NAMESAKES = {13: "Sivskovej", 11: "Rimfrostvej", 18: "Mosekongegade"}

POSTAL_DISTRICTS: dict[tuple[str, str], tuple[int, ...]] = {
    ("2400", "København NV"): (1, 2, 3, 4, 5),
    ("2200", "København N"): (6, 7, 8, 9),
    ("2700", "Brønshøj"): (10, 11, 12),
    ("2720", "Vanløse"): (13, 14),
    ("2000", "Frederiksberg"): (15, 16, 17, 18, 19),
}

METRES_PER_DEGREE = 111_320.0
NARROWING = math.cos(math.radians(55.7))
DOOR_EVERY_METRES = 25.0
DOOR_FROM_STREET_METRES = 9.0
LONGEST_METRES = 400.0
# Keeps a sector's own streets inside it, doors included. In degrees, 20 metres or more.
MARGIN = 0.00035


@dataclass(frozen=True, slots=True)
class Door:
    """An invented house door, where it is (degrees, EPSG:4326) and the number of its sector."""

    street: str
    postcode: str
    city: str
    number: int
    letter: str
    lon: float
    lat: float
    sector: int


@functools.cache
def doors() -> tuple[Door, ...]:
    """Return every door of the demonstration, about three thousand, none twice."""
    return tuple(_doors())


def _doors() -> Iterator[Door]:
    areas = {number: area_of(number) for number in RINGS}
    prepared = {number: area.prepared for number, area in areas.items()}
    for sector, area in areas.items():
        for place, line in enumerate(_lines_across(area, turn=sector * 37 % 90)):
            yield from _doors_along(_name(sector, place), line, {sector: prepared[sector]})
    for name, line in LONG_STREETS.items():
        yield from _doors_along(name, line, prepared)


def _name(sector: int, place: int) -> str:
    if place == 0 and sector in NAMESAKES:
        return NAMESAKES[sector]
    count = (sector - 1) * STREETS_PER_SECTOR + place
    stems = STEMS.split()
    return stems[count % len(stems)] + ENDINGS[count // len(stems) % len(ENDINGS)]


def _lines_across(area: GEOSGeometry, *, turn: int) -> Iterator[tuple[tuple[float, float], ...]]:
    """Yield the streets of one sector: half of them run one way, half across it."""
    inner = area.buffer(-MARGIN)
    middle, reach = inner.centroid, math.sqrt(inner.area)
    for place in range(STREETS_PER_SECTOR):
        angle = math.radians(turn + 90 * (place % 2))
        aside = (place // 2 - 1.5) * reach / 5
        east, north = math.cos(angle), math.sin(angle)
        x, y = middle.x - north * aside / NARROWING, middle.y + east * aside
        ends = [(x + step * east / NARROWING, y + step * north) for step in (-reach, reach)]
        yield _longest_part(inner.intersection(LineString(ends)))


def _longest_part(cut: GEOSGeometry) -> tuple[tuple[float, float], ...]:
    parts = list(cut) if isinstance(cut, MultiLineString) else [cut]
    lines = [part for part in parts if isinstance(part, LineString)]
    return tuple((lon, lat) for lon, lat in max(lines, key=lambda line: line.length))


def _doors_along(
    street: str, line: tuple[tuple[float, float], ...], sectors: dict[int, PreparedGeometry]
) -> Iterator[Door]:
    """Yield the doors on both sides of the line, odd numbers on the left, each with its sector."""
    limit = math.inf if len(line) > 2 else LONGEST_METRES
    for count, (lon, lat) in enumerate(_places_along(line, limit), start=1):
        point = Point(lon, lat)
        sector = next((number for number, area in sectors.items() if area.covers(point)), None)
        if sector is None:
            continue
        (postcode, city) = next(at for at, numbers in POSTAL_DISTRICTS.items() if sector in numbers)
        for letter in ("A", "B") if count % 11 == 0 else ("",):
            shift = 0.00003 if letter == "B" else 0.0
            yield Door(street, postcode, city, count, letter, round(lon + shift, 6), round(lat, 6), sector)


def _places_along(line: tuple[tuple[float, float], ...], limit: float) -> Iterator[tuple[float, float]]:
    """Yield longitude and latitude of one door after the other, on the left and the right in turn."""
    side = -1
    for (west, south), (east, north) in itertools.pairwise(line):
        dx, dy = (east - west) * NARROWING * METRES_PER_DEGREE, (north - south) * METRES_PER_DEGREE
        length = math.hypot(dx, dy)
        start = max(0.0, (length - limit) / 2) + DOOR_EVERY_METRES / 2
        for step in range(int(min(length, limit) / DOOR_EVERY_METRES)):
            along, side = start + step * DOOR_EVERY_METRES, -side
            x = (dx * along - side * dy * DOOR_FROM_STREET_METRES) / length
            y = (dy * along + side * dx * DOOR_FROM_STREET_METRES) / length
            yield west + x / (NARROWING * METRES_PER_DEGREE), south + y / METRES_PER_DEGREE
