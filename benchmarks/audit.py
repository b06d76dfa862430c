"""The log of reads: what it adds to a page, and what a reviewer waits for with a tenth of the entries and with all.

    script/benchmark audit

AUDIT_ROWS sets how many entries (5 million; a large force writes 50 million in some years). They are spread over
twelve months, 2,000 accounts and 200,000 objects; every tenth is a list of ten.
"""

import datetime
import os
import re
import statistics
import time
from collections.abc import Callable

from benchmarks.database import open_database

open_database()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import recording
from audit.models import ReadEntry
from audit.permissions import AuditScope
from tests.factories import DistrictFactory, LeadershipFactory, SectorFactory

ROWS = int(os.environ.get("AUDIT_ROWS", "5000000"))
MONTHS = 12
ACCOUNTS, OBJECTS = 2_000, 200_000
BATCH = 1_000_000
PAGE = 51
ROUNDS = 40
PAGE_ROUNDS = 300
GOAL_MS, GOAL_SHARE = 5.0, 0.10
TABLE = "audit_readentry"

ENTRIES = f"""
INSERT INTO {TABLE} (at, actor_id, actor, verb, subject, keys, sectors, path)
SELECT %(since)s::timestamptz + number * %(step)s, person, 'account' || person || '@police.example',
    CASE WHEN number %% 10 = 0 THEN 'listed' ELSE 'shown' END, 'officers.officer',
    CASE WHEN number %% 10 = 0
        THEN ARRAY(SELECT 'officers.officer:' || (object + other) %% {OBJECTS} FROM generate_series(0, 9) other)
        ELSE ARRAY['officers.officer:' || object] END,
    ARRAY[object %% 19], '/admin/officers/officer/' || object || '/change/'
FROM (
    SELECT number, (hashint8(number) & 2147483647) %% {ACCOUNTS} person,
        (hashint8(number * 7919) & 2147483647) %% {OBJECTS} object
    FROM generate_series(%(first)s::bigint, %(last)s::bigint - 1) number
) drawn
"""  # noqa: S608  # own names


def main() -> None:
    empty()
    seldom = measured_at(ROWS // 10)
    often = measured_at(ROWS)
    print(f"\na page of {PAGE - 1} entries, medians of {ROUNDS}")
    print(f"{'asked by':38}{ROWS // 10:>14,}{ROWS:>14,}   ratio   partitions")
    for name, ask in questions().items():
        a, b = seldom[name], often[name]
        print(f"{name:38}{a:11.2f} ms{b:11.2f} ms{b / a:8.2f}   {partitions_of(ask)} of {MONTHS + 1}")
    report_page()


def measured_at(rows: int) -> dict[str, float]:
    fill(rows)
    return {name: milliseconds(ask, ROUNDS) for name, ask in questions().items()}


def questions() -> dict[str, Callable[[], object]]:
    """Each asks as the reviewer's page does; of other accounts and objects every time."""
    now = timezone.now()
    month = AuditScope(everything=True), now - datetime.timedelta(days=30), now
    year = AuditScope(everything=True), now - datetime.timedelta(days=360), now
    turn = iter(range(10**9))

    def entries(scope: AuditScope, since: datetime.datetime, until: datetime.datetime) -> object:
        return ReadEntry.objects.visible_in(scope).between(since, until)

    return {
        "period, a month": lambda: entries(*month).page(PAGE),
        "period, the last page of the month": lambda: entries(*month).page(
            PAGE, after=(month[1] + datetime.timedelta(minutes=30), 1)
        ),
        "person, a month": lambda: entries(*month).filter(actor_id=next(turn) * 37 % ACCOUNTS).page(PAGE),
        "person, a year": lambda: entries(*year).filter(actor_id=next(turn) * 37 % ACCOUNTS).page(PAGE),
        "object, a month": lambda: entries(*month).about("officers.officer", key(next(turn))).page(PAGE),
        "object, a year": lambda: entries(*year).about("officers.officer", key(next(turn))).page(PAGE),
        "sector, a month": lambda: entries(*month).in_sector(next(turn) % 19).page(PAGE),
    }


def key(turn: int) -> str:
    return str(turn * 7919 % OBJECTS)


def milliseconds(ask: Callable[[], object], rounds: int) -> float:
    ask()
    times = []
    for _round in range(rounds):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def partitions_of(ask: Callable[[], object]) -> int:
    """Return how many partitions PostgreSQL's plan for the question looks into."""
    with CaptureQueriesContext(connection) as queries:
        ask()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {queries[-1]['sql']}")
        (plan,) = cursor.fetchone()
    return len(set(re.findall(r"'Relation Name': '(\w+)'", str(plan))))


def fill(rows: int) -> None:
    """Add entries until there are so many. Those of one filling lie evenly over the months."""
    there = count()
    since = timezone.now() - datetime.timedelta(days=30.4 * MONTHS)
    step = datetime.timedelta(days=30.4 * MONTHS) / (rows - there)
    begun = time.perf_counter()
    # All or nothing: a run that is stopped leaves the indexes where they were.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions(%s::date, %s)", [since, MONTHS + 1])
        indexes = _taken_off(cursor)
        for first in range(0, rows - there, BATCH):
            last = min(first + BATCH, rows - there)
            cursor.execute(ENTRIES, {"since": since, "step": step, "first": first, "last": last})
            print(f"\r{there + last:,} entries … {time.perf_counter() - begun:.0f} s", end="", flush=True)
        for index in indexes:
            cursor.execute(index)
        cursor.execute(f"ANALYZE {TABLE}")
    print(f"\r{rows:,} entries, indexed, in {time.perf_counter() - begun:.0f} s")


def _taken_off(cursor: object) -> list[str]:
    """Drop the indexes that are no constraint, and return the statements that make them again."""
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute(
        "SELECT indexdef, indexname FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'",
        [TABLE],
    )
    found = cursor.fetchall()
    for _definition, name in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition.replace(" ON ONLY ", " ON ") for definition, _name in found]


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")  # noqa: S608  # own name
        return cursor.fetchone()[0]


def empty() -> None:
    """Only a superuser can, and only by saying that triggers do not count."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {TABLE}, audit_seal")
        cursor.execute("SET session_replication_role = origin")


def report_page() -> None:
    """A list of 50 sectors in the admin: how much of its time is the log's statement, to the end of its commit."""
    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    client, address = _head_with_sectors(50), reverse("admin:sectors_sector_changelist")
    pages: list[float] = []
    writing: list[float] = []
    write = recording.Recording.write

    def timed(self: recording.Recording) -> None:
        begun = time.perf_counter()
        write(self)
        writing.append((time.perf_counter() - begun) * 1000)

    recording.Recording.write = timed
    for _round in range(PAGE_ROUNDS):
        begun = time.perf_counter()
        answer = client.get(address)
        pages.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    recording.Recording.write = write
    added = statistics.median(writing)
    page = statistics.median(pages) - added
    goal = min(GOAL_MS, GOAL_SHARE * page)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
    print(f"\na page of 50 objects, medians of {PAGE_ROUNDS}; fsync {fsync}, synchronous_commit {commit}")
    print(f"without the log {page:.2f} ms, the log adds {added:.2f} ms ({added / page:.1%})", end="")
    print(f"   goal ≤ {goal:.2f} ms   {'reached' if added <= goal else 'NOT REACHED'}")


def _head_with_sectors(number: int) -> Client:
    district = DistrictFactory(
        slug=f"benchmark-{time.time_ns()}", station__slug=f"benchmark-{time.time_ns()}"
    )
    for one in range(number):
        SectorFactory(district=district, number=one + 1, slug=f"{district.slug}-{one}")
    client = Client()
    email = f"{district.slug}@police.example"
    client.force_login(LeadershipFactory(station=district.station, user__email=email).user)
    return client


if __name__ == "__main__":
    main()
