"""GeoPackage: an SQLite file. Read by SQLite itself, in a connection that can do nothing but read tables.

A GeoPackage is a database that somebody else made: a view or a generated column in it could compute for ever.
So only plain columns of plain tables are read, functions are denied, and the whole has a limit in time, in bytes
and in points: many rows may claim the same bytes of the file.
"""

from __future__ import annotations

import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import numpy
import shapely
from django.utils.translation import gettext
from shapely.geometry.base import BaseGeometry

from sectors.boundaries.files.errors import BoundaryFileError
from sectors.boundaries.files.raw import MAX_FEATURES, MAX_FILE_BYTES, MAX_VERTICES, RawFeature, RawFile
from sectors.boundaries.files.shapes import drawn_with_curves
from sectors.boundaries.files.wkb import TooManyPoints, counted

MAGIC = b"SQLite format 3\x00"
SECONDS = 30.0
# How many bytes of bounding box follow the eight of the header, by the envelope code in its flags.
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_AREA_TYPES = {
    "POLYGON", "MULTIPOLYGON", "GEOMETRY", "GEOMETRYCOLLECTION",
    "CURVEPOLYGON", "MULTISURFACE", "SURFACE", "GEOMCOLLECTION",
}  # fmt: skip
_HARMLESS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}


def read_geopackage(path: Path, *, layer: str | None = None) -> RawFile:
    """Read the layer of areas: the only one, or the one named. Raises BoundaryFileError."""
    _refuse_unfinished(path)
    try:
        with _opened(path) as database:
            table, column, epsg = _layer(database, layer)
            return RawFile(list(_features(database, table, column)), epsg)
    except (sqlite3.Error, struct.error, UnicodeDecodeError) as error:
        sentence = gettext(
            "The GeoPackage cannot be read (%(reason)s). Is it cut off? Export or download it again."
        )
        raise BoundaryFileError(sentence % {"reason": error}) from None


def _refuse_unfinished(path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        sentence = gettext("%(file)s is open in another program. Close it there, then import it.")
        raise BoundaryFileError(sentence % {"file": path.name})


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(
        sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
    ) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_FILE_BYTES)
        database.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in _HARMLESS else sqlite3.SQLITE_DENY
        )
        ends = time.monotonic() + SECONDS
        database.set_progress_handler(lambda: time.monotonic() > ends, 100_000)
        yield database


def _layer(database: sqlite3.Connection, wanted: str | None) -> tuple[str, str, int | None]:
    """Return table, geometry column and declared EPSG code of the layer to read."""
    plain = {
        name
        for name, definition in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if str(definition).upper().startswith("CREATE TABLE")
    }
    layers = {
        str(table): (str(table), str(column), _epsg(database, srs))
        for table, column, srs, kind in database.execute(
            "SELECT table_name, column_name, srs_id, geometry_type_name FROM gpkg_geometry_columns"
        ).fetchmany(1000)
        if table in plain and str(kind).upper() in _AREA_TYPES and column in _columns(database, table)
    }
    if wanted in layers:
        return layers[wanted]
    if len(layers) == 1 and wanted is None:
        return next(iter(layers.values()))
    if not layers:
        raise BoundaryFileError(gettext("The GeoPackage has no table of areas."))
    sentence = gettext("The GeoPackage has the layers %(layers)s. Choose one, or export one alone.")
    raise BoundaryFileError(sentence % {"layers": ", ".join(sorted(layers))[:500]}, option="--layer LAYER")


def _epsg(database: sqlite3.Connection, srs: object) -> int | None:
    rows = database.execute(
        "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?", [srs]
    )
    organisation, code = rows.fetchone() or ("", None)
    return code if str(organisation).upper() == "EPSG" and isinstance(code, int) else None


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    """Return the stored columns of `table`; this pragma leaves generated and hidden ones out."""
    return [row[1] for row in database.execute(f"PRAGMA table_info({_quoted(table)})")]


def _features(database: sqlite3.Connection, table: str, geometry: str) -> Iterator[RawFeature]:
    fields = [column for column in _columns(database, table) if column != geometry]
    selected = ", ".join(_quoted(column) for column in [geometry, *fields])
    query = f"SELECT {selected} FROM {_quoted(table)} LIMIT {MAX_FEATURES + 1}"  # noqa: S608  # names are quoted
    budget = _Budget()
    for place, (blob, *values) in enumerate(database.execute(query), 1):
        if place > MAX_FEATURES:
            sentence = gettext("The file has more than %(limit)s areas, the most that can be imported.")
            raise BoundaryFileError(sentence % {"limit": MAX_FEATURES})
        budget.take_bytes(blob, *values)
        yield RawFeature(place, dict(zip(fields, values, strict=True)), _shape(blob, place, budget))


class _Budget:
    """What all rows together may still have: no more bytes than a file, no more points than a map."""

    def __init__(self) -> None:
        self.bytes, self.points = MAX_FILE_BYTES, MAX_VERTICES

    def take_bytes(self, *values: object) -> None:
        """Raises BoundaryFileError when the rows read so far have more than the largest file has."""
        self.bytes -= sum(len(value) for value in values if isinstance(value, bytes | str))
        if self.bytes < 0:
            sentence = gettext(
                "The rows of the GeoPackage have more than %(limit)s MB. Export the sectors alone and try again."
            )
            raise BoundaryFileError(sentence % {"limit": MAX_FILE_BYTES // 2**20})

    def take_points(self, wkb: bytes) -> None:
        """Raises BoundaryFileError above the limit, and ValueError as `wkb.counted` does."""
        try:
            self.points -= counted(wkb, limit=self.points)
        except TooManyPoints:
            sentence = gettext("The file has more than %(limit)s points. Simplify the borders and try again.")
            raise BoundaryFileError(sentence % {"limit": f"{MAX_VERTICES:,}"}) from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _shape(blob: object, place: int, budget: _Budget) -> BaseGeometry | None:
    """Take the GeoPackage header off and read the well-known binary behind it (GeoPackage 1.3, 2.1.3)."""
    if blob is None:
        return None
    try:
        if not isinstance(blob, bytes) or blob[:2] != b"GP":
            raise ValueError("no GeoPackage geometry")
        wkb = blob[8 + _ENVELOPE_BYTES[blob[3] >> 1 & 0b111] :]
        budget.take_points(wkb)
        # A position that is no number is told later, with the sector's name.
        with numpy.errstate(invalid="ignore"):
            return shapely.from_wkb(wkb)
    except BoundaryFileError:
        raise
    except NotImplementedError:
        # Shapely has no curves, and says so in this way.
        raise BoundaryFileError(drawn_with_curves(gettext("Feature %(place)s") % {"place": place})) from None
    except (ValueError, KeyError, IndexError, shapely.errors.ShapelyError):
        sentence = gettext("The geometry of feature %(place)s cannot be read. Export the file again.")
        raise BoundaryFileError(sentence % {"place": place}) from None
