"""Which sector each address of the register belongs to, brought up to date when other boundaries come into force.

Look-ups do not wait for it: they ask the division in force about the location. What is kept with the address
serves counts and lists. Only addresses where old or new boundaries lie are looked at, in batches of the primary
key, and only those whose sector changes are written, so a run that was interrupted is simply begun again.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from sectors.models import Address, BoundaryRelease
from sectors.ownership import Ownership

logger = logging.getLogger(__name__)

BATCH = 50_000
# One number for all who write sectors into addresses: two batches that write at the same time could deadlock.
WRITING_ADDRESSES = 0x5EC70A
_ONE_RUN_AT_A_TIME = 0x5EC70B

# Where the boundaries of a release and of those of its station before it lie: nothing else can have changed.
_EXTENT = """
SELECT ST_SetSRID(ST_Extent(boundary.area)::geometry, 4326)
FROM sectors_boundary boundary
JOIN sectors_boundaryrelease release ON release.id = boundary.release_id
WHERE release.station_id = %(station)s AND release.period && tstzrange(%(since)s, %(at)s, '[]')
"""

_AROUND = """
SELECT id, sector_id, ST_X(location), ST_Y(location) FROM sectors_address
WHERE id BETWEEN %(first)s AND %(last)s AND location && %(extent)s::geometry
"""

_REASSIGN = """
UPDATE sectors_address address SET sector_id = moved.sector
FROM unnest(%(addresses)s::bigint[], %(sectors)s::bigint[]) AS moved (address, sector)
WHERE address.id = moved.address
"""


def due_releases() -> list[int]:
    """Return the primary keys of the releases in force that addresses have not been put into."""
    due = BoundaryRelease.objects.active_at(timezone.now()).filter(resectored_at=None)
    return list(due.order_by("pk").values_list("pk", flat=True))


def resector(release_pk: int, *, tell: Callable[[int, int], None] = lambda done, last: None) -> int:
    """Put the addresses around a release into the sectors in force; return how many changed their sector.

    Does nothing for a release that is not in force, nor while another run is under way: the sweeper comes back.
    `tell` hears the last primary key done, and the last of all.
    """
    with _alone() as is_alone:
        # The instant is taken after the lock: of two runs the later one sees all that the earlier one saw.
        now = timezone.now()
        release = BoundaryRelease.objects.active_at(now).filter(pk=release_pk).first()
        if release is None or not is_alone:
            return 0
        changed = _reassign_around(release, now, tell)
        BoundaryRelease.objects.filter(pk=release_pk, resectored_at=None).update(resectored_at=now)
    logger.info("Release %s: %s addresses changed their sector", release_pk, changed)
    return changed


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_RUN_AT_A_TIME])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_RUN_AT_A_TIME])


def _reassign_around(
    release: BoundaryRelease, now: datetime.datetime, tell: Callable[[int, int], None]
) -> int:
    extent = _extent(release, now)
    span = Address.objects.order_by("pk").values_list("pk", flat=True)
    first, last = span.first(), span.last()
    if extent is None or first is None or last is None:
        return 0
    ownership = Ownership(now)
    changed = 0
    for start in range(first, last + 1, BATCH):
        end = min(start + BATCH - 1, last)
        changed += _reassign(start, end, extent, ownership)
        tell(end, last)
    return changed


def _extent(release: BoundaryRelease, now: datetime.datetime) -> str | None:
    """Return the rectangle around the release, and around those in force since the last one that was finished."""
    station = BoundaryRelease.objects.filter(station=release.station_id)
    done = station.exclude(resectored_at=None).exclude(pk=release.pk).order_by("-period").first()
    since = done.period.lower if done is not None and done.period is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_EXTENT, {"station": release.station_id, "since": since, "at": now})
        return cursor.fetchone()[0]


def _reassign(first: int, last: int, extent: str, ownership: Ownership) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING_ADDRESSES])
        cursor.execute(_AROUND, {"first": first, "last": last, "extent": extent})
        rows = cursor.fetchall()
        owners = ownership.sectors_of([(lon, lat) for _, _, lon, lat in rows])
        moved = {
            address: owner
            for (address, known, _, _), owner in zip(rows, owners, strict=True)
            if owner != known
        }
        cursor.execute(_REASSIGN, {"addresses": list(moved), "sectors": list(moved.values())})
    return len(moved)
