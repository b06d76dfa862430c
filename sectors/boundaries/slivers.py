"""Overlaps too thin to be meant: two people digitised one border, and their lines weave around each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy
import shapely
from django.utils.translation import gettext

from sectors.boundaries.files.errors import BoundaryFileError
from sectors.boundaries.files.shapes import polygons_of, square_metres
from sectors.boundaries.neighbours import in_metres

# An overlap whose mean width, 2 · area / perimeter, is below this many metres is digitising noise.
SLIVER_METRES = 0.5
# Overlaps below this many square metres are left alone: rounding makes them, and to cut would make new ones.
WORTH_CUTTING_M2 = 0.01
# How many others the box of an area meets, on average, in any division of a city: about 6.
_PILED_UP = 100


@dataclass(frozen=True)
class Cut:
    """A piece taken from one area because another has it too: their indexes, its area (m²), a place in it."""

    keeper: int
    loser: int
    area_m2: float
    lon: float
    lat: float


@dataclass(frozen=True)
class Trimmed:
    """The areas after cutting, in the order given, and what was cut: noise, and what was more than that."""

    areas: list[shapely.MultiPolygon]
    slivers: list[Cut]
    larger: list[Cut]


def trimmed(areas: Sequence[shapely.MultiPolygon], *, all_overlaps: bool = False) -> Trimmed:
    """Cut slivers of overlap, or with `all_overlaps` every overlap, from the later of two areas (EPSG:4326).

    Give the areas by ascending sector number: the lower number keeps the ground, by the rule that breaks ties
    on a border. Otherwise overlaps that are no slivers stay, for a person to decide about. Raises
    BoundaryFileError where so many areas lie on one another that it is no division.
    """
    result = Trimmed(list(areas), [], [])
    for keeper, loser in _meeting(numpy.array(areas, dtype=object)):
        overlap = polygons_of(shapely.intersection(result.areas[keeper], result.areas[loser]), "").geoms
        pieces = [(piece, _is_sliver(piece)) for piece in overlap if _area(piece) >= WORTH_CUTTING_M2]
        cut = [(piece, sliver) for piece, sliver in pieces if sliver or all_overlaps]
        if cut:
            lost = shapely.union_all([piece for piece, _sliver in cut])
            result.areas[loser] = polygons_of(shapely.difference(result.areas[loser], lost), "")
        for piece, sliver in cut:
            (result.slivers if sliver else result.larger).append(_cut(keeper, loser, piece))
    return result


def _area(piece: shapely.Polygon) -> float:
    return square_metres(piece.area, piece)


def _is_sliver(piece: shapely.Polygon) -> bool:
    [flat] = in_metres(numpy.array([piece]))
    return 2 * flat.area / flat.length < SLIVER_METRES


def _cut(keeper: int, loser: int, piece: shapely.Polygon) -> Cut:
    place = piece.representative_point()
    return Cut(keeper, loser, _area(piece), place.x, place.y)


def _meeting(areas: numpy.ndarray) -> list[tuple[int, int]]:
    """Return the pairs (lower, higher index) whose insides meet; those that only touch are left out."""
    tree = shapely.STRtree(areas)
    pairs: list[tuple[int, int]] = []
    boxes = 0
    for index, area in enumerate(areas):
        near = tree.query(area)
        boxes += len(near)
        if boxes > _PILED_UP * max(len(areas), 100):
            raise BoundaryFileError(
                gettext("The areas lie on top of one another; that is not a division into sectors.")
            )
        pairs.extend((index, int(other)) for other in near if other > index)
    first, second = numpy.array(pairs, dtype=int).reshape(-1, 2).T
    shared = shapely.area(shapely.intersection(areas[first], areas[second])) > 0
    return list(zip(first[shared].tolist(), second[shared].tolist(), strict=True))
