"""What a hand-over pack tells, and what it does not."""

import datetime
import json

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone, translation

from officers.models import Assignment
from sectorlog.handover.entries import MOST_ENTRIES
from sectorlog.handover.pack import pack_of
from sectorlog.handover.reading import gone_from, read
from sectorlog.models import GroupStatus, Hold, ProgressNote, RecordKind, TargetGroup
from sectors.sector_drawing import RADIUS, WIDTH, Frame, points
from tests.factories import (
    AddressFactory,
    AssignmentFactory,
    ChallengeFactory,
    ContactPersonFactory,
    EffortFactory,
    GroupInSectorFactory,
    LogEntryFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    SourceReferralFactory,
    StreetFactory,
    UserFactory,
    between,
    division_of,
    first_form,
    middle,
)

pytestmark = pytest.mark.django_db
# Whatever the log's size.
MOST_QUERIES = 34


def days_ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture
def sector():
    west = SectorFactory(name="West")
    east = SectorFactory(name="East", district=west.district)
    division_of(west, east)
    AssignmentFactory(sector=east, officer__name="Nora Next", officer__phone="+45 00 00 77 77")
    return west


@pytest.fixture
def today():
    return timezone.localdate()


def fill(sector, *, parties: int, entries: int) -> None:
    author = UserFactory(name="Ada Author")
    group = TargetGroup.objects.get(slug="young")
    agreed = GroupInSectorFactory(sector=sector, group=group)
    GroupStatus.objects.create(in_sector=agreed, note="Calmer.", author=author)
    known = [PartyFactory(sector=sector, interval_days=30, place=Point(*middle())) for _ in range(parties)]
    for party in known:
        ContactPersonFactory(party=party)
        challenge = ChallengeFactory(sector=sector, opened_by=author)
        challenge.parties.add(party)
        challenge.groups.add(group)
        ProgressNote.objects.create(challenge=challenge, text="Went on.", author=author)
        effort = EffortFactory(sectors=[sector], created_by=author)
        effort.tasks.create(what="Walk through", who=author)
    for number in range(entries):
        entry = LogEntryFactory(
            sector=sector, author=author, happened_at=days_ago(number / 24), parties=known[:1], groups=[group]
        )
        if number % 10 == 0:
            PromiseFactory(entry=entry)


@pytest.mark.parametrize(("parties", "entries"), [(1, 5), (25, 60)])
def test_the_number_of_queries_does_not_grow(sector, today, django_assert_max_num_queries, parties, entries):
    fill(sector, parties=parties, entries=entries)
    with django_assert_max_num_queries(MOST_QUERIES):
        pack = pack_of(sector, today)
    assert pack["forms"]["told"] == entries
    assert pack["parties"]["told"] == parties


def test_only_the_newest_entries_are_told_and_how_many_there_are(sector, today, monkeypatch):
    assert MOST_ENTRIES == 200
    monkeypatch.setattr("sectorlog.handover.entries.MOST_ENTRIES", 3)
    for number in range(5):
        LogEntryFactory(sector=sector, text=f"Number {number}", happened_at=days_ago(number))
    forms = pack_of(sector, today)["forms"]
    (form,) = forms["by_form"]
    assert [entry["text"] for entry in form["entries"]] == ["Number 0", "Number 1", "Number 2"]
    assert (forms["told"], forms["total"]) == (3, 5)


def test_a_pack_is_pure_data(sector, today):
    fill(sector, parties=2, entries=3)
    pack = pack_of(sector, today)
    assert json.loads(json.dumps(pack)) == pack


def test_an_empty_log_makes_a_pack_that_can_be_read(sector, today):
    told = read(pack_of(sector, today))
    assert told["parties"]["first"] == []
    assert told["challenges"] == []
    assert told["map"]["outline"]


def test_a_sector_that_is_not_drawn_has_no_map(today):
    assert pack_of(SectorFactory(), today)["map"] is None


def test_neighbours_are_named_with_officer_and_telephone(sector, today):
    (other,) = pack_of(sector, today)["neighbours"]
    assert (other["name"], other["officer"], other["phone"]) == ("East", "Nora Next", "+45 00 00 77 77")


def test_officers_are_those_of_the_day_with_their_tenure(sector, today):
    AssignmentFactory(sector=sector, officer__name="Former", period=between(days=(-800, -70)))
    AssignmentFactory(sector=sector, officer__name="Present", period=between(days=(-70, 10)))
    AssignmentFactory(sector=sector, officer__name="Future", period=between(days=(10, 90)))
    told = read(pack_of(sector, today))["officers"]
    assert [(row["name"], row["role_label"]) for row in told["now"]] == [
        ("Present", Assignment.Role.RESPONSIBLE.label)
    ]
    assert [(row["name"], row["state"]) for row in told["history"]] == [
        ("Future", "coming"),
        ("Present", "now"),
        ("Former", "past"),
    ]
    assert told["history"][1]["tenure"] == "2 months"
    later = read(pack_of(sector, today + datetime.timedelta(days=20)))["officers"]
    assert [row["name"] for row in later["now"]] == ["Future"]


def test_visits_that_are_due_come_first_in_walking_order_and_the_rest_by_recency(sector, today):
    lon, lat = middle()
    oldest = PartyFactory(sector=sector, name="Oldest", interval_days=10, place=Point(lon, lat))
    far = PartyFactory(sector=sector, name="Far", interval_days=20, place=Point(lon + 0.004, lat))
    near = PartyFactory(sector=sector, name="Near", interval_days=30, place=Point(lon + 0.001, lat))
    nowhere = PartyFactory(sector=sector, name="Nowhere", interval_days=25)
    for party, days in ((oldest, 300), (far, 200), (near, 100), (nowhere, 90)):
        LogEntryFactory(sector=sector, parties=[party], happened_at=days_ago(days))
    recent, older = (PartyFactory(sector=sector, name=name) for name in ("Recent", "Older"))
    LogEntryFactory(sector=sector, parties=[recent], happened_at=days_ago(2))
    LogEntryFactory(sector=sector, parties=[older], happened_at=days_ago(20))
    PartyFactory(sector=sector, name="Gone", gone_at=timezone.now())
    pack = pack_of(sector, today)
    assert [row["name"] for row in pack["parties"]["first"]] == ["Oldest", "Near", "Far", "Nowhere"]
    assert [row["name"] for row in pack["parties"]["others"]] == ["Recent", "Older"]
    assert [row["metres"] for row in pack["parties"]["first"]][::3] == [None, None]
    assert 50 < pack["parties"]["first"][1]["metres"] < 80
    assert [point["number"] for point in pack["map"]["points"]] == [1, 2, 3]


def test_promises_follow_ups_efforts_and_events_are_told_with_their_dates(sector, today):
    soon = today + datetime.timedelta(days=9)
    entry = LogEntryFactory(sector=sector, follow_up_on=today, happened_at=days_ago(200))
    PromiseFactory(entry=entry, what="To call", to_whom="Kaj", due_on=today - datetime.timedelta(days=1))
    PromiseFactory(entry=entry, what="Kept", told_back_at=timezone.now())
    LogEntryFactory(sector=sector, follow_up_on=today, follow_up_done_at=timezone.now())
    EffortFactory(title="Lamps", sectors=[sector])
    EffortFactory(title="Elsewhere", sectors=[SectorFactory()])
    for again in (soon.isoformat(), (today - datetime.timedelta(days=9)).isoformat(), None):
        LogEntryFactory(
            sector=sector,
            form_version=first_form("major-event"),
            values={"event": f"Carnival {again}", "again": again},
            happened_at=days_ago(360),
        )
    told = read(pack_of(sector, today))
    assert [(row["what"], row["to_whom"], row["is_overdue"]) for row in told["promises"]] == [
        ("To call", "Kaj", True)
    ]
    assert [(row["due_on"], row["is_overdue"]) for row in told["follow_ups"]] == [(today, False)]
    assert [row["title"] for row in told["efforts"]] == ["Lamps"]
    assert [(row["event"], row["again_on"]) for row in told["events"]] == [(f"Carnival {soon}", soon)]


def test_challenges_are_told_with_their_last_notes_alone(sector, today):
    challenge = ChallengeFactory(sector=sector, title="Noise", opened_by=UserFactory())
    for number in range(5):
        ProgressNote.objects.create(challenge=challenge, text=f"Note {number}", author=UserFactory())
    ChallengeFactory(sector=sector, title="Over", closed_at=timezone.now(), result="Done.")
    (told,) = pack_of(sector, today)["challenges"]
    assert [note["text"] for note in told["notes"]] == ["Note 4", "Note 3", "Note 2"]


def test_groups_are_told_with_what_is_agreed_in_the_readers_language(sector, today):
    group = TargetGroup.objects.get(slug="homeless")
    row = GroupInSectorFactory(
        sector=sector, group=group, description="By the station", interval_days=9, need=3
    )
    GroupStatus.objects.create(in_sector=row, note="Before", author=UserFactory())
    GroupStatus.objects.create(in_sector=row, note="Now", author=UserFactory())
    pack = pack_of(sector, today)
    (told,) = read(pack)["groups"]["agreed"]
    assert (told["need_label"], told["interval_days"], told["status"]) == ("high", 9, "Now")
    assert told["name"] == "Homeless people"
    assert len(pack["groups"]["others"]) == 8
    with translation.override("da"):
        assert read(pack)["groups"]["agreed"][0]["name"] != "Homeless people"


def hold(kind, record, sector):
    return Hold.objects.create(
        kind=kind, record=record.uuid, sector=sector, by=UserFactory(), reason="A complaint"
    )


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_on_hold_is_not_told(sector, today, when):
    party = PartyFactory(sector=sector, name="Secret party")
    person = ContactPersonFactory(party=PartyFactory(sector=sector), name="Secret person")
    challenge = ChallengeFactory(sector=sector, title="Secret challenge")
    entry = LogEntryFactory(sector=sector, text="Secret text", follow_up_on=today, parties=[party])
    PromiseFactory(entry=entry, what="Secret promise")
    plain = LogEntryFactory(sector=sector, text="Plain", parties=[party])
    records = (
        (RecordKind.PARTY, party),
        (RecordKind.CONTACT, person),
        (RecordKind.CHALLENGE, challenge),
        (RecordKind.ENTRY, entry),
    )
    if when == "before":
        for kind, record in records:
            hold(kind, record, sector)
    pack = pack_of(sector, today)
    if when == "after":
        assert "Secret" in json.dumps(pack)
        for kind, record in records:
            hold(kind, record, sector)
    else:
        assert "Secret" not in json.dumps(pack)
    told = read(pack, gone_from(sector))
    assert "Secret" not in str(told)
    assert plain.text in str(told)


def test_nothing_of_source_handling_is_told(sector, today):
    SourceReferralFactory(district=sector.district, sealed="canary-4711")
    pack = pack_of(sector, today)
    assert "canary-4711" not in json.dumps(pack)
    assert not any("source" in kind for kind in pack["tells"])


def test_another_sectors_log_is_not_told(sector, today):
    fill(SectorFactory(district=sector.district), parties=1, entries=2)
    pack = pack_of(sector, today)
    assert pack["forms"]["told"] == 0
    assert pack["tells"] == {}


def test_streets_are_drawn_through_their_doors(sector, today):
    street = StreetFactory(name="Main Street")
    lon, lat = middle()
    for number in range(8):
        AddressFactory(
            street=street,
            sector=sector,
            number=number + 1,
            location=Point(lon + number * 1e-4, lat, srid=4326),
        )
    (drawn,) = pack_of(sector, today)["map"]["streets"]
    assert drawn["name"] == "Main Street"
    assert drawn["label"]["angle"] in (0, 180, -180)


def test_places_that_cover_each_other_are_moved_apart_and_stay_in_the_drawing():
    frame = Frame(12.0, 55.0, 12.01, 55.01)
    drawn = points([(number, (12.0, 55.0)) for number in range(1, 5)], frame)
    spots = {(point["x"], point["y"]) for point in drawn}
    assert len(spots) == 4
    assert all(RADIUS <= x <= WIDTH - RADIUS and RADIUS <= y <= frame.height - RADIUS for x, y in spots)
