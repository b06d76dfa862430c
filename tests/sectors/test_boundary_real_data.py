"""The 19 real areas and the 2,149 parishes of Denmark, where SHARED_DATA names the folder that has them."""

import io
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from sectors.boundaries.checks import check_release
from sectors.boundaries.publication import draft_from, moves
from sectors.models import Boundary, BoundaryRelease

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(shared_data):
    def imported(name, *arguments):
        said = io.StringIO()
        path = str(shared_data / name)
        call_command("import_boundaries", path, "--station=s", "--create-station=S", *arguments, stdout=said)
        return said.getvalue()

    return imported


def test_nineteen_areas_have_126_gaps_and_their_neighbours(run):
    said = run("bellahoej_sectors19.geojson", "--activate-on=now")
    assert "126 gaps in all" in said
    release = BoundaryRelease.objects.active_at(timezone.now()).get()
    assert release.boundaries.count() == 19
    links = set(release.neighbours.values_list("sector__number", "other__number"))
    assert links == judged_neighbours(release)
    assert {one for one, _other in links} == set(range(1, 20))


def judged_neighbours(release) -> set[tuple[int, int]]:
    """Return the pairs within half a metre by PostGIS on the ellipsoid."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.number, t.number FROM sectors_boundary a JOIN sectors_boundary b "
            "ON a.release_id = b.release_id AND a.id <> b.id "
            "AND ST_DWithin(a.area::geography, b.area::geography, 0.5) "
            "JOIN sectors_sector s ON s.id = a.sector_id JOIN sectors_sector t ON t.id = b.sector_id "
            "WHERE a.release_id = %s",
            [release.pk],
        )
        return set(cursor.fetchall())


def test_nineteen_areas_lie_in_their_five_city_parts(run):
    run("bellahoej_sectors19.geojson")
    release = BoundaryRelease.objects.get()
    assert sorted(release.station.districts.values_list("name", flat=True)) == [
        "Bispebjerg",
        "Brønshøj-Husum",
        "Frederiksberg",
        "Nørrebro",
        "Vanløse",
    ]


def test_parish_code_that_stands_for_two_is_refused(run):
    with pytest.raises(CommandError, match="9179"):
        run("dk_sogne.geojson")


def test_parishes_that_overlap_are_not_published_unasked(run):
    with pytest.raises(CommandError, match="8840 Lemvig and 8844 Heldum overlap"):
        run("dk_sogne.geojson", "--renumber-duplicates", "--activate-on=now")
    assert not BoundaryRelease.objects.exists()


def test_all_parishes_are_activated_in_one_go(run):
    # The processor's time: what else the machine does is not measured.
    before = time.process_time()
    run("dk_sogne.geojson", "--renumber-duplicates", "--cut-overlaps", "--activate-on=now")
    assert time.process_time() - before < 30
    release = BoundaryRelease.objects.active_at(timezone.now()).get()
    assert release.boundaries.count() == 2149
    assert set(release.neighbours.values_list("sector", "other")) == {
        (other, one) for one, other in release.neighbours.values_list("sector", "other")
    }
    assert moves(draft_from(release, name="Same", by=None)) == []
    assert Boundary.objects.count() == 2 * 2149


def test_parishes_of_two_stations_share_all_their_ground(run):
    """Two of them, side by side and valid, are a pair that PostGIS cannot test for an intersection."""
    options = ["dk_sogne.geojson", "--renumber-duplicates", "--cut-overlaps"]
    run(*options, "--activate-on=now")
    run(*options, "--station=t", "--create-station=T")
    report = check_release(BoundaryRelease.objects.get(station__slug="t"))
    assert len(report.shared) == 2149
    assert not report.refuses_publication
