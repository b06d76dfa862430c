import csv
import io

import pytest
from django.contrib.gis.geos import Point

from audit.models import ReadEntry
from sectorlog.entries import export as entry_export
from sectorlog.models import Challenge, Party
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    FormVersionFactory,
    LeadershipFactory,
    LogEntryFactory,
    OfficerFactory,
    PartyFactory,
    SectorFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

REASON = {"reason": "Case 12-34", "kind": "csv"}


@pytest.fixture
def sector():
    return SectorFactory(name="Brønshøj")


@pytest.fixture
def head(client, sector):
    client.force_login(LeadershipFactory(station=sector.station).user)
    return client


def address(sector, question="") -> str:
    return f"/log/sectors/{sector.slug}/entries/export/{question}"


def rows_of(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_the_head_is_asked_why_and_told_what_is_taken_along(head, sector):
    page = head.get(address(sector, "?q=cykel&outcome=fine")).content.decode()
    assert "What do you need it for?" in page
    assert "cykel" in page
    assert "fine" in page


@pytest.mark.parametrize("reason", ["", "abc"])
def test_without_a_reason_nothing_leaves(head, sector, reason):
    LogEntryFactory(sector=sector, text="Secret")
    response = head.post(address(sector), {**REASON, "reason": reason})
    assert response.status_code == 422
    assert b"Secret" not in response.content
    assert not ReadEntry.objects.filter(verb="exported").exists()


def test_csv_holds_what_was_narrowed_to_and_no_formula(head, sector):
    place = {"place": Point(12.5, 55.7, srid=4326), "place_precision": 100}
    LogEntryFactory(sector=sector, text="=HYPERLINK(cykel)", outcome="fine", **place)
    LogEntryFactory(sector=sector, text="=OTHER()", outcome="arrest")
    LogEntryFactory(text="Another station's cykel", outcome="fine")
    response = head.post(address(sector, "?q=cykel&outcome=fine"), REASON)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    [row] = rows_of(response)
    assert row["What happened"] == "'=HYPERLINK(cykel)"
    assert row["Sector"] == str(sector)
    assert (row["Latitude"], row["Longitude"]) == ("55.7", "12.5")


def test_each_page_is_logged_with_the_reason_before_it_leaves(head, sector, monkeypatch):
    monkeypatch.setattr(entry_export, "ROWS_AT_ONCE", 2)
    entries = [LogEntryFactory(sector=sector) for _ in range(5)]
    response = head.post(address(sector), REASON)
    lines = response.streaming_content
    next(lines), next(lines)
    logged = ReadEntry.objects.filter(verb="exported", subject="sectorlog.logentry").order_by("id")
    assert [len(read.keys) for read in logged] == [0, 2]
    assert len(list(lines)) == 4
    assert sum(len(read.keys) for read in logged.all()) == len(entries)
    assert {read.purpose for read in logged.all()} == {"Case 12-34 []"}


def noted(subject: str) -> set[str]:
    reads = ReadEntry.objects.filter(verb="exported", subject=f"sectorlog.{subject}")
    assert {read.purpose for read in reads} <= {"Case 12-34 []"}
    return {key.rpartition(":")[2] for read in reads for key in read.keys}


def naming(sector, name: str, trouble: str):
    """Return an entry with a party, a challenge, and in an answer another party."""
    fields = [{"key": "who", "kind": "party", "label": {"en": "Who"}, "choices": []}]
    chosen = PartyFactory(sector=sector, name=f"{name} in an answer")
    return LogEntryFactory(
        sector=sector,
        parties=[PartyFactory(sector=sector, name=name)],
        challenges=[ChallengeFactory(sector=sector, title=trouble)],
        form_version=FormVersionFactory(fields=fields),
        values={"who": {"uuid": str(chosen.uuid), "name": chosen.name}},
    )


@pytest.mark.parametrize("kind", ["csv", "pdf"])
def test_parties_and_challenges_that_are_taken_along_are_logged_page_by_page(head, sector, monkeypatch, kind):
    monkeypatch.setattr(entry_export, "ROWS_AT_ONCE", 1)
    for number in range(2):
        naming(sector, f"Kiosk {number}", f"Trouble {number}")
    response = head.post(address(sector), {**REASON, "kind": kind})
    if kind == "csv":
        lines = response.streaming_content
        next(lines), next(lines)
        assert (len(noted("party")), len(noted("challenge"))) == (2, 1)
        list(lines)
    assert noted("party") == {str(pk) for pk in Party.objects.values_list("pk", flat=True)}
    assert noted("challenge") == {str(pk) for pk in Challenge.objects.values_list("pk", flat=True)}


def test_pdf_holds_the_entries(head, sector):
    LogEntryFactory(sector=sector, text="Talked <b>in</b> the yard")
    response = head.post(address(sector), {**REASON, "kind": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    [read] = ReadEntry.objects.filter(verb="exported", subject="sectorlog.logentry")
    assert len(read.keys) == 1
    assert read.purpose.startswith("Case 12-34")


def test_pdf_says_that_there_is_more(head, sector, monkeypatch):
    from sectorlog.views import exports

    told = {}
    monkeypatch.setattr(exports, "MOST_ON_PAPER", 2)
    monkeypatch.setattr(exports, "pdf", lambda template, context: told.update(context) or b"%PDF-")
    for _ in range(3):
        LogEntryFactory(sector=sector)
    head.post(address(sector), {**REASON, "kind": "pdf"})
    assert len(told["entries"]) == 2
    assert not told["is_all"]


def test_bad_filters_export_nothing(head, sector):
    response = head.post(address(sector, "?since=yesterday"), REASON)
    assert response.status_code == 422
    assert "is not understood" in response.content.decode()


def test_all_sectors_of_the_station_together(head, sector):
    LogEntryFactory(sector=sector, text="Here")
    LogEntryFactory(sector=SectorFactory(district=sector.district), text="There")
    LogEntryFactory(text="Elsewhere")
    texts = {row["What happened"] for row in rows_of(head.post("/log/entries/export/", REASON))}
    assert texts == {"Here", "There"}


def test_nobody_else_takes_entries_along(client, sector):
    district_head = LeadershipFactory(station=sector.station, district=sector.district).user
    officer = AssignmentFactory(sector=sector, officer=OfficerFactory(user=UserFactory())).officer.user
    for user in (district_head, officer):
        client.force_login(user)
        assert client.get(address(sector)).status_code == 404
        assert client.post(address(sector), REASON).status_code == 404
        assert (
            "Take these entries along"
            not in client.get(f"/log/sectors/{sector.slug}/entries/").content.decode()
        )
