"""Files of entries, handed out to who reads the entry's log."""

from __future__ import annotations

import logging
import uuid as uuids
from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from audit.reads import shown
from officers.models import User
from officers.views.documents import DOWNLOAD_HEADERS
from sectorlog.models import Attachment, LogEntry

logger = logging.getLogger(__name__)


@require_safe
def attachment_download(request: HttpRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """Hand the file out to be saved; that it was goes into the read log."""
    seen = LogEntry.objects.visible_to(cast("User", request.user))
    attachment = get_object_or_404(Attachment.objects.select_related("entry"), uuid=uuid, entry__in=seen)
    try:
        file = attachment.file.open("rb")
    except OSError:
        logger.exception("The file of attachment %s cannot be read", attachment.uuid)
        return render(request, "sectorlog/entry_file_missing.html", {"attachment": attachment}, status=404)
    # HEAD hands out no more than that there is such a file.
    if request.method == "GET":
        shown(request, attachment, verb="downloaded", sectors=[attachment.entry.sector_id])
    return FileResponse(
        file,
        as_attachment=True,
        filename=attachment.filename,
        content_type=attachment.content_type,
        headers=DOWNLOAD_HEADERS,
    )
