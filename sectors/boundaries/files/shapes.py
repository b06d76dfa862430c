"""From what a file drew to valid multipolygons: repaired where only one reading is possible, else refused."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy
import shapely
from django.utils.translation import gettext
from shapely.geometry.base import BaseGeometry

from sectors.boundaries.files.errors import BoundaryFileError

# A repair may change the area by this much: digitising noise, not a decision.
REPAIR_TOLERANCE_M2 = 1.0
REPAIR_TOLERANCE_SHARE = 0.0001
_METRES_PER_DEGREE = 111_195.0
# How many edges' boxes an edge's box meets, on average, in the parishes of Denmark: 5, itself included.
_TANGLED = 50
_PAIRS_AT_ONCE = 10_000_000
_WORTH_COUNTING = 2_000
# A border that crosses itself more often than this was not drawn with care, and GEOS, whose time grows with the
# crossings, is not asked to mend it. The same for edges whose boxes meet more others than this, on average.
_MAX_CROSSINGS = 200
_KNOTTED = 20
_KNOT_PAIRS_AT_ONCE = 50_000

_POLYGONAL = {"Polygon", "MultiPolygon"}
_CURVED = {"CircularString", "CompoundCurve", "CurvePolygon", "MultiCurve", "MultiSurface"}


def polygons_of(shape: BaseGeometry | None, label: str) -> shapely.MultiPolygon:
    """Return the areas in `shape`, flat, without points and lines. Raises BoundaryFileError for curves."""
    found: list[shapely.Polygon] = []
    waiting = [shape] if shape is not None else []
    while waiting:
        part = waiting.pop()
        if part.geom_type in _CURVED:
            raise BoundaryFileError(drawn_with_curves(label))
        if part.geom_type in _POLYGONAL or part.geom_type == "GeometryCollection":
            waiting.extend(shapely.get_parts(part)[::-1] if part.geom_type != "Polygon" else ())
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            found.append(shapely.force_2d(part))
    return shapely.MultiPolygon(found)


def drawn_with_curves(label: str) -> str:
    sentence = gettext("%(sector)s is drawn with curves. Turn them into straight lines (segmentize).")
    return sentence % {"sector": label}


def repaired(area: shapely.MultiPolygon, label: str) -> tuple[shapely.MultiPolygon, str | None]:
    """Return `area` (EPSG:4326) valid, and a note if it had to be repaired.

    Repeated points, spikes and rings that touch themselves have one reading only: the repair has the area
    that the rings enclose by the surveyor's formula. Where it has not, the border crosses itself, and which
    of the two sides is meant nobody can tell: BoundaryFileError says where.
    """
    if area.is_valid:
        return area, None
    mended = mended_unchanged(area)
    if mended is None:
        raise BoundaryFileError(_crossing(area, label))
    return mended, gettext("%(sector)s: a ring that touched itself was repaired; its area is unchanged.") % {
        "sector": label
    }


def mended_unchanged(
    area: shapely.MultiPolygon, *, share: float = REPAIR_TOLERANCE_SHARE
) -> shapely.MultiPolygon | None:
    """Return the invalid `area` (EPSG:4326) valid, or None where that would change it or take long.

    `share` is how much of the area may change where that is more than `REPAIR_TOLERANCE_M2`.
    """
    if _is_knotted(area):
        return None
    mended = polygons_of(shapely.make_valid(area, method="structure", keep_collapsed=False), "")
    drawn_m2 = square_metres(_enclosed(area), area)
    changed_m2 = abs(square_metres(mended.area, area) - drawn_m2)
    is_changed = changed_m2 > max(REPAIR_TOLERANCE_M2, share * drawn_m2)
    return None if mended.is_empty or is_changed else mended


def _is_knotted(area: shapely.MultiPolygon) -> bool:
    """Tell whether the area's edges cross too often, or lie too close, to be taken apart in a moment."""
    edges, _owners = _edges(numpy.array([area], dtype=object))
    tree, step = shapely.STRtree(edges), max(1, _KNOT_PAIRS_AT_ONCE // max(1, len(edges)))
    slices = [edges[start : start + step] for start in range(0, len(edges), step)]
    boxes = (tree.query(some).shape[1] for some in slices)
    if _exceeds(boxes, _KNOTTED * max(len(edges), _WORTH_COUNTING)):
        return True
    crossings = (tree.query(some, predicate="crosses").shape[1] for some in slices)
    # Each pair is met from both of its sides.
    return _exceeds(crossings, 2 * _MAX_CROSSINGS)


def _exceeds(counts: Iterator[int], limit: int) -> bool:
    """Tell whether the sum is above `limit`; no count is asked for after that is sure."""
    return any(total > limit for total in accumulate(counts))


def square_metres(degrees: float, near: BaseGeometry) -> float:
    """Return an area in square degrees as square metres at the latitude of `near`, good to half a per cent."""
    _west, south, _east, north = near.bounds
    return degrees * _METRES_PER_DEGREE**2 * math.cos(math.radians((south + north) / 2))


def _enclosed(area: shapely.MultiPolygon) -> float:
    """Return what the rings enclose by the surveyor's formula, holes taken off, in square degrees."""
    return sum(
        abs(_ring_area(polygon.exterior)) - sum(abs(_ring_area(hole)) for hole in polygon.interiors)
        for polygon in area.geoms
    )


def _ring_area(ring: shapely.LinearRing) -> float:
    x, y = _centred(ring)
    return float(numpy.dot(x[:-1], y[1:]) - numpy.dot(x[1:], y[:-1])) / 2


def _centred(ring: shapely.LinearRing) -> numpy.ndarray:
    """Return the ring's coordinates from its first point, which keeps the digits that a small ring needs."""
    coordinates = shapely.get_coordinates(ring)
    return (coordinates - coordinates[0]).T


def _crossing(area: shapely.MultiPolygon, label: str) -> str:
    reason = shapely.is_valid_reason(area)
    found = re.fullmatch(r".*\[(\S+) (\S+)\]", reason)
    if not found:
        return gettext("%(sector)s encloses no area. Draw it again.") % {"sector": label}
    sentence = gettext(
        "The border of %(sector)s crosses itself near longitude %(lon)s, latitude %(lat)s, and it cannot be "
        "told which side is meant. Move the point there and import the file again."
    )
    return sentence % {"sector": label, "lon": f"{float(found[1]):.6f}", "lat": f"{float(found[2]):.6f}"}


def refuse_tangle(areas: numpy.ndarray, labels: Sequence[str]) -> None:
    """Refuse borders so tangled that to compute their crossings would take hours and all memory.

    The boxes of all edges of the file are compared in slices, which stop as soon as there are too many pairs.
    """
    edges, owners = _edges(areas)
    tree, pairs, step = shapely.STRtree(edges), 0, max(1, _PAIRS_AT_ONCE // max(1, len(edges)))
    for start in range(0, len(edges), step):
        pairs += tree.query(edges[start : start + step]).shape[1]
        if pairs > _TANGLED * max(len(edges), _WORTH_COUNTING):
            sentence = gettext("The border of %(sector)s is a tangle of lines that cross. Draw it again.")
            raise BoundaryFileError(sentence % {"sector": labels[owners[start]]})


def _edges(areas: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return every edge of the areas' rings as a line, and the index of the area that it belongs to."""
    polygons, area_of_polygon = shapely.get_parts(areas, return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    coordinates, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    inside = ring_of_point[1:] == ring_of_point[:-1]
    ends = numpy.stack([coordinates[:-1][inside], coordinates[1:][inside]], axis=1)
    owners = area_of_polygon[polygon_of_ring[ring_of_point[1:][inside]]]
    return numpy.asarray(shapely.linestrings(ends)), owners
