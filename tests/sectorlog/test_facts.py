import csv
import datetime
import io

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.formats import date_format

from audit.models import ReadEntry
from sectorlog.models import Addendum
from tests.factories import (
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    StaffRoleFactory,
    TargetGroupFactory,
    UserFactory,
    first_form,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory(name="Brønshøj")


@pytest.fixture
def analyst(client, sector):
    client.force_login(StaffRoleFactory(analyst=True, station=sector.station).user)
    return client


@pytest.fixture
def entry(sector):
    group = TargetGroupFactory(station=sector.station, name="Anglers", slug="anglers")
    entry = LogEntryFactory(
        sector=sector,
        author=UserFactory(name="Authorname", email="author@police.example"),
        form_version=first_form("observation"),
        text="Secrettext",
        values={"told": "Secretanswer"},
        outcome="fine",
        place=Point(12.512345, 55.712345, srid=4326),
        place_precision=10,
        place_text="Secretplace",
        groups=[group],
        parties=[PartyFactory(sector=sector, name="Secretparty")],
    )
    Addendum.objects.create(entry=entry, text="Secretaddendum", author=entry.author)
    return entry


def pages(client, sector, question="") -> list[str]:
    exported = client.get(f"/log/sectors/{sector.slug}/facts.csv{question}")
    return [
        client.get(f"/log/sectors/{sector.slug}/facts/{question}").content.decode(),
        b"".join(exported.streaming_content).decode(),
    ]


def test_facts_name_form_groups_and_outcome_and_no_person(analyst, sector, entry):
    day = timezone.localdate(entry.happened_at)
    for text, written in zip(
        pages(analyst, sector), (date_format(day, "SHORT_DATE_FORMAT"), f"{day}"), strict=True
    ):
        for told in ("Observation", "Anglers", "fine", written):
            assert told in text
        for secret in ("Secret", "Authorname", "author@", "12.5123", "55.7123", str(entry.uuid)):
            assert secret not in text


def test_places_lie_on_a_grid_of_a_hundred_metres(analyst, sector, entry):
    [row] = csv.DictReader(io.StringIO(pages(analyst, sector)[1][1:]))
    assert row["Precision in metres"] == "100"
    assert abs(float(row["Latitude"]) - 55.712345) < 0.001
    for other in (Point(12.51236, 55.71236, srid=4326), Point(12.51233, 55.71233, srid=4326)):
        LogEntryFactory(sector=sector, place=other, place_precision=10)
    rows = list(csv.DictReader(io.StringIO(pages(analyst, sector)[1][1:])))
    assert len({(row["Latitude"], row["Longitude"]) for row in rows}) == 1


def test_facts_are_narrowed_by_period_form_group_and_outcome(analyst, sector, entry):
    LogEntryFactory(sector=sector, outcome="arrest", happened_at=timezone.now() - datetime.timedelta(days=9))
    form = first_form("observation").template.uuid
    today = timezone.localdate()
    for question in (f"?since={today}", f"?form={form}", "?group=anglers", "?outcome=fine"):
        page = analyst.get(f"/log/sectors/{sector.slug}/facts/{question}").context
        assert [fact.outcome for fact in page["facts"]] == ["fine"], question


def test_words_persons_and_places_are_not_asked_for(analyst, sector, entry):
    page = analyst.get(f"/log/sectors/{sector.slug}/facts/?q=findesikke&author=nobody&party=none&near=x")
    assert len(page.context["facts"]) == 1
    assert set(page.context["form"].fields) == {"since", "until", "form", "group", "outcome"}


def test_older_facts_follow(analyst, sector):
    for number in range(60):
        LogEntryFactory(sector=sector, happened_at=timezone.now() - datetime.timedelta(days=number))
    first = analyst.get(f"/log/sectors/{sector.slug}/facts/").context
    second = analyst.get(f"/log/sectors/{sector.slug}/facts/?after={first['following']}").context
    days = [fact.day for fact in [*first["facts"], *second["facts"]]]
    assert len(days) == 60
    assert days == sorted(days, reverse=True)
    assert second["following"] is None


def test_a_place_that_no_link_names_is_refused(analyst, sector):
    assert analyst.get(f"/log/sectors/{sector.slug}/facts/?after=x").status_code == 400
    foreign = LogEntryFactory().uuid
    assert analyst.get(f"/log/sectors/{sector.slug}/facts/?after={foreign}").status_code == 404


def test_bad_filters_are_explained(analyst, sector, entry):
    for path in ("facts/", "facts.csv"):
        answer = analyst.get(f"/log/sectors/{sector.slug}/{path}?since=2027-02-01&until=2027-01-01")
        assert answer.status_code == 422
        assert "The last day lies before the first one." in answer.content.decode()


def test_reads_are_logged(analyst, sector, entry):
    pages(analyst, sector)
    reads = ReadEntry.objects.filter(subject="sectorlog.logentry").order_by("id")
    told = [(read.verb, len(read.keys)) for read in reads]
    # The file's lines leave after the page.
    assert told == [("exported", 0), ("listed", 1), ("exported", 1)]


def test_the_sectors_of_the_station_are_offered_and_the_menu_leads_there(analyst, sector):
    SectorFactory(name="Foreignland")
    page = analyst.get("/log/facts/").content.decode()
    assert f'href="/log/sectors/{sector.slug}/facts/"' in page
    assert "Foreignland" not in page
    assert 'href="/log/facts/"' in analyst.get("/account/").content.decode()


def test_other_stations_are_not_there(analyst):
    assert analyst.get(f"/log/sectors/{SectorFactory().slug}/facts/").status_code == 404
