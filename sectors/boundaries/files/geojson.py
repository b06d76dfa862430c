"""GeoJSON (RFC 7946, and the older form with a "crs" member)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy
import orjson
import shapely
from django.utils.translation import gettext
from shapely.geometry.base import BaseGeometry

from sectors.boundaries.files.crs import epsg_of_name
from sectors.boundaries.files.errors import BoundaryFileError
from sectors.boundaries.files.raw import MAX_FEATURES, MAX_VERTICES, RawFeature, RawFile

LONGITUDE_LATITUDE = 4326
_BOM = b"\xef\xbb\xbf"


def read_geojson(content: bytes) -> RawFile:
    """Read all features of a GeoJSON text. Raises BoundaryFileError."""
    content = content.removeprefix(_BOM)
    _refuse_too_much(content)
    document = _parsed(content)
    features = [
        RawFeature(place, _properties(feature), _shape(feature, place))
        for place, feature in enumerate(_features(document), 1)
    ]
    return RawFile(features, _declared_epsg(document))


def _refuse_too_much(content: bytes) -> None:
    """Count the brackets before anything is built: each position has one, and costs some hundred bytes."""
    too_many_points = content.count(b"[") > MAX_VERTICES * 1.1 or content.count(b",") > MAX_VERTICES * 4
    if too_many_points:
        sentence = gettext("The file has more than %(limit)s points. Simplify the borders and try again.")
        raise BoundaryFileError(sentence % {"limit": f"{MAX_VERTICES:,}"})
    if content.count(b"{") > MAX_FEATURES * 20:
        raise BoundaryFileError(
            gettext("The file has more parts than any map of sectors. Is it the right one?")
        )


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        sentence = gettext("The file is not UTF-8 text (byte %(place)s). Save it as UTF-8 and try again.")
        raise BoundaryFileError(sentence % {"place": error.start + 1}) from None
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        sentence = gettext(
            "The file is not complete GeoJSON: line %(line)s, column %(column)s cannot be read (%(reason)s). "
            "Is it cut off? Export or download it again."
        )
        values = {"line": error.lineno, "column": error.colno, "reason": error.msg.partition(":")[0]}
        raise BoundaryFileError(sentence % values) from None
    if not isinstance(document, dict):
        raise BoundaryFileError(
            gettext("The file is JSON, but not GeoJSON: it is not an object with a type.")
        )
    return document


def _features(document: dict[str, Any]) -> list[Any]:
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    features = document.get("features")
    if kind != "FeatureCollection" or not isinstance(features, list):
        sentence = gettext(
            "The file is JSON of the type “%(kind)s”, not a GeoJSON FeatureCollection. Export it as GeoJSON."
        )
        raise BoundaryFileError(sentence % {"kind": str(kind)[:40]})
    if len(features) > MAX_FEATURES:
        sentence = gettext("The file has %(count)s areas; %(limit)s is the most that can be imported.")
        raise BoundaryFileError(sentence % {"count": len(features), "limit": MAX_FEATURES})
    return features


def _properties(feature: Any) -> dict[str, object]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    found = dict(properties) if isinstance(properties, dict) else {}
    if isinstance(feature, dict) and "id" in feature:
        found.setdefault("id", feature["id"])
    return found


def _declared_epsg(document: dict[str, Any]) -> int | None:
    """Return what the old "crs" member says; without one, GeoJSON is in degrees by its own rule."""
    crs = document.get("crs")
    if crs is None:
        return LONGITUDE_LATITUDE
    properties = crs.get("properties") if isinstance(crs, dict) else None
    if not isinstance(properties, dict):
        return None
    return epsg_of_name(str(properties.get("name") or f"EPSG:{properties.get('code')}"))


def _shape(feature: Any, place: int) -> BaseGeometry | None:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return None
    try:
        polygons = [polygon for part in _parts(geometry) for polygon in _polygons(part)]
    except (ValueError, TypeError, shapely.errors.ShapelyError):
        sentence = gettext(
            "Feature %(place)s has coordinates that cannot be read: each position must be a pair of numbers, "
            "each ring must have at least three of them."
        )
        raise BoundaryFileError(sentence % {"place": place}) from None
    return shapely.MultiPolygon(polygons) if polygons else shapely.Point()


def _parts(geometry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Take collections apart, without recursion: the nesting is the file's."""
    waiting = [geometry]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, dict):
            raise TypeError("a geometry is an object")
        if part.get("type") == "GeometryCollection":
            waiting.extend(reversed(part.get("geometries") or ()))
        else:
            yield part


def _polygons(geometry: dict[str, Any]) -> list[shapely.Polygon]:
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        return [_polygon(coordinates)] if coordinates else []
    if geometry.get("type") == "MultiPolygon":
        return [_polygon(rings) for rings in coordinates or ()]
    return []


def _polygon(rings: Any) -> shapely.Polygon:
    shell, *holes = [_ring(ring) for ring in rings]
    return shapely.Polygon(shell, holes)


def _ring(positions: Any) -> numpy.ndarray:
    coordinates = numpy.array([position[:2] for position in positions])
    # NumPy would take true and false as one and zero.
    if any(isinstance(value, bool) for position in positions for value in position[:2]):
        raise TypeError("not numbers")
    if coordinates.ndim != 2 or coordinates.shape[1] != 2 or coordinates.dtype.kind not in "iuf":
        raise ValueError("not pairs of numbers")
    return coordinates
