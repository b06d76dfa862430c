"""Boundary files that are right, in every format, and in every way that a file can be wrong."""

import contextlib
import json
import math
import sqlite3
import struct
import time
import tracemalloc
import zipfile
from contextlib import closing

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sectors.boundaries.files import MAX_VERTICES, BoundaryFileError, FieldNames, read_boundaries
from sectors.boundaries.files.crs import epsg_of_name, epsg_of_wkt
from sectors.boundaries.files.fields import whole_number
from sectors.boundaries.files.geojson import read_geojson
from tests.sectors.boundary_writing import (
    SIDE,
    SOUTH,
    WEST,
    box,
    collection,
    feature,
    polygon,
    three_sectors,
    write,
    write_geojson,
)


@pytest.fixture
def geojson(tmp_path):
    """Return a function that writes a document and returns its path."""
    return lambda document: write_geojson(tmp_path / "sectors.geojson", document)


def read(path, **reading):
    return read_boundaries(path, **reading).areas


def refusal(path, **reading) -> str:
    with pytest.raises(BoundaryFileError) as refused:
        read_boundaries(path, **reading)
    return f"{refused.value} {refused.value.option}"


def close_to(area, rings) -> bool:
    """Tell whether an area is the one drawn, to a hundredth of a square metre."""
    return area.symmetric_difference(shapely.Polygon(rings[0], rings[1:])).area < 1e-12


def assert_three_sectors(areas) -> None:
    assert [(area.number, area.name, area.district) for area in areas] == [
        (1, "Ærø", "Nord"),
        (2, "Bellahøj", "Nord"),
        (3, "Tingbjerg", "Syd"),
    ]
    assert all(close_to(area.area, box(column, 0, column + 1, 1)) for column, area in enumerate(areas))


# --- Formats and coordinate systems -------------------------------------------------------------


def test_geojson_is_read(geojson):
    assert_three_sectors(read(geojson(three_sectors())))


@pytest.mark.parametrize("epsg", [25832, 4258, 3857, 4326])
def test_geopackage_is_read_in_the_system_it_declares(tmp_path, epsg):
    assert_three_sectors(read(write(tmp_path / "a.gpkg", three_sectors(), "GPKG", epsg=epsg)))


@pytest.mark.parametrize("epsg", [25832, 25833, 32632, 4326, 3006, 27700])
def test_shapefile_is_read_in_the_system_it_declares(tmp_path, epsg):
    path = write(tmp_path / "a.shp", three_sectors(), "ESRI Shapefile", "-lco", "ENCODING=UTF-8", epsg=epsg)
    assert_three_sectors(read(path))


def test_shapefile_in_latin_1_keeps_its_letters(tmp_path):
    path = write(tmp_path / "a.shp", three_sectors(), "ESRI Shapefile", "-lco", "ENCODING=ISO-8859-1")
    assert read(path)[0].name == "Ærø"


def zipped(path, *, folder="", left_out=()):
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for sibling in sorted(path.parent.glob(f"{path.stem}.*")):
            if sibling != target and sibling.suffix not in left_out:
                archive.write(sibling, folder + sibling.name)
    return target


@pytest.fixture
def shapefile(tmp_path):
    return write(tmp_path / "a.shp", three_sectors(), "ESRI Shapefile", "-lco", "ENCODING=UTF-8")


@pytest.mark.parametrize("folder", ["", "export/2027/", "../../"])
def test_zipped_shapefile_is_read_wherever_it_lies_in_the_zip(shapefile, folder):
    assert_three_sectors(read(zipped(shapefile, folder=folder)))


def test_content_decides_about_the_format_not_the_name(tmp_path):
    path = write(tmp_path / "a.gpkg", three_sectors(), "GPKG").rename(tmp_path / "a.geojson")
    assert_three_sectors(read(path))


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:EPSG::25832", "EPSG:25832", "http://www.opengis.net/def/crs/EPSG/0/25832"]
)
def test_old_geojson_declares_its_system(tmp_path, name):
    crs = {"type": "name", "properties": {"name": name}}
    metres = [[[717000, 6177000], [718000, 6177000], [718000, 6178000], [717000, 6177000]]]
    path = write_geojson(tmp_path / "a.geojson", collection(feature(metres, nr=1, navn="A"), crs=crs))
    [area] = read(path)
    assert 12.4 < area.area.centroid.x < 12.6
    assert 55.6 < area.area.centroid.y < 55.8


@pytest.mark.parametrize(
    ("text", "epsg"),
    [
        ("urn:ogc:def:crs:EPSG:6.9:25832", 25832),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("http://www.opengis.net/gml/srs/epsg.xml#3006", 3006),
        ("epsg:4258", 4258),
        ("Bornholm 1900", None),
        ("", None),
    ],
)
def test_names_of_coordinate_systems(text, epsg):
    assert epsg_of_name(text) == epsg


@pytest.mark.parametrize(
    ("definition", "epsg"),
    [
        ('PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4258"]],AUTHORITY["EPSG","25833"]]', 25833),
        ('PROJCRS["x",BASEGEOGCRS["y"],ID["EPSG",25832]]', 25832),
        ('PROJCS["ETRS_1989_UTM_Zone_33N",GEOGCS["GCS_ETRS_1989"]]', 25833),
        ('PROJCS["WGS_1984_UTM_Zone_61N",GEOGCS["GCS_WGS_1984"]]', None),
        ('PROJCS["My_own",GEOGCS["y",AUTHORITY["EPSG","4258"]],UNIT["Meter",1.0]]', None),
        ("", None),
    ],
)
def test_definitions_of_coordinate_systems_are_known_by_code_or_name(definition, epsg):
    assert epsg_of_wkt(definition) == epsg


def test_system_is_asked_for_where_the_file_is_silent(shapefile):
    shapefile.with_suffix(".prj").unlink()
    assert "--crs" in refusal(shapefile)
    assert_three_sectors(read(shapefile, epsg=25832))


def test_system_asked_for_goes_before_the_declared_one(tmp_path):
    document = three_sectors() | {"crs": {"type": "name", "properties": {"name": "EPSG:25832"}}}
    drawn = read_boundaries(write_geojson(tmp_path / "a.geojson", document), epsg=4326)
    assert_three_sectors(drawn.areas)
    assert "EPSG:25832" in drawn.notes[0]


@pytest.mark.parametrize("epsg", [5799, 999999, 4978])
def test_system_that_is_none_for_a_map_is_refused(geojson, epsg):
    assert f"EPSG:{epsg}" in refusal(geojson(three_sectors()), epsg=epsg)


def test_layer_is_asked_for_where_there_are_several(tmp_path):
    path = write(tmp_path / "a.gpkg", three_sectors(), "GPKG", "-nln", "north")
    other = write(tmp_path / "b.gpkg", three_sectors(), "GPKG", "-nln", "south")
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            f"ATTACH '{other}' AS b; CREATE TABLE south AS SELECT * FROM b.south;"  # a test's
            "INSERT INTO gpkg_geometry_columns SELECT * FROM b.gpkg_geometry_columns;"
        )
    assert "north, south" in refusal(path)
    assert_three_sectors(read(path, layer="south"))


# --- Fields -------------------------------------------------------------------------------------


def one(geojson, **properties):
    return read(geojson(collection(feature(box(0, 0, 1, 1), **properties))))[0]


def test_sector_number_goes_before_code_and_id(geojson):
    area = one(geojson, id=9, code="21003", sector=1, name="Bispebjerg", bydel="Nord")
    assert (area.number, area.name, area.district) == (1, "Bispebjerg", "Nord")


def test_field_without_any_number_is_passed_over(geojson):
    assert one(geojson, sector="Nordvest", code="7002", name="Helligånds").number == 7002


def test_fields_are_known_whatever_their_case(geojson):
    area = one(geojson, SEKTOR="07", Sektornavn="A", Lokalpoliti="B")
    assert (area.number, area.name, area.district) == (7, "A", "B")


def test_other_fields_can_be_named(geojson):
    path = geojson(collection(feature(box(0, 0, 1, 1), zone=4, betegnelse="A", sted="B", nr=1)))
    [area] = read(path, fields=FieldNames("Zone", "betegnelse", "sted"))
    assert (area.number, area.name, area.district) == (4, "A", "B")
    assert "betegnelse, nr, sted, zone" in refusal(path, fields=FieldNames(number="nummer"))


def test_feature_without_a_number_is_named(geojson):
    path = geojson(collection(feature(box(0, 0, 1, 1), nr=1), feature(box(1, 0, 2, 1), nr="", navn="Husum")))
    assert "Feature 2 (Husum) has no number" in refusal(path)


def test_file_without_numbers_asks_for_the_field(geojson):
    assert "--number-field" in refusal(geojson(collection(feature(box(0, 0, 1, 1), navn="Husum"))))


def test_running_numbers_of_programs_are_no_sector_numbers(tmp_path):
    document = collection(feature(box(0, 0, 1, 1), navn="Husum"))
    assert "--number-field" in refusal(write(tmp_path / "a.gpkg", document, "GPKG"))


def test_names_lose_control_characters_and_line_breaks(geojson):
    assert one(geojson, nr=1, name=" Nord\x00\n  vest\u2028 ").name == "Nord vest"


def test_endless_name_is_refused(geojson):
    path = geojson(collection(feature(box(0, 0, 1, 1), nr=1, name="x" * 100_000)))
    assert "longer than 150" in refusal(path)


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, 7), ("007", 7), (7.0, 7), ("7.0", 7), (0, 0), (" 12 ", 12)]
    + [(value, None) for value in ("", None, True, 7.5, -1, "F71", "1e3", float("nan"), 3_000_000_000, "٣")],
)
def test_whole_numbers(value, number):
    assert whole_number(value) == number


# --- Shapes -------------------------------------------------------------------------------------


def ring(*points):
    """Return a closed ring of points in sides, counted as the boxes are."""
    return [[WEST + x * SIDE, SOUTH + y * SIDE] for x, y in (*points, points[0])]


def test_height_is_dropped_and_collections_are_taken_apart(geojson):
    high = [[[*position, 12.5] for position in positions] for positions in box(0, 0, 1, 1)]
    geometry = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [WEST, SOUTH]},
            {"type": "GeometryCollection", "geometries": [polygon(high)]},
        ],
    }
    [area] = read(geojson(collection(feature(geometry, nr=1))))
    assert not area.area.has_z
    assert close_to(area.area, box(0, 0, 1, 1))


def test_height_in_a_geopackage_is_dropped(tmp_path):
    high = [[[*position, 12.5] for position in positions] for positions in box(0, 0, 1, 1)]
    [area] = read(write(tmp_path / "a.gpkg", collection(feature(high, nr=1)), "GPKG"))
    assert not area.area.has_z


def test_feature_without_an_area_is_left_out_and_said(geojson):
    point = {"type": "Point", "coordinates": [WEST, SOUTH]}
    path = geojson(collection(feature(point, nr=1), feature(box(0, 0, 1, 1), nr=2), feature(None, nr=3)))
    drawn = read_boundaries(path)
    assert [area.number for area in drawn.areas] == [2]
    assert len(drawn.notes) == 2


UNAMBIGUOUS = {
    "spike": [ring((0, 0), (1, 0), (1, 0.5), (1.5, 0.5), (1, 0.5), (1, 1), (0, 1))],
    "touches itself in a point": [ring((0, 0), (2, 0), (2, 1), (1, 0.0), (0, 1))],
    "hole drawn as part of the border": [
        ring((0, 0), (2, 0), (2, 2), (0, 2), (0, 1), (0.5, 1.2), (1, 1), (0.5, 0.8), (0, 1))
    ],
    "hole along the border": [box(0, 0, 2, 2)[0], ring((0, 0.5), (0.5, 0.5), (0.5, 1), (0, 1))],
}


@pytest.mark.parametrize("drawing", UNAMBIGUOUS)
def test_ring_with_one_reading_is_repaired_and_said(geojson, drawing):
    drawn = read_boundaries(geojson(collection(feature(UNAMBIGUOUS[drawing], nr=1, navn="Husum"))))
    assert drawn.areas[0].area.is_valid
    assert "1 Husum" in drawn.notes[0]
    assert "repaired" in drawn.notes[0]


def test_repeated_points_need_no_repair(geojson):
    drawn = read_boundaries(geojson(collection(feature([ring((0, 0), (1, 0), (1, 0), (1, 1))], nr=1))))
    assert drawn.notes == []


AMBIGUOUS = {
    "bow tie": [ring((0, 0), (1, 1), (1, 0), (0, 1))],
    "loop": [ring((0, 0), (2, 0), (2, 1), (0.9, 1), (0.9, -0.2), (1.1, -0.2), (1.1, 1.1), (0, 1.1))],
    "twice around": [ring((0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (1, 0), (1, 1), (0, 1))],
    "hole outside": [box(0, 0, 1, 1)[0], box(3, 0, 4, 1)[0]],
}


@pytest.mark.parametrize("drawing", AMBIGUOUS)
def test_border_that_crosses_itself_is_refused(geojson, drawing):
    assert "Sector 1 Husum crosses itself" in refusal(
        geojson(collection(feature(AMBIGUOUS[drawing], nr=1, navn="Husum")))
    )


def test_place_of_the_crossing_is_told(geojson):
    sentence = refusal(geojson(collection(feature(AMBIGUOUS["bow tie"], nr=1))))
    assert "longitude 12.485000, latitude 55.695000" in sentence


def test_parts_of_a_sector_that_overlap_are_refused(geojson):
    geometry = {"type": "MultiPolygon", "coordinates": [box(0, 0, 1, 1), box(0.5, 0, 2, 1)]}
    assert "crosses itself" in refusal(geojson(collection(feature(geometry, nr=1))))


def test_line_drawn_as_an_area_is_refused(geojson):
    assert refusal(geojson(collection(feature([ring((0, 0), (1, 0), (2, 0))], nr=1))))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1, allow_nan=False), st.floats(0, 1, allow_nan=False)), min_size=3, max_size=12
    )
)
def test_any_ring_is_valid_afterwards_or_refused(tmp_path_factory, points):
    path = write_geojson(
        tmp_path_factory.getbasetemp() / "any.geojson", collection(feature([ring(*points)], nr=1))
    )
    try:
        [area] = read(path)
    except BoundaryFileError:
        return
    assert area.area.is_valid
    assert not area.area.is_empty


# --- Coordinates that cannot be right -----------------------------------------------------------


def with_corner(x, y):
    rings = [[WEST, SOUTH], [WEST + SIDE, SOUTH], [x, y], [WEST, SOUTH]]
    return collection(feature([rings], nr=1, navn="Husum"))


def test_metres_that_are_said_to_be_degrees_get_the_likely_system(geojson):
    metres = [[[717000, 6177000], [718000, 6177000], [718000, 6178000], [717000, 6177000]]]
    path = geojson(collection(feature(metres, nr=1)))
    assert "--crs EPSG:25832" in refusal(path)
    assert read(path, epsg=25832)[0].area.is_valid


def test_swapped_latitude_and_longitude_are_said(geojson):
    swapped = [[[y, x] for x, y in positions] for positions in box(0, 0, 1, 1)]
    assert "wrong order" in refusal(geojson(collection(feature(swapped, nr=1))))


def test_swapped_easting_and_northing_are_said(geojson):
    swapped = [[[6177000, 717000], [6177000, 718000], [6178000, 718000], [6177000, 717000]]]
    assert "wrong order" in refusal(geojson(collection(feature(swapped, nr=1))), epsg=25832)


def test_area_elsewhere_on_earth_is_refused(geojson):
    assert "outside the area that this site serves" in refusal(geojson(with_corner(-70, 40)))


@pytest.mark.parametrize("x", [181, -1e300, 1e17])
def test_coordinates_out_of_range_are_refused(geojson, x):
    assert "Sector 1 Husum" in refusal(geojson(with_corner(x, 55.7)))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", '"12.5"', "[12.5]", "null", "{}", "true"])
def test_coordinate_that_is_no_number_is_refused(tmp_path, value):
    path = tmp_path / "a.geojson"
    text = json.dumps(with_corner(987.5, 55.7)).replace("987.5", value)
    path.write_text(text)
    assert refusal(path)


def test_coordinate_that_is_not_a_number_in_binary_is_refused(tmp_path):
    path = write(tmp_path / "a.gpkg", three_sectors(), "GPKG", "-nln", "sectors")
    with closing(sqlite3.connect(path)) as database:
        # GDAL's triggers keep the spatial index, by functions that SQLite has not.
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        [(blob,)] = database.execute("SELECT geom FROM sectors LIMIT 1")
        # The second of five positions of sixteen bytes.
        broken = blob[:-64] + struct.pack("<d", float("nan")) + blob[-56:]
        database.execute("UPDATE sectors SET geom = ?", [broken])
        database.commit()
    assert "not a finite number" in refusal(path)


# --- Files that are broken or hostile -----------------------------------------------------------


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.zip", "a"])
@pytest.mark.parametrize("content", [b"", b" \n"])
def test_empty_file_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert "is empty" in refusal(path)


def test_missing_file_and_folder_are_refused(tmp_path):
    assert "There is no file" in refusal(tmp_path / "none.geojson")
    assert "There is no file" in refusal(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>",
        b"<?xml version='1.0'?><kml/>",
        b"\x89PNG\r\n\x1a\n",
        b"sector;name\n1;Husum\n",
    ],
)
@pytest.mark.parametrize("name", ["a.vrt", "a.gpkg", "a.shp", "a.geojson"])
def test_other_formats_are_never_opened(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path)


def test_geojson_that_is_cut_off_is_refused(tmp_path):
    path = tmp_path / "a.geojson"
    content = json.dumps(three_sectors()).encode()
    for length in range(1, len(content), 37):
        path.write_bytes(content[:length])
        assert "cut off" in refusal(path)


def test_geojson_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes(json.dumps(three_sectors(), ensure_ascii=False).encode("latin-1"))
    assert "not UTF-8" in refusal(path)
    path.write_bytes(json.dumps(three_sectors()).encode("utf-16"))
    assert "not UTF-8" in refusal(path)


def test_geojson_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes(json.dumps(three_sectors()).encode("utf-8-sig"))
    assert_three_sectors(read(path))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"type": "Topology", "objects": {}},
        {"type": "FeatureCollection"},
        {"type": "FeatureCollection", "features": {}},
        collection(),
        collection(None, 7, "feature", []),
        collection(feature({"type": "Polygon"}, nr=1)),
        collection(feature({"type": "Polygon", "coordinates": 7}, nr=1)),
        collection(feature({"type": "Polygon", "coordinates": [[]]}, nr=1)),
        collection(feature({"type": "MultiPolygon", "coordinates": [7]}, nr=1)),
        collection(feature({"type": "GeometryCollection", "geometries": [7]}, nr=1)),
        collection(feature([[[1, 2], [3, 4]]], nr=1)),
        collection(feature([[[1, 2], [3], [4, 5]]], nr=1)),
        collection(feature(box(0, 0, 1, 1), nr=1), crs={"type": "link", "properties": {"href": "http://x"}}),
        collection(feature(box(0, 0, 1, 1), nr=1), crs="EPSG:25832"),
    ],
    ids=repr,
)
def test_json_that_is_no_map_of_sectors_is_refused(geojson, document):
    assert refusal(geojson(document))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "geometry", "coordinates", "properties", "x"]), inner)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values, json_values)
def test_any_json_is_read_or_refused_with_a_sentence(geometry, properties):
    document = collection({"type": "Feature", "geometry": geometry, "properties": properties})
    # Any other exception than this one fails the test.
    with contextlib.suppress(BoundaryFileError):
        assert read_geojson(json.dumps(document).encode()).epsg == 4326


def test_deeply_nested_json_is_refused(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 100_000)
    assert refusal(path)


@pytest.mark.parametrize("keep", [0.02, 0.3, 0.6, 0.95])
def test_geopackage_that_is_cut_off_is_refused(tmp_path, keep):
    path = write(tmp_path / "a.gpkg", three_sectors(), "GPKG")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert refusal(path)


def hostile(path, *statements):
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def test_view_in_a_geopackage_is_not_read(tmp_path):
    path = write(tmp_path / "a.gpkg", three_sectors(), "GPKG", "-nln", "real")
    hostile(
        path,
        "CREATE VIEW endless AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
        "SELECT n AS nr, randomblob(1000000) AS geom FROM r",
        "UPDATE gpkg_geometry_columns SET table_name = 'endless'",
    )
    assert "no table of areas" in refusal(path)


def test_table_computed_by_the_file_is_denied(tmp_path):
    path = write(tmp_path / "a.gpkg", three_sectors(), "GPKG", "-nln", "real")
    hostile(
        path,
        "ALTER TABLE real RENAME TO old",
        "CREATE TABLE real (geom BLOB, nr INTEGER, navn TEXT AS (hex(zeroblob(100000000))))",
        "INSERT INTO real (geom, nr) SELECT geom, sektor FROM old",
    )
    # The computed column is never asked for.
    assert [area.name for area in read(path)] == ["", "", ""]


def test_geometry_columns_that_are_a_view_are_denied(tmp_path):
    path = write(tmp_path / "a.gpkg", three_sectors(), "GPKG", "-nln", "real")
    hostile(
        path,
        "DROP TABLE gpkg_geometry_columns",
        "CREATE VIEW gpkg_geometry_columns AS SELECT 'real' AS table_name, 'geom' AS column_name, 0 AS srs_id, "
        "hex(randomblob(100000000)) AS geometry_type_name",
    )
    assert "cannot be read" in refusal(path)


def test_plain_sqlite_file_is_refused(tmp_path):
    path = tmp_path / "a.gpkg"
    hostile(path, "CREATE TABLE a (b)")
    assert "cannot be read" in refusal(path)


def test_geopackage_open_in_another_program_is_refused(tmp_path):
    path = write(tmp_path / "a.gpkg", three_sectors(), "GPKG")
    path.with_name("a.gpkg-wal").write_bytes(b"pages that are not in the file yet")
    assert "open in another program" in refusal(path)


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_shapefile_without_a_sibling_says_which(shapefile, suffix):
    shapefile.with_suffix(suffix).unlink()
    assert suffix in refusal(shapefile)
    assert suffix in refusal(zipped(shapefile))


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("keep", [0, 0.1, 0.5, 0.9])
def test_shapefile_that_is_cut_off_is_refused(shapefile, suffix, keep):
    part = shapefile.with_suffix(suffix)
    content = part.read_bytes()
    part.write_bytes(content[: int(len(content) * keep)])
    assert refusal(shapefile)


def test_shapefile_in_an_undeclared_encoding_is_refused(shapefile):
    part = shapefile.with_suffix(".dbf")
    part.write_bytes(part.read_bytes().replace("Ærø".encode(), "Ærø..".encode("latin-1")))
    assert ".cpg" in refusal(shapefile)


def test_zip_that_is_cut_off_is_refused(shapefile):
    path = zipped(shapefile)
    content = path.read_bytes()
    for length in range(10, len(content), 211):
        path.write_bytes(content[:length])
        assert "zip" in refusal(path)


def test_zip_without_or_with_two_shapefiles_is_refused(tmp_path, shapefile):
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert "0 Shapefiles" in refusal(tmp_path / "none.zip")
    with zipfile.ZipFile(zipped(shapefile), "a") as archive:
        archive.writestr("b.shp", "")
    assert "2 Shapefiles" in refusal(shapefile.with_suffix(".zip"))


def test_zip_with_a_link_is_refused(shapefile):
    path = zipped(shapefile, left_out=(".dbf",))
    link = zipfile.ZipInfo("a.dbf")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "link" in refusal(path)


def test_zip_with_a_password_is_refused(shapefile):
    path = zipped(shapefile)
    content = bytearray(path.read_bytes())
    for at in range(len(content) - 8):
        if bytes(content[at : at + 4]) in {b"PK\x03\x04", b"PK\x01\x02"}:
            content[at + (6 if content[at + 2] == 3 else 8)] |= 1
    path.write_bytes(content)
    assert "cannot be unpacked" in refusal(path)


def test_zip_bomb_is_not_unpacked(tmp_path, shapefile):
    path = zipped(shapefile, left_out=(".dbf",))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a.dbf", "w") as member,
    ):
        for _ in range(300):
            member.write(bytes(2**20))
    assert path.stat().st_size < 3_000_000
    assert "larger than" in refusal(path)


def test_zip_with_thousands_of_files_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(2_000):
            archive.writestr(f"{number}.shp", b"")
    assert "too many files" in refusal(tmp_path / "a.zip")


def test_ten_million_points_are_refused_at_once(tmp_path):
    path = tmp_path / "a.geojson"
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nr":1},')
        file.write(b'"geometry":{"type":"Polygon","coordinates":[[')
        for _ in range(100):
            file.write(b"[12.5,55],[12,55.5]," * 50_000)
        file.write(b"[12.5,55]]]}}]}")
    before = time.monotonic()
    tracemalloc.start()
    assert "points" in refusal(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.monotonic() - before < 10
    assert peak < 2 * path.stat().st_size


def test_ten_million_points_in_a_shapefile_are_refused_at_once(shapefile):
    content = shapefile.read_bytes()
    shapefile.write_bytes(content + bytes(MAX_VERTICES * 32))
    assert "points" in refusal(shapefile)


def test_too_large_a_file_is_refused_by_its_size(tmp_path):
    path = tmp_path / "a.geojson"
    with path.open("wb") as file:
        file.write(b"{")
        file.truncate(10 * 2**30)
    assert "MB is the most" in refusal(path)


def test_thousands_of_features_are_refused(geojson):
    assert "10001 areas" in refusal(geojson(collection(*[feature(box(0, 0, 1, 1), nr=1)] * 10_001)))


def test_tangle_of_crossing_lines_is_refused_before_its_crossings_are_computed(geojson):
    zigzag = [(x / 20_000, x % 2) for x in range(20_000)]
    tangle = ring(*zigzag, *[(y, x) for x, y in zigzag])
    before = time.monotonic()
    assert "tangle" in refusal(geojson(collection(feature([tangle], nr=1, navn="Husum"))))
    assert time.monotonic() - before < 10


@pytest.mark.parametrize("corners", [101, 301, 5001])
def test_star_is_refused_before_its_crossings_are_mended(geojson, corners):
    turns = [math.pi * (corners - 1) * corner / corners for corner in range(corners)]
    star = ring(*[(0.5 + math.sin(turn) / 2, 0.5 + math.cos(turn) / 2) for turn in turns])
    path = geojson(collection(feature([star], nr=1, navn="Husum")))
    before = time.monotonic()
    assert "Husum" in refusal(path)
    assert time.monotonic() - before < 10
