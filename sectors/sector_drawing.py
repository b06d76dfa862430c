"""A sector drawn without tiles: its outline, its main streets, and numbered points, as whole units of an SVG.

Streets are laid through the doors of the address register; where none is imported, the outline and the points stay.
"""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db.models import Count

from sectors.models import Address, Boundary, Sector

# As wide as a small telephone, so that its letters stay readable there.
WIDTH, MOST_HEIGHT, MARGIN = 340, 440, 14
MOST_STREETS, MOST_DOORS, LEAST_DOORS = 10, 4000, 4
# A point's circle, and how far apart two of them are put at least.
RADIUS, APART = 11, 21
STRETCHES = 8
METRES_A_DEGREE = 111_195.0
SCALES = (50, 100, 200, 500, 1000, 2000, 5000)
Position = tuple[float, float]
# West, north, east, south, in the drawing's units.
Box = tuple[float, float, float, float]
Points = list[dict[str, int]]


class Frame:
    """Puts degrees (EPSG:4326) into the drawing: north is up, a metre is as long either way."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self.west, self.north = west, north
        self.squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * self.squeeze, 1e-6), max(north - south, 1e-6)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
        self.left = (WIDTH - wide * self.scale) / 2
        self.height = round(high * self.scale + 2 * MARGIN)

    def put(self, position: Position) -> tuple[int, int]:
        lon, lat = position
        x = self.left + (lon - self.west) * self.squeeze * self.scale
        return round(x), round(MARGIN + (self.north - lat) * self.scale)

    @property
    def units_a_metre(self) -> float:
        return self.scale / METRES_A_DEGREE


def drawing_of(
    sector: Sector | int,
    at: datetime.datetime,
    places: Sequence[tuple[int, Position]] = (),
    *,
    most_streets: int = MOST_STREETS,
) -> dict[str, Any] | None:
    """Return the drawing of the sector (or of that with this key) as it is divided at `at`, with numbered `places`.

    None if it is not drawn then. Pure data: outlines and streets as the path of an SVG, points with their numbers.
    Three queries.
    """
    boundary = Boundary.objects.filter(sector=sector, release__period__contains=at).first()
    if boundary is None:
        return None
    frame = Frame(*boundary.area.extent)
    scale = next(
        (metres for metres in reversed(SCALES) if metres * frame.units_a_metre <= WIDTH / 3), SCALES[0]
    )
    drawn = points(places, frame)
    return {
        "width": WIDTH,
        "height": frame.height,
        "outline": outline(boundary.area, frame),
        "streets": list(_streets(sector, frame, drawn, most_streets)),
        "points": drawn,
        "scale": {"metres": scale, "length": round(scale * frame.units_a_metre)},
    }


def outline(area: GEOSGeometry, frame: Frame) -> str:
    """Return the area's rings as one path, to a third of a unit."""
    simple = area.simplify(0.35 / frame.scale, preserve_topology=True)
    parts: Iterable[Any] = simple if isinstance(simple, MultiPolygon) else [simple]
    return " ".join(
        _path((frame.put(corner) for corner in ring), closed=True) for part in parts for ring in part
    )


def _path(corners: Iterable[tuple[int, int]], *, closed: bool = False) -> str:
    drawn = [corner for corner, _same in groupby(corners)]
    return "M" + "L".join(f"{x} {y}" for x, y in drawn) + ("Z" if closed else "")


def _streets(sector: Sector | int, frame: Frame, drawn: Points, most: int) -> Iterator[dict[str, Any]]:
    """Yield the streets with the most doors in the sector, each a line through them, with its name."""
    counted = Address.objects.filter(sector=sector).values("street").annotate(doors=Count("*"))
    main = [row["street"] for row in counted.filter(doors__gte=LEAST_DOORS).order_by("-doors")[:most]]
    doors: dict[int, list[Position]] = defaultdict(list)
    names: dict[int, str] = {}
    rows = Address.objects.filter(sector=sector, street__in=main).order_by("street", "number", "letter")
    for street, name, location in rows.values_list("street", "street__name", "location")[:MOST_DOORS]:
        doors[street].append((location.x, location.y))
        names[street] = name
    taken: list[Box] = [(p["x"] - RADIUS, p["y"] - RADIUS, p["x"] + RADIUS, p["y"] + RADIUS) for p in drawn]
    for street in main:
        line = _line([frame.put(door) for door in doors[street]])
        if len(line) > 1:
            yield {"path": _path(line), "name": names[street], "label": _label(line, names[street], taken)}


def _line(doors: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a line along the street: the doors by their place on its main direction, the middle of each stretch."""
    spots = np.array(sorted(set(doors)), dtype=float)
    if len(spots) < 2:
        return []
    centred = spots - spots.mean(axis=0)
    along = np.linalg.svd(centred, full_matrices=False)[2][0]
    stretches = np.array_split(spots[np.argsort(centred @ along)], min(STRETCHES, len(spots)))
    middles = [stretch.mean(axis=0) for stretch in stretches]
    return [(round(float(x)), round(float(y))) for x, y in middles]


def _label(line: Sequence[tuple[int, int]], name: str, taken: list[Box]) -> dict[str, int] | None:
    """Return where the street's name stands and how it leans; None where it would cover a point or another name."""
    (x, y), (end_x, end_y) = line[0], line[-1]
    angle = math.degrees(math.atan2(end_y - y, end_x - x))
    angle = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle
    wide = len(name) * 5.2 / 2
    reach_x = abs(math.cos(math.radians(angle))) * wide + 4
    reach_y = abs(math.sin(math.radians(angle))) * wide + 4
    middle = len(line) // 2
    for spot in sorted(range(len(line)), key=lambda place: abs(place - middle)):
        here_x = round(min(max(line[spot][0], reach_x), WIDTH - reach_x))
        here_y = line[spot][1]
        box = (here_x - reach_x, here_y - reach_y, here_x + reach_x, here_y + reach_y)
        if not any(_meet(box, other) for other in taken):
            taken.append(box)
            return {"x": here_x, "y": here_y, "angle": round(angle)}
    return None


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def points(places: Sequence[tuple[int, Position]], frame: Frame) -> Points:
    """Return each place with its number; those that would cover each other are moved apart a little."""
    spots = [list(map(float, frame.put(place))) for _number, place in places]
    for _round in range(40):
        if not _pushed_apart(spots):
            break
    return [
        {
            "number": number,
            "x": round(min(max(x, RADIUS + 1), WIDTH - RADIUS - 1)),
            "y": round(min(max(y, RADIUS + 1), frame.height - RADIUS - 1)),
        }
        for (number, _place), (x, y) in zip(places, spots, strict=True)
    ]


def _pushed_apart(spots: list[list[float]]) -> bool:
    """Move the points that lie too close to each other half of what is missing each; tell whether any did."""
    moved = False
    for index, one in enumerate(spots):
        for other in spots[index + 1 :]:
            x, y = other[0] - one[0], other[1] - one[1]
            distance = math.hypot(x, y)
            if distance < APART - 0.5:
                # Two doors of one house: one goes left, one right.
                along = (x / distance, y / distance) if distance else (1.0, 0.0)
                push = (APART - distance) / 2
                one[0], one[1] = one[0] - along[0] * push, one[1] - along[1] * push
                other[0], other[1] = other[0] + along[0] * push, other[1] + along[1] * push
                moved = True
    return moved
