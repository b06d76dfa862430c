"""Around the log's entries, what the overview looks at: who answers when, what is agreed, what waits.

As much a sector in a large station as in a small one, so that all that differs is how many sectors there are and how
long their log is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F
from django.utils import timezone

from benchmarks import log_rows
from contacts.models import ContactHours, Message
from officers.models import Absence, Assignment, Cover, Officer, PatrolForm
from overview.figures.counting import all_months, count
from sectorlog.models import Challenge, GroupInSector, LogEntry, Party, Patrol, Promise, TargetGroup
from sectors.models import Boundary, BoundaryRelease, Sector, Station
from tests.factories import MessageFactory

DAY = datetime.timedelta(days=1)
# What triggers keep beside the links, which were filled without them.
LAST_CONTACTS = """
INSERT INTO sectorlog_partycontact (party_id, happened_at)
SELECT party.id, max(link.happened_at)
FROM sectorlog_party party LEFT JOIN sectorlog_entryparty link ON link.party_id = party.id GROUP BY party.id
ON CONFLICT (party_id) DO UPDATE SET happened_at = excluded.happened_at;
INSERT INTO sectorlog_groupcontact (sector_id, group_id, happened_at)
SELECT sector_id, group_id, max(happened_at) FROM sectorlog_entrygroup GROUP BY sector_id, group_id;
"""
# Of the parties that the log's filling makes a sector.
AGREED_PARTIES, OPEN_CHALLENGES = 20, 3
# A sector's square, in degrees; so many beside each other.
SIDE, IN_A_ROW, WEST, SOUTH = 0.01, 20, 12.0, 55.5


def fill(rows: int, districts: Mapping[str, int]) -> None:
    """Fill the connected, empty database with so many entries of so many sectors, and all that stands around them."""
    log_rows.fill(rows, districts, with_search=False)
    with connection.cursor() as cursor:
        cursor.execute(LAST_CONTACTS)
    sectors = list(Sector.objects.order_by("number"))
    _draw(sectors)
    _appoint(sectors)
    _agree(sectors)
    _keep_waiting(sectors)
    now = timezone.now()
    count(all_months(now), now)


def _draw(sectors: list[Sector]) -> None:
    """Bring a division of squares into force."""
    station = Station.objects.get(slug="benchmark")
    release = BoundaryRelease.objects.create(station=station, name="Squares")
    areas = []
    for place, sector in enumerate(sectors):
        row, column = divmod(place, IN_A_ROW)
        west, south = WEST + column * SIDE, SOUTH + row * SIDE
        area = MultiPolygon(Polygon.from_bbox((west, south, west + SIDE, south + SIDE)), srid=4326)
        areas.append(Boundary(release=release, sector=sector, area=area))
    Boundary.objects.bulk_create(areas)
    begins = timezone.now() - 365 * DAY
    BoundaryRelease.objects.filter(pk=release.pk).update(
        period=DateTimeTZRange(begins, None), published_at=begins
    )


def _appoint(sectors: list[Sector]) -> None:
    """Appoint a responsible officer to nine sectors of ten, and name hours in six of seven."""
    now = timezone.now()
    officers = Officer.objects.bulk_create(
        Officer(
            station_id=sector.station_id,
            name=f"Responsible {sector.number}",
            title="Police officer",
            phone="+45 00 00 00 00",
            email=f"responsible.{sector.number}@benchmark.example",
        )
        for sector in sectors
    )
    Assignment.objects.bulk_create(
        Assignment(
            officer=officer,
            sector=sector,
            role=Assignment.Role.RESPONSIBLE,
            period=DateTimeTZRange(now - (100 + place) * DAY, now + 40 * DAY if place % 10 == 3 else None),
        )
        for place, (officer, sector) in enumerate(zip(officers, sectors, strict=True))
        if place % 10
    )
    _send_away(sectors, officers, now)
    ContactHours.objects.bulk_create(
        ContactHours(
            sector=sector,
            weekday=2,
            begins=datetime.time(16),
            ends=datetime.time(18),
            place="The library",
        )
        for sector in sectors
        if sector.number % 7
    )


def _send_away(sectors: list[Sector], officers: list[Officer], now: datetime.datetime) -> None:
    """Let one of five officers be away soon, every other one of them without cover."""
    away = DateTimeTZRange(now + 10 * DAY, now + 20 * DAY)
    absences = Absence.objects.bulk_create(
        Absence(officer=officer, period=away) for officer in officers[1::5]
    )
    Cover.objects.bulk_create(
        Cover(absence=absence, sector=sector, officer=other, period=away)
        for absence, sector, other in zip(absences[::2], sectors[1::10], officers[2::10], strict=False)
    )


def _agree(sectors: list[Sector]) -> None:
    """Agree on an interval for each group, and for some parties; close all challenges but a few a sector."""
    groups = list(TargetGroup.objects.filter(station=None))
    GroupInSector.objects.bulk_create(
        GroupInSector(sector=sector, group=group, interval_days=7 + 7 * (place % 9))
        for sector in sectors
        for place, group in enumerate(groups)
    )
    for number in range(AGREED_PARTIES):
        Party.objects.filter(name__endswith=f".{number}").update(interval_days=30 + 10 * number)
    left_open = [f".{number}" for number in range(OPEN_CHALLENGES)]
    closed = Challenge.objects.all()
    for ending in left_open:
        closed = closed.exclude(title__endswith=ending)
    closed.update(closed_at=timezone.now(), closed_by=F("opened_by"), result="It is over.")


def _keep_waiting(sectors: list[Sector]) -> None:
    """Leave messages and promises, and a year of patrols."""
    now = timezone.now()
    for sector in sectors:
        for days in (1, 9):
            MessageFactory(sector=sector, received_at=now - days * DAY)
        MessageFactory(
            sector=sector,
            received_at=now - 30 * DAY,
            answered_at=now - 28 * DAY,
            closed_at=now - 28 * DAY,
            result=Message.Result.SETTLED,
        )
        for entry in LogEntry.objects.filter(sector=sector).order_by("-happened_at")[:2]:
            Promise.objects.create(
                entry=entry, sector=sector, what="To call back.", due_on=now.date() - 3 * DAY
            )
        author = sector.entries.order_by("-happened_at")[0].author
        Patrol.objects.bulk_create(
            Patrol(
                user=author,
                sector=sector,
                form=list(PatrolForm)[day % 3],
                period=DateTimeTZRange(now - day * DAY, now - day * DAY + datetime.timedelta(hours=3)),
            )
            for day in range(1, 365, 2)
        )
