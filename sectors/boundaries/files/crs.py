"""Coordinate systems: which one a file declares, and from there to degrees (EPSG:4326).

A definition that a file carries is never handed to GDAL. Only its EPSG code is taken, or its name looked up.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy
import shapely
from django.conf import settings
from django.contrib.gis.gdal import CoordTransform, GDALException, OGRGeometry, SpatialReference
from django.contrib.gis.gdal.error import SRSException
from django.utils.translation import gettext

from sectors.boundaries.files.errors import BoundaryFileError

DEGREES = 4326
# What a European police station's maps are drawn in: tried in this order when a file forgets to say so.
_LIKELY = (25832, 25833, 25831, 3006, 27700, 3035, 3857)

# No map's coordinates are larger, in metres or feet; PROJ would turn 1e300 round the Earth for ever.
_FARTHEST = 1e9

_EPSG_NAME = re.compile(r"(?:.*[^a-z])?epsg[^a-z].*?(\d{4,6})", re.IGNORECASE)
_CRS84 = re.compile(r".*\bCRS:?84", re.IGNORECASE)
_WKT_CODE = re.compile(r'(?:AUTHORITY|ID)\["EPSG",\s*"?(\d{4,6})"?\]\s*\]\s*$')
_WKT_NAME = re.compile(r'\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS)\["([^"]{1,100})"')
# The names by which Esri's definitions, which have no code, call the customary systems.
_ESRI_NAMES = {
    "GCS_WGS_1984": 4326,
    "GCS_ETRS_1989": 4258,
    "SWEREF99_TM": 3006,
    "British_National_Grid": 27700,
    "ETRS_1989_LAEA": 3035,
    "WGS_1984_Web_Mercator_Auxiliary_Sphere": 3857,
}
_ESRI_UTM = re.compile(r"(ETRS_1989|WGS_1984)_UTM_Zone_(\d{1,2})N")


def epsg_of_name(name: str) -> int | None:
    """Return the EPSG code in a name such as "EPSG:25832" or "urn:ogc:def:crs:EPSG::25832"."""
    name = name.strip()[:200]
    if _CRS84.fullmatch(name):
        return DEGREES
    found = _EPSG_NAME.fullmatch(name)
    return int(found[1]) if found else None


def epsg_of_wkt(definition: str) -> int | None:
    """Return the EPSG code of a definition in WKT, as in a .prj file: by its authority, or by its name."""
    definition = definition[:10_000]
    code, name = _WKT_CODE.search(definition), _WKT_NAME.match(definition)
    if code:
        return int(code[1])
    if not name:
        return None
    utm = _ESRI_UTM.fullmatch(name[1])
    if utm and 1 <= int(utm[2]) <= 60:
        return {"ETRS_1989": 25800, "WGS_1984": 32600}[utm[1]] + int(utm[2])
    return _ESRI_NAMES.get(name[1])


@lru_cache(maxsize=32)
def reference(epsg: int) -> SpatialReference:
    """Return the coordinate system with this EPSG code. Raises BoundaryFileError if it is none for a map."""
    try:
        found = SpatialReference(epsg)
    except (GDALException, SRSException):
        found = None
    if found is None or not (found.geographic or found.projected):
        sentence = gettext("EPSG:%(epsg)s is not a coordinate system for a map. Give another EPSG number.")
        raise BoundaryFileError(sentence % {"epsg": epsg}, option="--crs EPSG:…")
    return found


def in_degrees(shapes: numpy.ndarray, epsg: int) -> numpy.ndarray:
    """Return `shapes` in longitude and latitude (EPSG:4326). Raises BoundaryFileError."""
    if epsg == DEGREES:
        return shapes
    try:
        return shapely.transform(shapes, lambda coordinates: _transformed(coordinates, epsg))
    except GDALException:
        sentence = gettext(
            "The coordinates do not fit EPSG:%(epsg)s. Give the EPSG number of the right coordinate system."
        )
        raise BoundaryFileError(sentence % {"epsg": epsg}, option="--crs EPSG:…") from None


def likely_epsg(x: float, y: float) -> int | None:
    """Return the customary coordinate system in which this position, in metres, lies in the area served."""
    for epsg in _LIKELY:
        try:
            [[lon, lat]] = _transformed(numpy.array([[x, y]]), epsg)
        except GDALException:
            continue
        if served(lon, lat, lon, lat):
            return epsg
    return None


def served(west: float, south: float, east: float, north: float) -> bool:
    """Tell whether a box lies within `settings.SERVICE_BOUNDS` (degrees)."""
    bounds = settings.SERVICE_BOUNDS
    return bounds[0] <= west and bounds[1] <= south and east <= bounds[2] and north <= bounds[3]


def _transformed(coordinates: numpy.ndarray, epsg: int) -> numpy.ndarray:
    """Transform all positions in one call, as a row of points. Raises GDALException where one does not fit."""
    if numpy.abs(coordinates).max(initial=0) > _FARTHEST:
        raise GDALException("no position on Earth")
    row = OGRGeometry(memoryview(shapely.MultiPoint(coordinates).wkb), reference(epsg))
    row.transform(CoordTransform(reference(epsg), reference(DEGREES)))
    return shapely.get_coordinates(shapely.from_wkb(bytes(row.wkb)))
