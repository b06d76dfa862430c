"""Boundary files: GeoJSON, GeoPackage and Shapefile, in any coordinate system that they declare.

The content decides what a file is, not its name, and it is looked at before any library opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy
import shapely
from django.utils.translation import gettext, ngettext

from sectors.boundaries.files import geojson, geopackage, shapefile
from sectors.boundaries.files.errors import BoundaryFileError
from sectors.boundaries.files.fields import FieldNames, Labels, labels_of
from sectors.boundaries.files.placement import placed
from sectors.boundaries.files.raw import MAX_FEATURES, MAX_FILE_BYTES, MAX_VERTICES, RawFeature, RawFile
from sectors.boundaries.files.shapes import polygons_of, refuse_tangle, repaired

__all__ = [
    "MAX_FEATURES",
    "MAX_FILE_BYTES",
    "MAX_VERTICES",
    "BoundaryFileError",
    "DrawnArea",
    "DrawnFile",
    "FieldNames",
    "read_boundaries",
]


@dataclass(frozen=True)
class DrawnArea:
    """One feature of a file: a valid area in degrees (EPSG:4326). `name` is empty where the file has none."""

    number: int
    name: str
    district: str | None
    area: shapely.MultiPolygon

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


@dataclass(frozen=True)
class DrawnFile:
    """All areas of a file in its order, and what had to be said about them."""

    areas: list[DrawnArea]
    notes: list[str]


def read_boundaries(
    path: Path,
    *,
    epsg: int | None = None,
    layer: str | None = None,
    fields: FieldNames = FieldNames(),  # noqa: B008  # frozen
    progress: Callable[[str], None] = lambda sentence: None,
) -> DrawnFile:
    """Read the sectors that the file at `path` draws; `epsg` goes before what the file declares.

    Raises BoundaryFileError with a sentence that says what to do, in bounded time and memory: see `raw` for
    the limits.
    """
    raw = _read(path, layer)
    notes = _crs_notes(raw, epsg)
    kept = _with_areas(raw.features, notes)
    _refuse_many_points(kept)
    labels = labels_of([feature for feature, _area in kept], fields)
    progress(ngettext("%(count)s area read.", "%(count)s areas read.", len(kept)) % {"count": len(kept)})
    shapes = numpy.array([area for _feature, area in kept], dtype=object)
    called = [_called(label) for label in labels]
    shapes = placed(shapes, called, _system(raw, epsg))
    refuse_tangle(shapes, called)
    return DrawnFile([_drawn(label, area, notes) for label, area in zip(labels, shapes, strict=True)], notes)


def _read(path: Path, layer: str | None) -> RawFile:
    """Tell the format by the first bytes, and read it."""
    start = _start(path)
    if start.startswith(geopackage.MAGIC):
        return geopackage.read_geopackage(path, layer=layer)
    if start.startswith(shapefile.MAGIC):
        return shapefile.read_shapefile(path)
    if start.startswith(shapefile.ZIP_MAGIC):
        return shapefile.read_zipped_shapefile(path)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return geojson.read_geojson(path.read_bytes())
    if path.suffix.lower() in {".geojson", ".json"} and start.strip():
        # Let the reader of GeoJSON say what is wrong with it: not UTF-8, or a list.
        return geojson.read_geojson(path.read_bytes())
    sentence = gettext(
        "%(file)s is not a GeoJSON, GeoPackage or Shapefile. Export the sectors as one of these and try again."
    )
    raise BoundaryFileError(sentence % {"file": path.name})


def _start(path: Path) -> bytes:
    if not path.is_file():
        raise BoundaryFileError(gettext("There is no file %(file)s.") % {"file": path})
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        sentence = gettext(
            "%(file)s has %(size)s MB; %(limit)s MB is the most that can be imported. Simplify the borders."
        )
        values = {"file": path.name, "size": size // 2**20, "limit": MAX_FILE_BYTES // 2**20}
        raise BoundaryFileError(sentence % values)
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        sentence = gettext("%(file)s cannot be opened: %(reason)s.")
        raise BoundaryFileError(sentence % {"file": path.name, "reason": error.strerror}) from None
    if not start.strip():
        raise BoundaryFileError(gettext("%(file)s is empty.") % {"file": path.name})
    return start


def _system(raw: RawFile, epsg: int | None) -> int:
    system = epsg or raw.epsg
    if system is None:
        sentence = gettext(
            "The file does not say in which coordinate system it is, or not by a code or a name that is known. "
            "Give its EPSG number, for example 25832."
        )
        raise BoundaryFileError(sentence, option="--crs EPSG:…")
    return system


def _crs_notes(raw: RawFile, epsg: int | None) -> list[str]:
    if epsg is None or raw.epsg in {None, epsg}:
        return []
    sentence = gettext("The file declares EPSG:%(declared)s; it was read as EPSG:%(epsg)s, as you said.")
    return [sentence % {"declared": raw.epsg, "epsg": epsg}]


def _with_areas(
    features: list[RawFeature], notes: list[str]
) -> list[tuple[RawFeature, shapely.MultiPolygon]]:
    """Keep the features that have an area; note the others."""
    areas = [
        (feature, polygons_of(feature.shape, gettext("Feature %(place)s") % {"place": feature.place}))
        for feature in features
    ]
    kept = [(feature, area) for feature, area in areas if not area.is_empty]
    if not kept:
        raise BoundaryFileError(
            gettext("The file has no areas: none of its %(count)s features is a polygon.")
            % {"count": len(features)}
        )
    notes.extend(
        gettext("Feature %(place)s has no area and was left out.") % {"place": feature.place}
        for feature, area in areas
        if area.is_empty
    )
    return kept


def _refuse_many_points(kept: list[tuple[RawFeature, shapely.MultiPolygon]]) -> None:
    points = int(shapely.get_num_coordinates([area for _feature, area in kept]).sum())
    if points > MAX_VERTICES:
        sentence = gettext(
            "The file has %(points)s points; %(limit)s is the most that can be imported. "
            "Simplify the borders."
        )
        raise BoundaryFileError(sentence % {"points": f"{points:,}", "limit": f"{MAX_VERTICES:,}"})


def _called(label: Labels) -> str:
    return gettext("Sector %(sector)s") % {"sector": f"{label.number} {label.name}".strip()}


def _drawn(label: Labels, area: shapely.MultiPolygon, notes: list[str]) -> DrawnArea:
    mended, note = repaired(area, _called(label))
    if note:
        notes.append(note)
    return DrawnArea(label.number, label.name, label.district, mended)
