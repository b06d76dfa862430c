"""The briefing sheet: what each reader is told, and what it costs."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from sectorlog.briefings.sheet import MOST_ENTRIES, sheet_of
from sectorlog.models import GroupStatus, ProgressNote, TargetGroup
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BriefingFactory,
    ChallengeFactory,
    CoverFactory,
    EffortFactory,
    GroupInSectorFactory,
    LogEntryFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    UserFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30


def days(count: float) -> datetime.timedelta:
    return datetime.timedelta(days=count)


@pytest.fixture
def sector():
    return SectorFactory(name="Westend")


@pytest.fixture
def other(sector):
    """Another sector of the district."""
    return SectorFactory(name="Eastend", district=sector.district)


@pytest.fixture
def officer(sector):
    return AssignmentFactory(sector=sector, officer__user=UserFactory()).officer.user


@pytest.fixture
def briefing(sector):
    return BriefingFactory(district=sector.district, ends_at=timezone.now() + datetime.timedelta(minutes=1))


def of(sheet, sector):
    return next(one for one in sheet.sectors if one.sector == sector)


def fill(sector, entries: int) -> None:
    group = TargetGroup.objects.get(slug="young")
    row = GroupInSectorFactory(sector=sector, group=group)
    party = PartyFactory(sector=sector)
    author = UserFactory()
    for number in range(entries):
        entry = LogEntryFactory(
            sector=sector,
            author=author,
            happened_at=timezone.now() - datetime.timedelta(minutes=number),
            parties=[party],
        )
        if number % 10 == 0:
            PromiseFactory(entry=entry)
            challenge = ChallengeFactory(sector=sector, opened_by=author)
            ProgressNote.objects.create(challenge=challenge, text="Went on.", author=author)
            GroupStatus.objects.create(in_sector=row, note="Calm.", author=author)
            EffortFactory(sectors=[sector], created_by=author).tasks.create(what="Walk", who=author)


@pytest.mark.parametrize("entries", [50, 500])
def test_the_number_of_queries_does_not_grow(sector, other, briefing, entries, django_assert_max_num_queries):
    fill(sector, entries // 2)
    fill(other, entries // 2)
    head = head_of_district(sector.district)
    with django_assert_max_num_queries(MOST_QUERIES):
        sheet = sheet_of(briefing, head)
        for one in sheet.sectors:
            [(entry.form_version, entry.author.name, list(entry.parties.all())) for entry in one.entries]
    assert of(sheet, sector).written == entries // 2
    assert len(of(sheet, sector).entries) == MOST_ENTRIES
    assert of(sheet, sector).more_written == entries // 2 - MOST_ENTRIES


def test_of_other_sectors_an_officer_is_told_numbers_alone(client, sector, other, briefing, officer):
    fill(other, 3)
    LogEntryFactory(sector=other, text="Foreign words", follow_up_on=timezone.localdate())
    ChallengeFactory(sector=other, title="Foreign trouble")
    PromiseFactory(
        entry=LogEntryFactory(sector=other), what="Foreign promise", due_on=timezone.localdate() - days(1)
    )
    LogEntryFactory(sector=sector, text="Own words")
    sheet = sheet_of(briefing, officer)
    there = of(sheet, other)
    assert not there.is_read
    assert (there.written, there.opened, there.overdue) == (5, 2, 1)
    client.force_login(officer)
    for name in ("briefing_detail", "briefing_pdf"):
        response = client.get(reverse(f"sectorlog:{name}", args=[briefing.uuid]))
        assert response.status_code == 200
        assert b"Foreign" not in response.content
    text = client.get(reverse("sectorlog:briefing_detail", args=[briefing.uuid])).content.decode()
    assert "Own words" in text


@pytest.mark.parametrize("page", ["briefing_detail", "briefing_pdf"])
def test_each_name_on_the_sheet_is_in_the_read_log(client, sector, briefing, officer, page):
    party = PartyFactory(sector=sector, name="Kiosk")
    LogEntryFactory(sector=sector, parties=[party])
    task = EffortFactory(sectors=[sector]).tasks.create(what="Ask at the school")
    client.force_login(officer)
    assert client.get(reverse(f"sectorlog:{page}", args=[briefing.uuid])).status_code == 200
    noted = {key for read in ReadEntry.objects.all() for key in read.keys}
    assert {f"sectorlog.party:{party.pk}", f"sectorlog.efforttask:{task.pk}"} <= noted


def test_rights_of_the_moment_count(sector, other, briefing, officer):
    LogEntryFactory(sector=other)
    assert [one.sector for one in sheet_of(briefing, officer).read] == [sector]
    AssignmentFactory(attached=True, sector=other, officer=officer.officer)
    del officer.standing
    assert len(sheet_of(briefing, officer).read) == 2


def test_what_was_written_in_the_period_is_told_also_when_it_happened_before(sector, officer):
    now = timezone.now()
    briefing = BriefingFactory(district=sector.district, begins_at=now - days(1), ends_at=now)
    late = LogEntryFactory(sector=sector, happened_at=now - days(3), written_at=now - days(0.5))
    LogEntryFactory(sector=sector, happened_at=now - days(3))
    LogEntryFactory(sector=sector, happened_at=now)
    assert of(sheet_of(briefing, officer), sector).entries == [late]


def test_challenges_that_were_opened_noted_or_closed_are_told(sector, officer, briefing):
    now, before = timezone.now(), timezone.now() - days(20)
    ChallengeFactory(sector=sector, title="New")
    noted = ChallengeFactory(sector=sector, title="Noted", opened_at=before)
    ProgressNote.objects.create(challenge=noted, text="Better", author=officer)
    ChallengeFactory(sector=sector, title="Closed", opened_at=before, closed_at=now, result="Gone")
    ChallengeFactory(sector=sector, title="Still", opened_at=before)
    ChallengeFactory(sector=sector, title="Silent", opened_at=now - days(40))
    sheet = of(sheet_of(briefing, officer), sector)
    told = {one.title: (one.is_new, one.is_closed, len(one.noted)) for one in sheet.challenges}
    assert told == {"New": (True, False, 0), "Noted": (False, False, 1), "Closed": (False, True, 0)}
    assert [one.title for one in sheet.silent] == ["Silent"]
    assert (sheet.opened, sheet.closed) == (1, 1)


def test_what_is_due_is_due_on_the_day_of_the_sheet(sector, officer, briefing):
    today = timezone.localdate()
    entry = LogEntryFactory(sector=sector, follow_up_on=today)
    LogEntryFactory(sector=sector, follow_up_on=today + days(1))
    for due, what in ((today - days(2), "late"), (today, "today"), (today + days(1), "tomorrow")):
        PromiseFactory(entry=entry, due_on=due, what=what)
    sheet = of(sheet_of(briefing, officer), sector)
    assert [(one.what, one.is_overdue) for one in sheet.promises] == [("late", True), ("today", False)]
    assert sheet.follow_ups == [entry]


def test_neglected_groups_and_running_efforts_are_told(sector, officer, briefing):
    group = TargetGroup.objects.get(slug="trade")
    GroupInSectorFactory(sector=sector, group=group, interval_days=5)
    EffortFactory(title="Runs", sectors=[sector])
    EffortFactory(title="Later", sectors=[sector], begins_on=timezone.localdate() + days(5))
    sheet = sheet_of(briefing, officer)
    assert [cell.group for cell in of(sheet, sector).neglected] == [group]
    assert [one.title for one in sheet.efforts] == ["Runs"]


def test_who_is_away_and_who_covers_is_told_of_every_sector(client, sector, other, briefing, officer):
    away = AbsenceFactory(officer__name="Away Officer", officer__station=sector.station)
    CoverFactory(absence=away, sector=other, officer__name="Helping Hand")
    client.force_login(officer)
    text = client.get(reverse("sectorlog:briefing_detail", args=[briefing.uuid])).content.decode()
    assert "Away Officer is away." in text
    assert "Helping Hand answers" in text


def test_a_sheet_of_another_district_is_not_there(client, officer):
    foreign = BriefingFactory()
    client.force_login(officer)
    assert client.get(reverse("sectorlog:briefing_detail", args=[foreign.uuid])).status_code == 404
    client.force_login(head_of(foreign.district.station))
    assert client.get(reverse("sectorlog:briefing_detail", args=[foreign.uuid])).status_code == 200
