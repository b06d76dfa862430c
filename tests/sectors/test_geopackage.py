"""GeoPackages made to bring the reader down: refused with a sentence, in bounded time and memory."""

import sqlite3
import struct
import time
import tracemalloc
from contextlib import closing

import pytest
import shapely

from sectors.boundaries.files import BoundaryFileError, read_boundaries
from sectors.boundaries.files.geopackage import read_geopackage
from sectors.boundaries.files.wkb import TooManyPoints, counted
from tests.sectors.boundary_writing import box, three_sectors, write

HEADER = b"GP\x00\x01\x00\x00\x00\x00"
SQUARE = shapely.Polygon(box(0, 0, 1, 1)[0])


def drawing(path, *geometries):
    """Write a GeoPackage by SQLite alone, in degrees, with a sector for each geometry (WKB)."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id);"
            "INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326);"
            "CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id, geometry_type_name);"
            "INSERT INTO gpkg_geometry_columns VALUES ('sectors', 'geom', 4326, 'GEOMETRY');"
            "CREATE TABLE sectors (nr INTEGER, geom BLOB, unused);"
        )
        rows = enumerate((HEADER + wkb for wkb in geometries), 1)
        database.executemany("INSERT INTO sectors VALUES (?, ?, NULL)", rows)
        database.commit()
    return path


def collection(count: int) -> bytes:
    return b"\x01" + struct.pack("<II", 7, count)


def refusal(path) -> str:
    with pytest.raises(BoundaryFileError) as refused:
        read_boundaries(path)
    return str(refused.value)


def test_million_collections_within_one_another_are_refused(tmp_path):
    """Nine megabytes; the library would call itself once for each, until the process dies."""
    path = drawing(tmp_path / "a.gpkg", collection(1) * 1_000_000 + SQUARE.wkb)
    assert "feature 1 cannot be read" in refusal(path)


@pytest.mark.parametrize(("depth", "is_read"), [(8, True), (12, False)])
def test_collections_are_taken_apart_to_a_small_depth(tmp_path, depth, is_read):
    path = drawing(tmp_path / "a.gpkg", collection(1) * depth + SQUARE.wkb)
    if is_read:
        assert read_boundaries(path).areas[0].area.equals(SQUARE)
    else:
        assert "cannot be read" in refusal(path)


@pytest.mark.parametrize("byte_order", [0, 1])
@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("dimensions", ["{}", "{} Z", "{} M", "{} ZM"])
@pytest.mark.parametrize("kind", ["POLYGON {0}", "MULTIPOLYGON ({0})"])
def test_every_form_of_polygon_is_read(tmp_path, kind, dimensions, flavor, byte_order):
    name, rings = kind.split(" ", 1)
    extra = " 7" * (len(dimensions) - 3 if len(dimensions) > 2 else 0)
    ring = ", ".join(f"{x} {y}{extra}" for x, y in SQUARE.exterior.coords)
    shape = shapely.from_wkt(dimensions.format(name) + " " + rings.format(f"(({ring}))"))
    shape = shapely.set_srid(shape, 4326)
    wkb = shapely.to_wkb(
        shape, output_dimension=4, byte_order=byte_order, flavor=flavor, include_srid=flavor == "extended"
    )
    [area] = read_boundaries(drawing(tmp_path / "a.gpkg", wkb)).areas
    assert area.area.equals(SQUARE)


def test_curves_are_refused_by_their_name(tmp_path):
    # CURVEPOLYGON of one CIRCULARSTRING.
    points = struct.pack("<6d", 12.48, 55.69, 12.49, 55.7, 12.48, 55.69)
    curved = b"\x01" + struct.pack("<II", 10, 1) + b"\x01" + struct.pack("<II", 8, 3) + points
    assert "curves" in refusal(drawing(tmp_path / "a.gpkg", curved))


@pytest.mark.parametrize(
    "wkb",
    [
        b"",
        b"\x02" + struct.pack("<II", 3, 0),
        b"\x01" + struct.pack("<I", 3),
        b"\x01" + struct.pack("<II", 3, 4_000_000_000),
        b"\x01" + struct.pack("<III", 3, 1, 4_000_000_000),
        b"\x01" + struct.pack("<II", 6, 4_000_000_000),
        b"\x01" + struct.pack("<II", 17, 0),
        b"\x01" + struct.pack("<II", 4003, 0),
        SQUARE.wkb[:-1],
    ],
)
def test_blob_that_is_no_geometry_is_refused(tmp_path, wkb):
    assert "feature 1 cannot be read" in refusal(drawing(tmp_path / "a.gpkg", wkb))


def test_points_rings_and_parts_are_counted():
    assert counted(SQUARE.wkb, limit=7) == 7  # the polygon, its ring, five points
    with pytest.raises(TooManyPoints):
        counted(SQUARE.wkb, limit=6)


def test_millions_of_empty_parts_are_refused(tmp_path):
    empty = b"\x01" + struct.pack("<II", 3, 0)
    path = drawing(tmp_path / "a.gpkg", b"\x01" + struct.pack("<II", 6, 3_000_000) + empty * 3_000_000)
    assert "points" in refusal(path)


def test_points_of_all_rows_count_together(tmp_path, monkeypatch):
    monkeypatch.setattr("sectors.boundaries.files.geopackage.MAX_VERTICES", 14)
    assert len(read_geopackage(drawing(tmp_path / "a.gpkg", SQUARE.wkb, SQUARE.wkb)).features) == 2
    with pytest.raises(BoundaryFileError, match="points"):
        read_geopackage(drawing(tmp_path / "b.gpkg", SQUARE.wkb, SQUARE.wkb, SQUARE.wkb))


def altered(path, *statements):
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


TWO_THOUSAND_ROWS = (
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 2000) "
    "INSERT INTO sectors (nr) SELECT n FROM r"
)


@pytest.mark.parametrize("kind", ["VIRTUAL", "STORED"])
def test_geometry_that_the_file_computes_is_not_read(tmp_path, kind):
    """A few kilobytes, put together by operators, could become megabytes in each of ten thousand rows."""
    path = altered(
        drawing(tmp_path / "a.gpkg"),
        "DROP TABLE sectors",
        f"CREATE TABLE sectors (nr INTEGER, part BLOB, geom BLOB AS (part || x'00') {kind})",
        f"INSERT INTO sectors (nr, part) VALUES (1, x'{(HEADER + SQUARE.wkb).hex()}')",  # a test's
    )
    assert "no table of areas" in refusal(path)


@pytest.mark.parametrize(("column", "reason"), [("geom", "2,000,000 points"), ("navn", "more than 128 MB")])
def test_rows_that_share_one_large_default_are_refused(tmp_path, column, reason):
    """A column that was added later costs its default once in the file, and in every row that is read."""
    line = HEADER + shapely.LineString([(12.48, 55.69), (12.49, 55.7)] * 30_000).wkb
    default = {"geom": f"x'{line.hex()}'", "navn": f"'{'x' * 1_000_000}'"}[column]
    path = altered(
        drawing(tmp_path / "a.gpkg"),
        f"ALTER TABLE sectors DROP COLUMN {'geom' if column == 'geom' else 'unused'}",
        TWO_THOUSAND_ROWS,
        f"ALTER TABLE sectors ADD COLUMN {column} DEFAULT {default}",
    )
    tracemalloc.start()
    before = time.monotonic()
    sentence = refusal(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reason in sentence
    assert peak < 200 * 2**20
    assert time.monotonic() - before < 10


def test_ordinary_geopackage_is_read_as_before(tmp_path):
    assert len(read_boundaries(write(tmp_path / "a.gpkg", three_sectors(), "GPKG")).areas) == 3
