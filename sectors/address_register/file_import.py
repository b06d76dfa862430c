"""Import an address file into the register: read and check it, then merge it in sets.

While the file is read nothing of it is in the register; a file that cannot be read to its end changes nothing.
The merge adds what is new and changes what differs, so that the same file twice is the same as once.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.gdal import CoordTransform, GDALException, OGRGeometry, SpatialReference, SRSException
from django.contrib.gis.gdal.srs import AxisOrder
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from sectors.address_register import merge
from sectors.address_register.columns import WGS84
from sectors.address_register.errors import AddressFileError, BadRecord
from sectors.address_register.files import AddressFile, Options, Read, open_addresses
from sectors.address_register.merge import Merged
from sectors.address_register.records import Row, misplacement, row_of
from sectors.address_register.staging import CONTENT_LENGTH, Rejected, Staging, drop_others
from sectors.models import AddressImport

CHUNK = 25_000
# A file with more bad records than this share is not what it was taken for: none of it is imported.
TOO_MANY_BAD = 0.9
LOCK_SECONDS = 10.0
_ONE_IMPORT_AT_A_TIME = 0xADD2E55
_HASHED_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: `done` of `total` in the unit of the step ("reading": bytes, "merging": addresses)."""

    step: str
    done: int
    total: int
    records: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did. `is_repeated`: the file was the last one imported, and nothing was done."""

    records: int
    bad: int
    merged: Merged = field(default_factory=Merged)
    is_repeated: bool = False
    resumed_at: int = 0


Tell = Callable[[Progress], None]
Report = Callable[[Iterable[Rejected]], None]


def import_addresses(
    path: Path,
    options: Options,
    *,
    tell: Tell = lambda progress: None,
    report: Report = lambda rejected: None,
    prune: bool = False,
    again: bool = False,
) -> Summary:
    """Bring the register to what the file says, and hand the records that could not be read to `report`.

    `prune` removes addresses that the file does not hold. `again` reads the file though it was the last one
    imported. Raises AddressFileError; then the register is as it was.
    """
    with _alone():
        run = _run_of(path, options, tell)
        if _is_last(run) and not (again or prune or Staging(run).has(Staging(run).rows)):
            return Summary(run.records_done, run.bad_records, is_repeated=True)
        drop_others(run)
        staging = Staging(run)
        staging.prepare()
        resumed_at = run.records_done
        try:
            _stage(path, options, run, staging, tell)
            _refuse_mostly_bad(run, staging)
        except AddressFileError:
            staging.drop()
            AddressImport.objects.filter(pk=run.pk, finished_at=None).delete()
            raise
        merged = merge.merge(
            staging, prune=prune, tell=lambda done, total: tell(Progress("merging", done, total, done))
        )
        if run.bad_records:
            report(staging.each_rejected())
        _finish(run, staging)
        return Summary(run.records_done, run.bad_records, merged, resumed_at=resumed_at)


@contextmanager
def _alone() -> Iterator[None]:
    # The server notices only after a moment that an import was killed.
    deadline = time.monotonic() + LOCK_SECONDS
    while not _locked():
        if time.monotonic() > deadline:
            raise AddressFileError(_("Another import of addresses is under way. Wait until it has ended."))
        time.sleep(0.2)
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_IMPORT_AT_A_TIME])


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_IMPORT_AT_A_TIME])
        return bool(cursor.fetchone()[0])


def _run_of(path: Path, options: Options, tell: Tell) -> AddressImport:
    run, _created = AddressImport.objects.get_or_create(
        fingerprint=_fingerprint(path, options, tell), defaults={"file_name": path.name[-255:]}
    )
    return run


def _fingerprint(path: Path, options: Options, tell: Tell) -> str:
    said = (sorted(options.mapping.items()), options.srid, options.encoding, settings.SERVICE_BOUNDS)
    digest = hashlib.sha256(repr(said).encode())
    try:
        total, done = path.stat().st_size, 0
        with path.open("rb") as stream:
            while part := stream.read(_HASHED_BYTES):
                digest.update(part)
                done += len(part)
                tell(Progress("checking", done, total, 0))
    except OSError as error:
        raise AddressFileError(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror}
        ) from None
    return digest.hexdigest()


def _is_last(run: AddressImport) -> bool:
    return (
        run.finished_at is not None
        and not AddressImport.objects.filter(finished_at__gt=run.finished_at).exists()
    )


def _finish(run: AddressImport, staging: Staging) -> None:
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    staging.drop()


# --- Reading -----------------------------------------------------------------------------------------------


def _stage(path: Path, options: Options, run: AddressImport, staging: Staging, tell: Tell) -> None:
    file = open_addresses(path, options)
    try:
        reads = itertools.islice(file.records(), run.records_done, None)
        while chunk := list(itertools.islice(reads, CHUNK)):
            rows, rejected = _checked(run.records_done, chunk, file)
            records, bad = run.records_done + len(chunk), run.bad_records + len(rejected)
            staging.add(rows, rejected, records=records, bad=bad)
            tell(Progress("reading", file.position, file.size, records))
            if records == bad == CHUNK:
                _refuse_mostly_bad(run, staging)
    finally:
        file.close()
    if not run.records_done:
        raise AddressFileError(_("The file holds no addresses."))


def _checked(start: int, chunk: list[Read], file: AddressFile) -> tuple[list[Row], list[Rejected]]:
    rows: list[Row] = []
    lines: list[Read] = []
    rejected: list[Rejected] = []
    for record, read in enumerate(chunk, start=start + 1):
        try:
            if read.fields is None:
                raise BadRecord(read.reason)
            rows.append(row_of(record, read.fields))
            lines.append(read)
        except BadRecord as bad:
            rejected.append(_rejected(read, str(bad)))
    return _in_place(rows, lines, rejected, file.columns.srid)


def _in_place(
    rows: list[Row], lines: list[Read], rejected: list[Rejected], srid: int
) -> tuple[list[Row], list[Rejected]]:
    """Bring the coordinates to EPSG:4326 and keep the rows that lie where addresses can be."""
    west, south, east, north = settings.SERVICE_BOUNDS
    bounds = (west, south, east, north)
    positions = to_degrees(np.array([(row.x, row.y) for row in rows]).reshape(-1, 2), srid)
    placed = []
    for row, read, (lon, lat) in zip(rows, lines, positions.tolist(), strict=True):
        reason = misplacement(lon, lat, bounds)
        if reason:
            rejected.append(_rejected(read, reason))
        else:
            placed.append(row._replace(x=lon, y=lat))
    return placed, rejected


def to_degrees(positions: np.ndarray, srid: int) -> np.ndarray:
    """Return positions (x, y) of a coordinate system in EPSG:4326; infinite ones where there is no such place."""
    if srid == WGS84 or not len(positions):
        return positions
    transform = _transform(srid)
    try:
        # One geometry for the whole chunk: a call for each point would cost more than all the rest.
        together = OGRGeometry(memoryview(cast("bytes", shapely.to_wkb(shapely.multipoints(positions)))))
        together.transform(transform)
        return shapely.get_coordinates(shapely.from_wkb(bytes(together.wkb)))
    except GDALException:
        return _one_by_one(positions, srid)


@functools.lru_cache(maxsize=4)
def _transform(srid: int) -> CoordTransform:
    try:
        source, degrees = (SpatialReference(code, axis_order=AxisOrder.TRADITIONAL) for code in (srid, WGS84))
    except (GDALException, SRSException):
        raise AddressFileError(_("There is no coordinate system EPSG:%(code)s.") % {"code": srid}) from None
    return CoordTransform(source, degrees)


def _one_by_one(positions: np.ndarray, srid: int) -> np.ndarray:
    """A position that cannot be transformed must not take its neighbours with it."""
    if len(positions) == 1:
        return np.full((1, 2), np.inf)
    half = len(positions) // 2
    return np.concatenate([to_degrees(positions[:half], srid), to_degrees(positions[half:], srid)])


def _rejected(read: Read, reason: str) -> Rejected:
    content = str(read.content)[:CONTENT_LENGTH].rstrip("\r\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return Rejected(read.line, reason, content.encode("utf-8", "replace").decode())


def _refuse_mostly_bad(run: AddressImport, staging: Staging) -> None:
    if run.bad_records >= TOO_MANY_BAD * run.records_done:
        raise AddressFileError(
            _(
                "%(bad)s of %(records)s records cannot be used, most of them for this reason: %(reason)s "
                "Nothing was imported. Check which column holds what (--map) and the coordinate system (--crs)."
            )
            % {
                "bad": run.bad_records,
                "records": run.records_done,
                "reason": staging.most_frequent_reason(),
            }
        )
