"""Writes the boundary files of the tests, as other people's programs would: through GDAL."""

import json
from collections.abc import Mapping
from ctypes import POINTER, byref, c_char_p, c_int, c_void_p
from pathlib import Path

from django.contrib.gis.gdal import Driver
from django.contrib.gis.gdal.libgdal import lgdal
from django.contrib.gis.gdal.prototypes import ds as gdal

SIDE = 0.01
WEST, SOUTH = 12.48, 55.69

lgdal.GDALVectorTranslateOptionsNew.argtypes = [POINTER(c_char_p), c_void_p]
lgdal.GDALVectorTranslateOptionsNew.restype = c_void_p
lgdal.GDALVectorTranslateOptionsFree.argtypes = [c_void_p]
lgdal.GDALVectorTranslate.argtypes = [c_char_p, c_void_p, c_int, POINTER(c_void_p), c_void_p, POINTER(c_int)]
lgdal.GDALVectorTranslate.restype = c_void_p


def box(west: float, south: float, east: float, north: float) -> list[list[list[float]]]:
    """Return the rings of a box in sides of SIDE degrees, counted from WEST, SOUTH."""
    x1, x2 = (round(WEST + side * SIDE, 9) for side in (west, east))
    y1, y2 = (round(SOUTH + side * SIDE, 9) for side in (south, north))
    return [[[x1, y1], [x2, y1], [x2, y2], [x1, y2], [x1, y1]]]


def polygon(rings) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": rings}


def feature(geometry, **properties) -> dict[str, object]:
    """Return a GeoJSON feature; `geometry` may be the rings of a polygon."""
    if isinstance(geometry, list):
        geometry = polygon(geometry)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **members) -> dict[str, object]:
    return {"type": "FeatureCollection", **members, "features": list(features)}


def three_sectors() -> dict[str, object]:
    """Return three sectors side by side, two in the north district, one in the south."""
    return collection(
        feature(box(0, 0, 1, 1), sektor=1, navn="Ærø", distrikt="Nord"),
        feature(box(1, 0, 2, 1), sektor=2, navn="Bellahøj", distrikt="Nord"),
        feature(box(2, 0, 3, 1), sektor=3, navn="Tingbjerg", distrikt="Syd"),
    )


def write_geojson(path: Path, document: Mapping[str, object]) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def write(path: Path, document: Mapping[str, object], driver: str, *options: str, epsg: int = 25832) -> Path:
    """Write a GeoJSON document (EPSG:4326) in another format and coordinate system, and return its path."""
    source = write_geojson(path.with_name(f"{path.stem}-source.geojson"), document)
    arguments = [b"-f", driver.encode(), b"-t_srs", f"EPSG:{epsg}".encode(), *(o.encode() for o in options)]
    parsed = lgdal.GDALVectorTranslateOptionsNew((c_char_p * (len(arguments) + 1))(*arguments, None), None)
    Driver.ensure_registered()
    opened = gdal.open_ds(str(source).encode(), gdal.GDAL_OF_VECTOR, None, None, None)
    wrong = c_int()
    written = lgdal.GDALVectorTranslate(
        str(path).encode(), None, 1, (c_void_p * 1)(opened), parsed, byref(wrong)
    )
    assert written, f"GDAL wrote no {driver}"
    lgdal.GDALClose(c_void_p(written))
    gdal.destroy_ds(opened)
    lgdal.GDALVectorTranslateOptionsFree(parsed)
    source.unlink()
    return path
