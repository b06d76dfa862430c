"""The sectors as GeoJSON for the public maps: simplified, with the officers' names."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import shapely
from django.conf import settings
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape

from contacts.listing import Row, answers_of, rows_of
from sectors import division
from sectors.division import Division, PublicSector

# Degrees within which a sector's number stands in the middle of its widest part.
LABEL_TOLERANCE = 1e-4
# Half of what a map of a place near a border shows, in degrees.
WINDOW = 6e-4


@dataclass(frozen=True, slots=True)
class Document:
    """The features of all sectors, ready to be sent plain or compressed."""

    facts: tuple[Division, Hashable]
    body: bytes
    compressed: bytes
    etag: str

    @classmethod
    def of(cls, current: Division, rows: Sequence[Row]) -> Document:
        body = orjson.dumps(features_of(current, rows))
        # Weak: the plain and the compressed form say the same.
        return cls(
            _facts(current, rows),
            body,
            gzip.compress(body, 6),
            f'W/"{hashlib.sha256(body).hexdigest()[:24]}"',
        )


def _facts(current: Division, rows: Iterable[Row]) -> tuple[Division, Hashable]:
    return current, tuple(row.answer.officer for row in rows)


_lock = threading.Lock()
_latest: Document | None = None
_checked_at = float("-inf")


def document() -> Document:
    """Return the document as of now; who answers for each sector is asked once a second at most.

    Drawing thousands of sectors takes a second, comparing their officers milliseconds, so it is kept.
    """
    global _latest, _checked_at  # noqa: PLW0603  # one copy in the process, exchanged under the lock
    current = division.current()
    latest = _latest
    fresh = time.monotonic() - _checked_at < settings.REGISTER_RECHECK_SECONDS
    if latest is not None and fresh and latest.facts[0] is current:
        return latest
    with _lock:
        rows = rows_of(current.sectors, answers_of(current.sectors))
        if _latest is None or _latest.facts != _facts(current, rows):
            _latest = Document.of(current, rows)
        _checked_at = time.monotonic()
        return _latest


def features_of(
    current: Division, rows: Iterable[Row], *, around: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Return a FeatureCollection (degrees, EPSG:4326) of sectors of the division `current`.

    Their numbers stand near the point `around` (longitude, latitude), in their midst by default.
    """
    window = shapely.Point(around).buffer(WINDOW) if around else None
    hues = _hues(current)
    return {
        "type": "FeatureCollection",
        "features": [_feature(current, row, hues, window) for row in rows],
    }


def _feature(
    current: Division, row: Row, hues: dict[tuple[str, str], int], window: Polygon | None
) -> dict[str, Any]:
    sector = row.sector
    outline = current.outline(sector)
    return {
        "type": "Feature",
        "id": sector.slug,
        "geometry": outline,
        "properties": {
            "slug": sector.slug,
            "number": sector.number,
            "name": sector.name,
            "district": sector.district.name,
            "station": sector.station.name,
            "officer": row.answer.officer.name if row.answer.officer else None,
            "hue": hues[_district_key(sector)],
            "label": _label_near(outline, window) if window else _label(current, sector, outline),
        },
    }


def _polygons(outline: dict[str, Any]) -> MultiPolygon | Polygon:
    area = shape(outline)
    if not isinstance(area, MultiPolygon | Polygon):
        raise TypeError(f"The outline of a sector is a {area.geom_type}.")
    return area


def _hues(current: Division) -> dict[tuple[str, str], int]:
    """Number the districts, so that the map can tell them apart by colour."""
    keys = sorted({_district_key(sector) for sector in current.sectors})
    return {key: number for number, key in enumerate(keys)}


def _district_key(sector: PublicSector) -> tuple[str, str]:
    return sector.station.slug, sector.district.slug


# Where each sector's number stands, by division: finding it takes half a millisecond, and only a new border moves it.
_labels: WeakKeyDictionary[Division, dict[int, list[float]]] = WeakKeyDictionary()


def _label(current: Division, sector: PublicSector, outline: dict[str, Any]) -> list[float]:
    known = _labels.setdefault(current, {})
    if sector.id not in known:
        known[sector.id] = _middle(_polygons(outline))
    return known[sector.id]


def _label_near(outline: dict[str, Any], window: Polygon) -> list[float]:
    """Return where the number stands in the part of the sector that is seen through the window."""
    area = _polygons(outline)
    seen = shapely.intersection(area, window)
    # Where a sector only touches the window, there is a line in common, or a point.
    return _middle(seen if isinstance(seen, MultiPolygon | Polygon) and not seen.is_empty else area)


def _middle(area: MultiPolygon | Polygon) -> list[float]:
    """Return longitude and latitude of the middle of an area's widest part."""
    # The circle's answer is a line from its middle to its edge.
    lon, lat = shapely.maximum_inscribed_circle(area, tolerance=LABEL_TOLERANCE).coords[0]
    return [round(lon, 5), round(lat, 5)]
