"""Which sector each address of the register belongs to, brought up to date when other boundaries come into force.

Look-ups do not wait for it: they ask the division in force about the location. What is kept with the address
serves counts and lists. Only addresses where old or new boundaries lie are looked at, in batches of the primary
key, and only those whose sector changes are written, so a run that was interrupted is simply begun again.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from sectors.models import Address, BoundaryRelease

logger = logging.getLogger(__name__)

BATCH = 50_000
# One number for all who write sectors into addresses: two batches that write at the same time could deadlock.
WRITING_ADDRESSES = 0x5EC70A

# The sector in force at an instant that covers a point; on a shared border the first by station and number, always.
SECTOR_AT = """(
    SELECT boundary.sector_id
    FROM sectors_boundary boundary
    JOIN sectors_boundaryrelease release ON release.id = boundary.release_id
    JOIN sectors_sector sector ON sector.id = boundary.sector_id
    JOIN sectors_station station ON station.id = sector.station_id
    WHERE release.period @> %(at)s::timestamptz AND ST_Covers(boundary.area, {point})
    ORDER BY station.slug, sector.number
    LIMIT 1
)"""

# Where the boundaries of a release and of those of its station before it lie: nothing else can have changed.
_EXTENT = """
SELECT ST_SetSRID(ST_Extent(boundary.area)::geometry, 4326)
FROM sectors_boundary boundary
JOIN sectors_boundaryrelease release ON release.id = boundary.release_id
WHERE release.station_id = %(station)s AND release.period && tstzrange(%(since)s, %(at)s, '[]')
"""

_REASSIGN = """
WITH looked_at AS (
    SELECT id, sector_id, {sector} AS belongs_to
    FROM sectors_address address
    WHERE id BETWEEN %(first)s AND %(last)s AND location && %(extent)s::geometry
)
UPDATE sectors_address address SET sector_id = looked_at.belongs_to
FROM looked_at
WHERE address.id = looked_at.id AND looked_at.sector_id IS DISTINCT FROM looked_at.belongs_to
"""


def due_releases() -> list[int]:
    """Return the primary keys of the releases in force that addresses have not been put into."""
    due = BoundaryRelease.objects.active_at(timezone.now()).filter(resectored_at=None)
    return list(due.order_by("pk").values_list("pk", flat=True))


def resector(release_pk: int, *, tell: Callable[[int, int], None] = lambda done, last: None) -> int:
    """Put the addresses around a release into the sectors in force; return how many changed their sector.

    Does nothing for a release that is not in force. `tell` hears the last primary key done, and the last of all.
    """
    now = timezone.now()
    release = BoundaryRelease.objects.active_at(now).filter(pk=release_pk).first()
    if release is None:
        return 0
    changed = 0
    extent = _extent(release, now)
    span = Address.objects.order_by("pk").values_list("pk", flat=True)
    first, last = span.first(), span.last()
    if extent is not None and first is not None and last is not None:
        for start in range(first, last + 1, BATCH):
            changed += _reassign(start, min(start + BATCH - 1, last), extent)
            tell(min(start + BATCH - 1, last), last)
    BoundaryRelease.objects.filter(pk=release_pk, resectored_at=None).update(resectored_at=now)
    logger.info("Release %s: %s addresses changed their sector", release_pk, changed)
    return changed


def _extent(release: BoundaryRelease, now: datetime.datetime) -> str | None:
    """Return the rectangle around the release, and around those in force since the last one that was finished."""
    station = BoundaryRelease.objects.filter(station=release.station_id)
    done = station.exclude(resectored_at=None).exclude(pk=release.pk).order_by("-period").first()
    since = done.period.lower if done is not None and done.period is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_EXTENT, {"station": release.station_id, "since": since, "at": now})
        return cursor.fetchone()[0]


def _reassign(first: int, last: int, extent: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING_ADDRESSES])
        # Compiling the statement anew for each batch costs more than it saves.
        cursor.execute("SET LOCAL jit = off")
        statement = _REASSIGN.format(sector=SECTOR_AT.format(point="address.location"))
        cursor.execute(statement, {"at": timezone.now(), "first": first, "last": last, "extent": extent})
        return cursor.rowcount
