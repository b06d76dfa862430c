"""Analysis documents for staff: upload, download, withdraw."""

from __future__ import annotations

import logging
import uuid as uuids
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, shown
from officers.permissions import can_upload_document
from officers.views.dossier import empty_upload, visible_sector
from sectors.admin.upload_limit import UploadLimit
from sectors.document_form import DocumentForm
from sectors.document_types import DocumentRefused
from sectors.documents import keep, may_withdraw, withdraw
from sectors.models import AnalysisDocument, Sector
from sectors.uploads import takes_file

if TYPE_CHECKING:
    from officers.models import User

logger = logging.getLogger(__name__)

# A document is handed out to be kept, never to be run: should a browser open it even so, it may do nothing.
DOWNLOAD_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_http_methods(["GET", "HEAD", "POST"])
@takes_file(lambda: settings.DOCUMENT_MAX_BYTES)
def document_add(request: HttpRequest, slug: str, *, upload: UploadLimit) -> HttpResponse:
    """Take a document about the sector, and about others of the station that are ticked."""
    user = cast("User", request.user)
    sector = visible_sector(user, slug)
    if not can_upload_document(user, sector):
        raise Http404
    # The form names the station's sectors, which everybody may know.
    nothing_personal(request)
    if request.method != "POST":
        return _form_page(request, sector, empty_upload(user, sector))
    form = DocumentForm(request.POST, request.FILES, user=user)
    form.upload = upload
    if form.is_valid() and _kept(form, user):
        messages.success(request, _("The document is uploaded. Officers of its sectors can download it now."))
        return redirect("officers:sector_dossier", slug)
    return _form_page(request, sector, form)


def _form_page(request: HttpRequest, sector: Sector, form: DocumentForm) -> HttpResponse:
    context = {"sector": sector, "upload_form": form}
    return render(request, "officers/document_add.html", context, status=422 if form.errors else 200)


def _kept(form: DocumentForm, user: User) -> bool:
    """Keep the document; a refusal goes into the form."""
    document = AnalysisDocument(title=form.cleaned_data["title"], source=form.cleaned_data["source"])
    try:
        keep(document, form.cleaned_data["file"], form.cleaned_data["sectors"], by=user)
    except DocumentRefused as refusal:
        form.add_error("file", str(refusal))
        return False
    return True


def _visible_document(request: HttpRequest, uuid: uuids.UUID) -> AnalysisDocument:
    seen = AnalysisDocument.objects.visible_to(cast("User", request.user))
    return get_object_or_404(seen.select_related("station").prefetch_related("sectors"), uuid=uuid)


@require_safe
def document_download(request: HttpRequest, uuid: uuids.UUID) -> HttpResponseBase:
    """Hand the file out to be saved; that it was goes into the read log."""
    document = _visible_document(request, uuid)
    try:
        file = document.file.open("rb")
    except OSError:
        logger.exception("The file of analysis document %s cannot be read", document.uuid)
        return render(request, "officers/document_missing.html", {"document": document}, status=404)
    # HEAD hands out no more than that there is such a file.
    if request.method == "GET":
        shown(request, [document], verb="downloaded", sectors=[one.pk for one in document.sectors.all()])
    return FileResponse(
        file,
        as_attachment=True,
        filename=document.filename,
        content_type=document.content_type,
        headers=DOWNLOAD_HEADERS,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def document_withdraw(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Ask (GET), then withdraw the document and remove its file (POST)."""
    document = _visible_document(request, uuid)
    if not may_withdraw(cast("User", request.user), document):
        raise Http404
    sectors = list(document.sectors.all())
    if request.method != "POST":
        shown(request, document, sectors=[sector.pk for sector in sectors])
        context = {"document": document, "sectors": sectors}
        return render(request, "officers/document_withdraw.html", context)
    withdraw(document)
    messages.success(request, _("The document is withdrawn and its file removed."))
    visible = Sector.objects.visible_to(cast("User", request.user)).filter(pk__in=[one.pk for one in sectors])
    first = visible.first()
    return redirect("officers:sector_dossier", first.slug) if first else redirect("officers:sector_list")
