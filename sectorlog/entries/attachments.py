"""Pictures and documents of an entry: row and file come and go together."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from officers.portraits import PictureRefused
from sectorlog.entries.pictures import can_read_heif, is_heif, written_anew
from sectorlog.models import Attachment, LogEntry
from sectors.document_types import ACCEPTED as ACCEPTED_DOCUMENTS
from sectors.document_types import NAME_LENGTH, PICTURES, DocumentRefused, checked, file_of
from sectors.documents import UNCLAIMED_AFTER, RemovedUnlessCommitted, kept_before

if TYPE_CHECKING:
    from officers.models import User

logger = logging.getLogger(__name__)

# What is taken at once, and what one entry carries.
AT_ONCE, MOST = 5, 20
# What a browser's file dialogue offers; a telephone makes a JPEG of its own pictures where HEIC is not named.
ACCEPTED = ACCEPTED_DOCUMENTS


class AttachmentRefused(Exception):
    """The file is not kept. Its text says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was looked at and may be kept."""

    filename: str
    content_type: str
    content: File


def prepared(upload: UploadedFile) -> Prepared:
    """Return what is kept of an upload: a document as it is, a picture written anew. Raises AttachmentRefused."""
    file, name = file_of(upload), upload.name or ""
    try:
        if is_heif(file.read(16)) and can_read_heif():
            return _picture(file, PurePosixPath(name).stem)
        file.seek(0)
        what = checked(file, name)
        if what.content_type in PICTURES:
            return _picture(file, PurePosixPath(what.filename).stem)
    except (DocumentRefused, PictureRefused) as refusal:
        raise AttachmentRefused(_heif_or(file, refusal)) from refusal
    return Prepared(what.filename, what.content_type, upload)


def _picture(file: Any, stem: str) -> Prepared:
    return Prepared(f"{stem[: NAME_LENGTH - 10]}.jpg", "image/jpeg", ContentFile(written_anew(file)))


def _heif_or(file: Any, refusal: Exception) -> str:
    file.seek(0)
    if is_heif(file.read(16)):
        return _("Pictures of the kind HEIC cannot be read here. Save or send it as a JPEG.")
    return str(refusal)


@transaction.atomic
def keep(entry: LogEntry, files: Iterable[Prepared], *, by: User) -> list[Attachment]:
    """Write the files and their rows, all or none. Raises AttachmentRefused when the disk does not take them."""
    kept = []
    for one in files:
        attachment = Attachment(
            entry=entry,
            filename=one.filename,
            content_type=one.content_type,
            size=one.content.size,
            uploaded_by=by,
        )
        _write(attachment, one.content)
        attachment.save(force_insert=True)
        kept.append(attachment)
    return kept


def _write(attachment: Attachment, content: File) -> None:
    field: Any = Attachment._meta.get_field("file")
    name = field.generate_filename(attachment, "attachment")
    try:
        written = field.storage.save(name, content)
    except OSError as error:
        logger.exception("An attachment could not be written")
        # The part that a full disk took; what is left even so is found by `remove_unclaimed`.
        with contextlib.suppress(OSError):
            field.storage.delete(name)
        raise AttachmentRefused(
            _(
                "The file could not be stored just now, and nothing was saved. "
                "Try again later, or save the entry without it."
            )
        ) from error
    attachment.file = written
    transaction.on_commit(RemovedUnlessCommitted(field.storage, written).keep)


def remove_unclaimed() -> int:
    """Remove files that belong to no attachment: left by a crash, or of an entry that was erased."""
    storage: Any = Attachment._meta.get_field("file").storage
    claimed = set(Attachment.objects.values_list("file", flat=True))
    removed = 0
    for name in kept_before(storage, time.time() - UNCLAIMED_AFTER.total_seconds()):
        if name not in claimed:
            storage.delete(name)
            removed += 1
    return removed
