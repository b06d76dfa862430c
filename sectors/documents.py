"""Keeping and withdrawing analysis documents: row and file come and go together (handbook, The task, 13)."""

from __future__ import annotations

import contextlib
import datetime
import logging
import time
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sectors.document_types import DocumentRefused, checked, file_of
from sectors.models import AnalysisDocument, Sector, Station
from sectors.models.organisation import SectorQuerySet

if TYPE_CHECKING:
    from officers.models import User

logger = logging.getLogger(__name__)

UNCLAIMED_AFTER = datetime.timedelta(hours=6)


class RemovedUnlessCommitted:
    """Removes a file that was written unless the transaction of its row commits.

    Django tells nobody of a rollback, but then lets go of what it was to call on commit: of this.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        self._removal = weakref.finalize(self, storage.delete, name)

    def keep(self) -> None:
        self._removal.detach()


@transaction.atomic
def keep(
    document: AnalysisDocument, upload: File, sectors: Iterable[Sector], *, by: User
) -> AnalysisDocument:
    """Write the file and its row, both or neither; `document` brings title and source.

    Raises DocumentRefused for a file that is none of the kinds that are taken, for sectors of several stations, and
    when the disk does not take it.
    """
    chosen = list(sectors)
    what = checked(file_of(upload), upload.name or "")
    document.station = _station_of(chosen)
    document.filename, document.content_type = what.filename, what.content_type
    document.size, document.uploaded_by = upload.size, by
    _write(document, upload)
    document.save()
    document.sectors.set(chosen)
    return document


def _station_of(sectors: list[Sector]) -> Station:
    if len({sector.station_id for sector in sectors}) != 1:
        raise DocumentRefused(_("Choose one or more sectors of one station."))
    return sectors[0].station


def _write(document: AnalysisDocument, upload: File) -> None:
    storage, field = document.file.storage, AnalysisDocument._meta.get_field("file")
    name = field.generate_filename(document, "document")
    try:
        document.file = storage.save(name, upload)
    except OSError as error:
        logger.exception("An analysis document could not be written")
        _delete_what_was_written(storage, name)
        raise DocumentRefused(
            _(
                "The file could not be stored just now, and nothing was kept. "
                "Try again later, or tell your administrator."
            )
        ) from error
    transaction.on_commit(RemovedUnlessCommitted(storage, str(document.file.name)).keep)


def _delete_what_was_written(storage: Storage, name: str) -> None:
    """Remove the part of a file that a full disk took. What is left even so is found by `remove_unclaimed`."""
    with contextlib.suppress(OSError):
        storage.delete(name)


@transaction.atomic
def withdraw(document: AnalysisDocument) -> bool:
    """Mark the document as withdrawn and remove its file after the commit. Return False if it was already."""
    rows = AnalysisDocument.objects.filter(pk=document.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=timezone.now()):
        return False
    storage, name = document.file.storage, str(document.file.name)
    # A file that cannot be removed now is found by `remove_unclaimed`.
    transaction.on_commit(lambda: storage.delete(name), robust=True)
    return True


def remove_unclaimed() -> int:
    """Remove files that belong to no document: left by a crash, or withdrawn while the disk was away."""
    storage: Any = AnalysisDocument._meta.get_field("file").storage
    claimed = set(AnalysisDocument.objects.filter(withdrawn_at=None).values_list("file", flat=True))
    removed = 0
    for name in kept_before(storage, time.time() - UNCLAIMED_AFTER.total_seconds()):
        if name not in claimed:
            storage.delete(name)
            removed += 1
    return removed


def kept_before(storage: FileSystemStorage, instant: float) -> Iterator[str]:
    """Yield the names of the files that were there before `instant`, in seconds since 1970."""
    root = Path(storage.location)
    for path in root.glob("[0-9a-f][0-9a-f]/*"):
        if path.is_file() and path.stat().st_mtime < instant:
            yield path.relative_to(root).as_posix()


def sectors_to_write_about(user: User) -> SectorQuerySet:
    """Return the sectors for which `user` may upload: the station's head and analysts, the district's head."""
    standing = user.standing
    return Sector.objects.filter(
        Q(station__in=standing.stations | standing.stations_as("analyst"))
        | Q(district__in=standing.districts)
    )


def may_withdraw(user: User, document: AnalysisDocument) -> bool:
    """The station's head, the head of all the sectors' district, and whoever uploaded it while they still may."""
    standing = user.standing
    if document.station_id in standing.stations:
        return True
    held = {sector.district_id for sector in document.sectors.all()}
    if held and held <= standing.districts:
        return True
    return document.uploaded_by_id == user.pk and document.station_id in standing.stations_as("analyst")
