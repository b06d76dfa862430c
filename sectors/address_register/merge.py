"""Bring the register to what the staging tables of an import say: in sets, batch by batch, each in a transaction."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from sectors.address_register.staging import Staging
from sectors.models import BoundaryRelease
from sectors.ownership import Ownership
from sectors.resector import WRITING_ADDRESSES

BATCH = 50_000

_STREETS = """
INSERT INTO sectors_street (name, postcode, city, key, address_count)
SELECT street, postcode, city, min(key), 0 FROM {rows} GROUP BY street, postcode, city
ON CONFLICT (name, postcode, city) DO UPDATE SET key = EXCLUDED.key
WHERE sectors_street.key <> EXCLUDED.key
"""

# Of an address that the file holds more than once, the last record counts.
_DOORS = """
CREATE UNLOGGED TABLE {doors} AS
SELECT row_number() OVER (ORDER BY street_id, number, letter) AS place, *
FROM (
    SELECT DISTINCT ON (street.id, staged.number, staged.letter)
        street.id AS street_id, staged.number, staged.letter,
        ST_SetSRID(ST_MakePoint(staged.lon, staged.lat), 4326) AS location
    FROM {rows} staged
    JOIN sectors_street street
        ON street.name = staged.street AND street.postcode = staged.postcode AND street.city = staged.city
    ORDER BY street.id, staged.number, staged.letter, staged.record DESC
) last
"""

_DIFFERING = """
SELECT door.place, known.id IS NULL, ST_X(door.location), ST_Y(door.location)
FROM {doors} door
LEFT JOIN sectors_address known
    ON known.street_id = door.street_id AND known.number = door.number AND known.letter = door.letter
WHERE door.place BETWEEN %(first)s AND %(last)s
    AND (known.id IS NULL OR NOT known.location = door.location)
"""

_ADDRESSES = """
INSERT INTO sectors_address (street_id, number, letter, location, sector_id)
SELECT door.street_id, door.number, door.letter, door.location, differing.sector
FROM unnest(%(places)s::bigint[], %(sectors)s::bigint[]) AS differing (place, sector)
JOIN {doors} door ON door.place = differing.place
ORDER BY door.place
ON CONFLICT (street_id, number, letter)
DO UPDATE SET location = EXCLUDED.location, sector_id = EXCLUDED.sector_id
"""

_PRUNE = """
DELETE FROM sectors_address known WHERE NOT EXISTS (
    SELECT FROM {doors} door
    WHERE door.street_id = known.street_id AND door.number = known.number AND door.letter = known.letter
)
"""

_COUNTS = """
UPDATE sectors_street street SET address_count = counted.addresses
FROM (
    SELECT street.id, count(address.id) AS addresses
    FROM sectors_street street LEFT JOIN sectors_address address ON address.street_id = street.id
    GROUP BY street.id
) counted
WHERE counted.id = street.id AND counted.addresses <> street.address_count
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """How many addresses were added, changed and removed; how many records repeated an address of the file."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    duplicates: int = 0


def merge(staging: Staging, *, prune: bool, tell: Callable[[int, int], None]) -> Merged:
    """Merge what is staged. Begun again after an interruption, it skips what is in the register already."""
    now = timezone.now()
    division, ownership = _releases_in_force(now), Ownership(now)
    _prepare(staging)
    total = staging.count(staging.doors)
    added = changed = 0
    for first in range(1, total + 1, BATCH):
        new, other = _merge_batch(staging, ownership, first, first + BATCH - 1)
        added, changed = added + new, changed + other
        tell(min(first + BATCH - 1, total), total)
    # Right after a first import the planner takes the tables for empty, and would go through one for each row of
    # the other.
    _write("ANALYZE sectors_street, sectors_address")
    removed = _write(_PRUNE.format(doors=staging.doors)) if prune else 0
    _write(_COUNTS)
    if prune:
        _write("DELETE FROM sectors_street WHERE address_count = 0")
    _resector_if_other(division)
    return Merged(added, changed, removed, staging.count(staging.rows) - total)


def _prepare(staging: Staging) -> None:
    if staging.has(staging.doors):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {staging.rows}")
        cursor.execute(_STREETS.format(rows=staging.rows))
        cursor.execute(_DOORS.format(rows=staging.rows, doors=staging.doors))
        cursor.execute(f"CREATE INDEX ON {staging.doors} (place)")
        cursor.execute(f"CREATE INDEX ON {staging.doors} (street_id, number, letter)")
        cursor.execute(f"ANALYZE {staging.doors} (place, street_id, number, letter)")


def _merge_batch(staging: Staging, ownership: Ownership, first: int, last: int) -> tuple[int, int]:
    """Write what differs from the register; return how many addresses are new, and how many have moved."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING_ADDRESSES])
        cursor.execute(_DIFFERING.format(doors=staging.doors), {"first": first, "last": last})
        rows = cursor.fetchall()
        if rows:
            sectors = ownership.sectors_of([(lon, lat) for _, _, lon, lat in rows])
            written = {"places": [place for place, _, _, _ in rows], "sectors": sectors}
            cursor.execute(_ADDRESSES.format(doors=staging.doors), written)
    added = sum(is_new for _, is_new, _, _ in rows)
    return added, len(rows) - added


def _write(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING_ADDRESSES])
        cursor.execute(statement)
        return cursor.rowcount


def _releases_in_force(at: datetime.datetime) -> set[int]:
    return set(BoundaryRelease.objects.active_at(at).values_list("pk", flat=True))


def _resector_if_other(division: set[int]) -> None:
    """Boundaries that came into force during the merge: the early batches were put into the old sectors."""
    newcomers = _releases_in_force(timezone.now()) - division
    BoundaryRelease.objects.filter(pk__in=newcomers).update(resectored_at=None)
