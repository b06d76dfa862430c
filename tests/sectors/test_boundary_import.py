"""`manage.py import_boundaries`: what it makes, what it says, and that a refused file leaves nothing behind."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sectors.models import Boundary, BoundaryRelease, District, Sector, Station
from tests.factories import DistrictFactory, SectorFactory, StationFactory
from tests.sectors.boundary_writing import box, collection, feature, three_sectors, write, write_geojson

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    """Return a function that imports a document (or a file) and returns what the command said."""

    def imported(source=None, *arguments, **options):
        path = source
        if not hasattr(source, "exists"):
            path = write_geojson(tmp_path / "sectors.geojson", source or three_sectors())
        said = io.StringIO()
        options = {"station": "bell", "create_station": "Bellahøj Station"} | options
        call_command("import_boundaries", str(path), *arguments, stdout=said, **options)
        return said.getvalue()

    return imported


def numbers(release) -> dict[int, str]:
    return {boundary.sector.number: boundary.sector.name for boundary in release.boundaries.all()}


def counts() -> list[int]:
    return [model.objects.count() for model in (Station, District, Sector, BoundaryRelease, Boundary)]


def test_file_becomes_a_draft_with_station_districts_and_sectors(run):
    said = run()
    release = BoundaryRelease.objects.get()
    assert release.is_draft
    assert release.source == "sectors.geojson"
    assert release.name == f"sectors {timezone.localdate()}"
    assert numbers(release) == {1: "Ærø", 2: "Bellahøj", 3: "Tingbjerg"}
    assert [(sector.slug, sector.district.name) for sector in Sector.objects.all()] == [
        ("aeroe", "Nord"),
        ("bellahoej", "Nord"),
        ("tingbjerg", "Syd"),
    ]
    assert "3 sectors of Bellahøj Station, 3 of them new" in said


@pytest.mark.parametrize(("driver", "name"), [("GPKG", "a.gpkg"), ("ESRI Shapefile", "a.shp")])
def test_other_formats_and_systems_become_the_same(run, tmp_path, driver, name):
    run(write(tmp_path / name, three_sectors(), driver))
    assert [sector.number for sector in Sector.objects.all()] == [1, 2, 3]


def test_file_is_activated_at_once(run):
    run(activate_on="now")
    release = BoundaryRelease.objects.active_at(timezone.now()).get()
    assert release.neighbours.count() == 4


def test_file_is_activated_from_midnight_of_a_date(run):
    day = timezone.localdate() + datetime.timedelta(days=10)
    run(activate_on=day.isoformat())
    begins = timezone.localtime(BoundaryRelease.objects.get().period.lower)
    assert begins.isoformat()[:19] == f"{day}T00:00:00"


def test_file_is_activated_at_an_instant(run):
    run(activate_on="2099-03-01T06:00")
    assert BoundaryRelease.objects.get().period.lower.isoformat() == "2099-03-01T05:00:00+00:00"


@pytest.mark.parametrize("text", ["tomorrow", "2027-02-30", "2027-13-01T00:00", ""])
def test_date_that_is_none_is_refused(run, text):
    with pytest.raises(CommandError, match="--activate-on takes"):
        run(activate_on=text)
    assert counts() == [0] * 5


def test_date_that_has_passed_is_refused_and_nothing_is_left(run):
    with pytest.raises(CommandError, match=r"has passed.* Nothing was imported"):
        run(activate_on="2020-01-01")
    assert counts() == [0] * 5


def test_unknown_station_is_refused(run):
    with pytest.raises(CommandError, match="--create-station"):
        run(create_station=None)


def test_station_with_an_impossible_short_name_is_refused(run):
    with pytest.raises(CommandError):
        run(station="Bellahøj!")
    assert counts() == [0] * 5


@pytest.mark.parametrize("text", ["25832x", "UTM32", "EPSG:"])
def test_system_that_is_no_code_is_refused(run, text):
    with pytest.raises(CommandError, match="--crs takes"):
        run(crs=text)


def test_dry_run_reports_and_changes_nothing(run):
    said = run(None, "--dry-run", activate_on="now")
    assert "in force" in said
    assert "nothing was changed" in said
    assert counts() == [0] * 5


def test_refused_file_leaves_nothing_behind(run):
    document = three_sectors()
    document["features"].append(feature(box(0, 0, 0.5, 0.5), sektor=4, navn="Over", distrikt="Nord"))
    with pytest.raises(CommandError, match=r"overlap by .* \(--cut-overlaps\) Nothing was imported"):
        run(document, activate_on="now")
    assert counts() == [0] * 5


def test_overlap_stays_in_the_draft_to_be_mended(run):
    document = three_sectors()
    document["features"].append(feature(box(0.5, 0, 1.5, 1), sektor=4, navn="Over", distrikt="Nord"))
    said = run(document)
    assert said.count("overlap by") == 2
    assert "--cut-overlaps" in said
    assert BoundaryRelease.objects.get().boundaries.count() == 4


def test_overlaps_are_given_to_the_lower_number_when_asked(run):
    document = collection(
        feature(box(0, 0, 1, 1), nr=2, navn="B"), feature(box(0.5, 0, 2, 1), nr=1, navn="A")
    )
    said = run(document, "--cut-overlaps", activate_on="now")
    assert "was given to “1 A”" in said
    assert Boundary.objects.get(sector__number=1).area.area == pytest.approx(1.5e-4)
    assert Boundary.objects.get(sector__number=2).area.area == pytest.approx(0.5e-4)


def test_sector_covered_by_others_is_refused_when_overlaps_are_cut(run):
    document = collection(feature(box(0, 0, 2, 2), nr=1), feature(box(0, 0, 1, 1), nr=2, navn="Inner"))
    with pytest.raises(CommandError, match="2 Inner lies within others"):
        run(document, "--cut-overlaps")


def test_slivers_of_overlap_are_cut_from_the_higher_number_and_said(run):
    thin = 0.2 / 62_700 / 0.01  # 0.2 m, in sides
    document = collection(
        feature(box(0, 0, 1, 1), nr=1, navn="A"), feature(box(1 - thin, 0, 2, 1), nr=2, navn="B")
    )
    said = run(document, activate_on="now")
    assert "1 overlap thinner than half a metre (222 m²) was cut" in said
    assert Boundary.objects.get(sector__number=1).area.area == pytest.approx(1e-4, rel=1e-12)


def test_gaps_are_said(run):
    document = collection(feature([*box(0, 0, 3, 3), *box(1, 1, 2, 2)], nr=1, navn="A"))
    said = run(document)
    assert "belongs to no sector" in said
    assert "1 gap in all" in said


# --- Identity from release to release -----------------------------------------------------------


def test_second_import_keeps_the_sectors(run):
    run(activate_on="now")
    before = list(Sector.objects.values_list("pk", "number", "slug"))
    said = run(activate_on="now")
    assert list(Sector.objects.values_list("pk", "number", "slug")) == before
    assert District.objects.count() == 2
    assert "0 of them new" in said
    assert BoundaryRelease.objects.active_at(timezone.now()).count() == 1
    assert BoundaryRelease.objects.count() == 2


def test_sector_keeps_its_name_and_district_and_the_difference_is_said(run):
    run()
    document = collection(feature(box(0, 0, 1, 1), sektor=1, navn="Bellahøj Nord", distrikt="Vest"))
    said = run(document)
    sector = Sector.objects.get(number=1)
    assert (sector.name, sector.district.name) == ("Ærø", "Nord")
    assert "is called “Bellahøj Nord” in the file; it keeps its name" in said
    assert "stays in “Nord”" in said


def test_new_number_makes_a_new_sector_beside_the_old_ones(run):
    run(activate_on="now")
    document = collection(feature(box(0, 0, 1, 1), sektor=1), feature(box(1, 0, 2, 1), sektor=9, navn="Ny"))
    said = run(document, activate_on="now")
    assert [sector.number for sector in Sector.objects.all()] == [1, 2, 3, 9]
    assert said.count("would disappear") == 2


def test_sectors_of_other_stations_are_left_alone(run):
    other = SectorFactory(number=1, name="Elsewhere")
    run()
    other.refresh_from_db()
    assert other.name == "Elsewhere"
    assert Sector.objects.filter(number=1).count() == 2


def test_same_name_in_two_stations_gets_two_addresses(run):
    run()
    run(station="other", create_station="Other")
    assert Sector.objects.values("slug").distinct().count() == 6


def test_districts_are_found_by_name(run):
    station = StationFactory(slug="bell")
    north = DistrictFactory(station=station, name="Nord", slug="nord")
    run(create_station=None)
    assert Sector.objects.get(number=1).district == north


def test_without_districts_all_sectors_lie_in_one_called_as_the_station(run):
    run(collection(feature(box(0, 0, 1, 1), nr=1), feature(box(1, 0, 2, 1), nr=2)))
    assert [district.name for district in District.objects.all()] == ["Bellahøj Station"]


def test_sector_without_a_name_is_called_by_its_number_and_it_is_said(run):
    said = run(collection(feature(box(0, 0, 1, 1), nr=7)))
    assert Sector.objects.get().name == "Sector 7"
    assert "“Sector 7”" in said


# --- The same number twice ----------------------------------------------------------------------


@pytest.mark.parametrize("second", ["Ø", "ø", ""])
def test_features_with_number_and_name_alike_are_joined_and_it_is_said(run, second):
    document = collection(
        feature(box(0, 0, 1, 1), nr=1, navn="Ø"), feature(box(3, 0, 4, 1), nr=1, navn=second)
    )
    said = run(document)
    assert "1 Ø is drawn in 2 features" in said
    assert len(Boundary.objects.get().area) == 2


def twins(second="Skamstrup"):
    return collection(
        feature(box(0, 0, 1, 1), code=9179, name="Kollerup"),
        feature(box(1, 0, 2, 1), code=9179, name=second),
        feature(box(2, 0, 3, 1), code=9180, name="Other"),
    )


def test_number_of_two_names_is_refused(run):
    sentence = r"9179 stands for different sectors: “Kollerup”, “Skamstrup”.* \(--renumber-duplicates\)"
    with pytest.raises(CommandError, match=sentence):
        run(twins())
    assert counts() == [0] * 5


def test_later_twin_gets_the_next_free_number_when_asked(run):
    said = run(twins(), "--renumber-duplicates")
    assert numbers(BoundaryRelease.objects.get()) == {9179: "Kollerup", 9180: "Other", 9181: "Skamstrup"}
    assert "it was given 9181" in said


def test_twins_keep_their_numbers_in_the_next_import_even_in_another_order(run):
    run(twins(), "--renumber-duplicates")
    document = twins()
    document["features"].reverse()
    run(document, "--renumber-duplicates")
    for release in BoundaryRelease.objects.all():
        assert numbers(release) == {9179: "Kollerup", 9180: "Other", 9181: "Skamstrup"}
    assert Sector.objects.count() == 3
