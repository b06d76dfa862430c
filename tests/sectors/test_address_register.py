"""`import_addresses`: what goes in, what is reported, what is refused, and that interruptions cost nothing."""

import csv
import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import connect

from sectors.address_register import file_import, staging
from sectors.address_search import resolve, suggest
from sectors.models import Address, AddressImport, Street
from tests.factories import BoundaryReleaseFactory, SectorFactory, middle, square

HEADER = "street,number,postcode,city,longitude,latitude"
ROWS = [
    "Nørrebrogade,7,2200,København N,12.5501,55.6901",
    "Nørrebrogade,7B,2200,København N,12.5502,55.6902",
    "Frederikssundsvej,12,2400,København NV,12.5301,55.7001",
    "Frederikssundsvej,12,2700,Brønshøj,12.4801,55.7101",
]


@pytest.fixture
def load(db, tmp_path):
    """Write a file, import it, and return what the command says."""

    def run(content: str | bytes, *arguments: str, name: str = "addresses.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        out = io.StringIO()
        report = str(tmp_path / "report.csv")
        call_command(
            "import_addresses",
            str(path),
            *arguments,
            "--report",
            report,
            stdout=out,
            stderr=io.StringIO(),
        )
        return out.getvalue()

    return run


@pytest.fixture
def rejected(tmp_path):
    def read() -> list[dict[str, str]]:
        with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def texts() -> list[str]:
    return sorted(str(address) for address in Address.objects.select_related("street"))


def test_addresses_are_in_the_register(load):
    load(lines(*ROWS))
    assert texts() == [
        "Frederikssundsvej 12, 2400 København NV",
        "Frederikssundsvej 12, 2700 Brønshøj",
        "Nørrebrogade 7, 2200 København N",
        "Nørrebrogade 7B, 2200 København N",
    ]
    address = Address.objects.get(letter="B")
    assert (address.location.x, address.location.y) == (12.5502, 55.6902)
    assert Street.objects.get(name="Nørrebrogade").key == "norrebrogade"
    assert sorted(Street.objects.values_list("address_count", flat=True)) == [1, 1, 2]


DANISH = "vejnavn,husnr,postnr,postnrnavn,wgs84koordinat_længde,wgs84koordinat_bredde"
OPENADDRESSES = "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH"


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        (lines("Skovvej,12B,2820,Gentofte,12.55,55.75"), ()),
        (lines("Skovvej,12B,2820,Gentofte,12.55,55.75", header=DANISH), ()),
        (lines("12.55,55.75,12B,Skovvej,,Gentofte,,,2820,,x", header=OPENADDRESSES), ()),
        (
            lines(
                "Skovvej\t12B\t2820\tGentofte\t12.55\t55.75",
                header="addr:street\taddr:housenumber\taddr:postcode\taddr:city\tlon\tlat",
            ),
            (),
        ),
        (
            lines(
                'Skovvej;12;b;2820;Gentofte;"12,55";55,75', header="Vejnavn;HusNr;Bogstav;PostNr;By;Lon;Lat"
            ),
            (),
        ),
        (
            lines("Skovvej|0012B|2820|Gentofte|12.55|55.75", header="Road|House No|Zip Code|Town|lng|lat"),
            (),
        ),
        (
            lines("Skovvej,12B,2820,Gentofte,12.55,55.75", header="a,b,c,d,e,f"),
            ("--map", "street=a", "number=b", "postcode=c", "city=d", "longitude=e", "latitude=f"),
        ),
        ("\ufeff" + lines("Skovvej,12B,2820,Gentofte,12.55,55.75"), ()),
        (lines('"Skovvej","12B","2820","Gentofte",12.55,55.75').replace("\n", "\r\n"), ()),
        (lines("Skovvej,12B,2820,Gentofte,12.55,55.75").removesuffix("\n"), ()),
    ],
    ids=["plain", "danish", "openaddresses", "osm", "letter", "bars", "mapped", "bom", "crlf", "no-newline"],
)
def test_common_columns_are_recognised(load, content, arguments):
    load(content, *arguments)
    (address,) = Address.objects.select_related("street")
    assert str(address) == "Skovvej 12B, 2820 Gentofte"
    assert (address.location.x, address.location.y) == (12.55, 55.75)


def test_latin_1_is_read_when_it_is_named(load):
    load(lines(ROWS[0]).encode("iso-8859-1"), "--encoding", "iso-8859-1")
    assert texts() == ["Nørrebrogade 7, 2200 København N"]


def test_danish_projected_coordinates_become_degrees(load):
    header = "vejnavn,husnr,postnr,postnrnavn,etrs89koordinat_øst,etrs89koordinat_nord"
    load(lines("Rådhuspladsen,1,1550,København V,724284.0,6175850.0", header=header))
    location = Address.objects.get().location
    assert location.x == pytest.approx(12.567, abs=0.01)
    assert location.y == pytest.approx(55.676, abs=0.01)


def test_coordinate_system_can_be_named(load):
    load(lines("Rådhuspladsen,1,1550,København V,724284.0,6175850.0"), "--crs", "EPSG:25832")
    assert Address.objects.get().location.x == pytest.approx(12.567, abs=0.01)


FEATURE = {
    "type": "Feature",
    "properties": {"street": "Skovvej", "housenumber": "12B", "postcode": "2820", "city": "Gentofte"},
    "geometry": {"type": "Point", "coordinates": [12.55, 55.75]},
}


def collection(*features: object, **members: object) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


@pytest.mark.parametrize(
    "content",
    [
        collection(FEATURE),
        json.dumps(json.loads(collection(FEATURE)), indent=2),
        json.dumps(FEATURE) + "\n" + json.dumps(FEATURE) + "\n",
        "\ufeff" + collection(FEATURE),
    ],
    ids=["collection", "indented", "one-a-line", "bom"],
)
def test_geojson_is_read(load, content):
    load(content, name="addresses.geojson")
    assert texts() == ["Skovvej 12B, 2820 Gentofte"]


def test_geojson_in_a_declared_coordinate_system_becomes_degrees(load):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    feature = {**FEATURE, "geometry": {"type": "Point", "coordinates": [724284.0, 6175850.0]}}
    load(collection(feature, crs=crs), name="addresses.geojson")
    assert Address.objects.get().location.x == pytest.approx(12.567, abs=0.01)


BAD_ROWS = {
    ",7,2200,København N,12.55,55.69": "The street is empty.",
    "Nørrebrogade,,2200,København N,12.55,55.69": "The house number is empty.",
    "Nørrebrogade,B7,2200,København N,12.55,55.69": "The house number does not begin with a number",
    "Nørrebrogade,123456,2200,København N,12.55,55.69": "The house number does not begin with a number",
    "Nørrebrogade,7 in the back yard,2200,København N,12.55,55.69": "More than 10 characters follow",
    "Nørrebrogade,7,,,12.55,55.69": "Postcode and city are empty.",
    "Nørrebrogade,7,2200,København N,,55.69": "A coordinate is empty.",
    "Nørrebrogade,7,2200,København N,NaN,55.69": "A coordinate is not a finite number.",
    "Nørrebrogade,7,2200,København N,inf,55.69": "A coordinate is not a finite number.",
    "Nørrebrogade,7,2200,København N,twelve,55.69": "A coordinate is not a number.",
    "Nørrebrogade,7,2200,København N,55.69,12.55": "Latitude and longitude are swapped.",
    "Nørrebrogade,7,2200,København N,200,55.69": "The coordinates are no longitude and latitude in degrees.",
    "Nørrebrogade,7,2200,København N,0,0": "The position lies outside the area served.",
    f"{'N' * 101},7,2200,København N,12.55,55.69": "The street is longer than 100 characters.",
    "Nørre\x07gade,7,2200,København N,12.55,55.69": "The street holds control characters.",
    "Nørre\0gade,7,2200,København N,12.55,55.69": "The street holds control characters.",
    "---,7,2200,København N,12.55,55.69": "The street has neither letters nor digits.",
    "Nørrebrogade,7,2200,København N,12.55": "The line has 5 fields, the column names are 6.",
    "Nørrebrogade,7,2200,København N,12.55,55.69,more": "The line has 7 fields, the column names are 6.",
    '"Nørrebrogade,7,2200,København N,12.55,55.69': "A quotation mark is not closed.",
    "x" * 70_000: "The line is longer than 64 kB.",
}


@pytest.mark.parametrize("bad", BAD_ROWS, ids=range(len(BAD_ROWS)))
def test_bad_line_is_reported_and_the_rest_goes_in(load, rejected, bad):
    said = load(lines(ROWS[0], bad, *ROWS[1:]))
    (record,) = rejected()
    assert record["line"] == "3"
    assert record["reason"].startswith(BAD_ROWS[bad])
    assert record["content"][:20].replace("\N{REPLACEMENT CHARACTER}", "\0") == bad[:20]
    assert len(texts()) == len(ROWS)
    assert "1 records could not be used" in said


def test_line_breaks_within_quotes_belong_to_the_field(load):
    load(lines('"Nørrebro\ngade",7,2200,København N,12.55,55.69', ROWS[2]))
    assert Street.objects.filter(name="Nørrebro gade").exists()
    assert Address.objects.count() == 2


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        ({**FEATURE, "geometry": None}, "The feature is no point"),
        ({**FEATURE, "geometry": {"type": "Polygon", "coordinates": []}}, "The feature is no point"),
        ({**FEATURE, "geometry": {"type": "Point", "coordinates": []}}, "The feature is no point"),
        (
            {**FEATURE, "geometry": {"type": "Point", "coordinates": ["x", [1]]}},
            "A coordinate is not a number",
        ),
        ({**FEATURE, "geometry": {"type": "Point", "coordinates": [[1], 2]}}, "A coordinate is empty"),
        ({**FEATURE, "properties": None}, "The feature has no properties"),
        ({**FEATURE, "properties": {"street": ["Skovvej"]}}, "The street is empty"),
        ({**FEATURE, "properties": {"name": "x"}}, "The street is empty"),
        (["no", "feature"], "The feature has no properties"),
        (12, "The feature has no properties"),
    ],
    ids=range(10),
)
def test_bad_feature_is_reported_and_the_rest_goes_in(load, rejected, feature, reason):
    load(collection(FEATURE, feature), name="addresses.geojson")
    (record,) = rejected()
    assert record["line"] == "2"
    assert record["reason"].startswith(reason)
    assert texts() == ["Skovvej 12B, 2820 Gentofte"]


REFUSED = {
    "empty": (b"", "The file is empty."),
    "blank": (b"  \n \n", "The file is empty."),
    "columns alone": (HEADER.encode(), "The file holds no addresses."),
    "unknown columns": (b"foo,bar\n1,2\n", "The file's columns are: foo, bar."),
    "no columns": (b"Skovvej 12\nSkovvej 14\n", "No column is known to hold"),
    "latin-1": (lines(*ROWS).encode("iso-8859-1"), "Line 2 is not in UTF-8."),
    "utf-16": (lines(*ROWS).encode("utf-16"), "The file is in UTF-16."),
    "zip": (b"PK\x03\x04" + b"\0" * 100, "compressed"),
    "gzip": (b"\x1f\x8b\x08" + b"\0" * 100, "compressed"),
    "binary": (b"SQLite format 3\0" + b"\0" * 100, "NUL characters"),
    "all swapped": (
        lines(*(f"Vej,{n},2200,N,55.69,12.55" for n in range(1, 30))).encode(),
        "Latitude and longitude are swapped.",
    ),
    "projected without saying so": (
        lines(*(f"Vej,{n},2200,N,724284,6175850" for n in range(1, 30))).encode(),
        "no longitude and latitude in degrees",
    ),
    "truncated json": (collection(FEATURE, FEATURE)[:-60].encode(), "not complete GeoJSON"),
    "no json": (b'{"type": "FeatureCollection", "features": [}', "not complete GeoJSON"),
    "no features": (b'{"type": "FeatureCollection", "features": []}', "The file holds no addresses."),
    "other json": (b'{"hello": "world"}', "The file holds no addresses."),
    "json number": (b"[1, 2, 3]", "The file holds no addresses."),
    "json of unknown columns": (
        collection({**FEATURE, "properties": {"foo": 1}}).encode(),
        "The file's columns are: foo.",
    ),
    "deep": (b'{"features": [' + b"[" * 100_000, "too deeply nested"),
    "deep and balanced": (b'{"features": [' + b"[" * 9_000 + b"]" * 9_000 + b"]}", "too deeply nested"),
    "huge feature": (
        b'{"features": [{"properties": {"street": "' + b"x" * 9_000_000 + b'"}}]}',
        "too large",
    ),
    "unknown crs": (
        collection(FEATURE, crs={"type": "name", "properties": {"name": "urn:my:own"}}).encode(),
        "coordinate system that is not known",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_unusable_file_is_refused_and_nothing_changes(load, case):
    content, message = REFUSED[case]
    load(lines(ROWS[0]), name="before.csv")
    with pytest.raises(CommandError, match=message.replace(".", r"\.")):
        load(content)
    assert texts() == ["Nørrebrogade 7, 2200 København N"]
    assert AddressImport.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'sectors_staged%%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--map", "street"), "is no mapping"),
        (("--map", "colour=x"), "is no mapping"),
        (("--map", "street=missing"), "The file has no column “missing”"),
        (("--crs", "Mercator"), "is not a coordinate system"),
        (("--crs", "EPSG:99999"), "There is no coordinate system EPSG:99999"),
        (("--encoding", "klingon"), "is not known here"),
        (("--encoding", "utf-16"), "is not known here"),
        (("--encoding", "cp037"), "is not known here"),
    ],
)
def test_wrong_option_is_explained(load, arguments, message):
    with pytest.raises(CommandError, match=message):
        load(lines(*ROWS), *arguments)


def test_missing_file_and_unwritable_report_are_explained(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_addresses", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="The report cannot be written"):
        call_command(
            "import_addresses", str(tmp_path / "none.csv"), "--report", str(tmp_path / "no" / "where.csv")
        )


def test_same_file_twice_changes_nothing_and_says_so(load):
    load(lines(*ROWS))
    before = list(Address.objects.order_by("pk").values_list())
    assert "nothing was changed" in load(lines(*ROWS))
    assert "nothing was changed" in load(lines(*ROWS), "--again")
    assert list(Address.objects.order_by("pk").values_list()) == before


def test_process_that_runs_on_offers_what_an_import_brought(load):
    assert suggest("Frederikss") == []
    load(lines(*ROWS))
    assert suggest("Frederikss")[0].text == "Frederikssundsvej, 2400 København NV"
    load(lines(ROWS[0]), "--prune")
    assert suggest("Frederikss") == []


def test_newer_file_adds_and_moves_but_removes_only_when_told(load):
    load(lines(*ROWS))
    moved = ROWS[0].replace("12.5501", "12.5511")
    said = load(lines(moved, "Nyvej,1,2200,København N,12.55,55.69"))
    assert "1 addresses added, 1 changed, 0 removed" in said
    assert Address.objects.count() == 5
    assert Address.objects.get(street__name="Nørrebrogade", letter="").location.x == 12.5511
    said = load(lines(moved, "Nyvej,1,2200,København N,12.55,55.69"), "--prune")
    assert "0 addresses added, 0 changed, 3 removed" in said
    assert texts() == ["Nyvej 1, 2200 København N", "Nørrebrogade 7, 2200 København N"]
    assert not Street.objects.filter(name="Frederikssundsvej").exists()


def test_earlier_file_is_read_again_after_a_later_one(load):
    load(lines(ROWS[0]))
    load(lines(ROWS[0].replace("12.5501", "12.5511")))
    assert "1 changed" in load(lines(ROWS[0]))
    assert Address.objects.get().location.x == 12.5501


def test_last_of_duplicate_addresses_counts(load):
    said = load(lines(ROWS[0], *ROWS[2:], ROWS[0].replace("12.5501", "12.5511")))
    assert "1 records repeat an address of the file" in said
    assert Address.objects.get(street__name="Nørrebrogade").location.x == 12.5511
    assert "0 addresses added, 0 changed" in load(
        lines(ROWS[0], *ROWS[2:], ROWS[0].replace("12.5501", "12.5511")), "--again"
    )


def test_each_address_gets_the_sector_in_force_and_one_on_a_border_the_first(load):
    second, first = SectorFactory(number=2), None
    first = SectorFactory(district=second.district, number=1)
    outside = "Udvej,1,2200,København N,12.3,55.3"
    release = BoundaryReleaseFactory(
        station=second.station, areas={second: square(0, 0), first: square(1, 0)}, in_force=True
    )
    border = square(1, 0).extent[0]
    rows = [
        f"Vestvej,1,2200,København N,{middle(0, 0)[0]},{middle(0, 0)[1]}",
        f"Østvej,1,2200,København N,{middle(1, 0)[0]},{middle(1, 0)[1]}",
        f"Grænsevej,1,2200,København N,{border!r},{middle(0, 0)[1]}",
        outside,
    ]
    load(lines(*rows))
    assert release.pk
    sectors = dict(Address.objects.values_list("street__name", "sector__number"))
    assert sectors == {"Vestvej": 2, "Østvej": 1, "Grænsevej": 1, "Udvej": None}


class Killed(Exception):
    """Stands for the kill of the process between two chunks."""


def test_killed_import_goes_on_where_it_stopped(load, rejected, monkeypatch):
    monkeypatch.setattr(file_import, "CHUNK", 10)
    rows = [f"Vej,{n},2200,København N,12.55,55.{6000 + n}" for n in range(1, 48)]
    content = lines(*rows[:15], "bad line", *rows[15:])
    add, added = staging.Staging.add, []

    def add_and_stop(self, *chunk, records, bad):
        if records > 30:
            raise Killed
        add(self, *chunk, records=records, bad=bad)
        added.append(records)

    monkeypatch.setattr(staging.Staging, "add", add_and_stop)
    with pytest.raises(Killed):
        load(content)
    assert added == [10, 20, 30]
    assert not Address.objects.exists()

    monkeypatch.setattr(staging.Staging, "add", add)
    said = load(content)
    assert "Went on after record 30." in said
    assert Address.objects.count() == 47
    assert [record["line"] for record in rejected()] == ["17"]


def test_import_whose_staging_was_lost_begins_again(load, monkeypatch):
    monkeypatch.setattr(file_import, "CHUNK", 2)
    merge = file_import.merge.merge

    def stop(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(file_import.merge, "merge", stop)
    with pytest.raises(Killed):
        load(lines(*ROWS))
    run = AddressImport.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE sectors_staged_{run.pk}_rows")
    monkeypatch.setattr(file_import.merge, "merge", merge)
    assert "Went on" not in load(lines(*ROWS))
    assert Address.objects.count() == 4


def test_abandoned_import_leaves_no_tables(load, monkeypatch):
    merge = file_import.merge.merge

    def stop(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(file_import.merge, "merge", stop)
    with pytest.raises(Killed):
        load(lines(*ROWS))
    monkeypatch.setattr(file_import.merge, "merge", merge)
    load(lines(ROWS[0]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'sectors_staged%%'")
        assert cursor.fetchone() == (0,)


def test_line_of_a_quarter_gigabyte_takes_neither_memory_nor_long(load, rejected, tmp_path):
    """Sparse, so that the test costs no disk: one line of NUL characters between two good ones."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(lines(*ROWS[:1]).encode())
        file.seek(1 << 28, 1)
        file.write(("\n" + "\n".join(ROWS[1:]) + "\n").encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    call_command(
        "import_addresses",
        str(path),
        "--report",
        str(tmp_path / "report.csv"),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )
    assert time.monotonic() - started < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    assert len(texts()) == len(ROWS)
    assert [record["line"] for record in rejected()] == ["3"]


def test_file_without_a_good_line_is_refused_early(load, tmp_path, monkeypatch):
    monkeypatch.setattr(file_import, "CHUNK", 100)
    read = []
    monkeypatch.setattr(
        file_import,
        "_rejected",
        lambda bad, reason, keep=file_import._rejected: read.append(1) or keep(bad, reason),
    )
    with pytest.raises(CommandError, match="100 of 100 records cannot be used"):
        load(lines(*["nonsense"] * 5_000))
    assert len(read) == 100


def test_only_one_import_runs_at_a_time(load, monkeypatch):
    monkeypatch.setattr(file_import, "LOCK_SECONDS", 0)
    parameters = connection.get_connection_params()
    keep = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if key in parameters
    }
    with connect(**keep) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [file_import._ONE_IMPORT_AT_A_TIME])
        with pytest.raises(CommandError, match="Another import of addresses is under way"):
            load(lines(*ROWS))
    assert not Address.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_real_process_that_is_killed_can_be_started_again(tmp_path):
    path = tmp_path / "many.csv"
    rows = (f"Vej {n // 50},{n % 50 + 1},2200,København N,{12 + n / 60_000:.5f},55.69" for n in range(60_000))
    path.write_text(lines(*rows), encoding="utf-8")
    database = connection.settings_dict["NAME"]
    program = f"""
import django; django.setup()
from django.core.management import call_command
from django.db import connection
connection.settings_dict["NAME"] = {database!r}
call_command("import_addresses", {str(path)!r})
"""
    command = [sys.executable, "-c", program]
    process = subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not AddressImport.objects.filter(records_done__gt=0).exists():
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert AddressImport.objects.get().finished_at is None

    out = io.StringIO()
    call_command("import_addresses", str(path), stdout=out, stderr=io.StringIO())
    assert "Went on after record" in out.getvalue()
    assert Address.objects.count() == 60_000
    assert Street.objects.filter(address_count=50).count() == 1_200


def test_780_real_addresses_are_found_also_misspelt(shared_data, db):
    path = str(shared_data / "osm_addresses_roedovre.geojson")
    for _time in range(2):
        call_command("import_addresses", path, "--again", stdout=io.StringIO(), stderr=io.StringIO())
    assert Address.objects.count() == 780
    features = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    missed = []
    for feature in features:
        known, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
        street = known["street"]
        wrong = street[: len(street) // 2] + street[len(street) // 2 + 1 :]
        for typed in (street, wrong):
            matches = resolve(f"{typed} {known['housenumber']}, {known['postcode']} {known['city']}").matches
            if not any((match.lon, match.lat) == pytest.approx((lon, lat)) for match in matches):
                missed.append((typed, known["housenumber"]))
    assert missed == []
