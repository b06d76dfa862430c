"""What is added to an entry: addenda, files, promises; and that somebody came back to it.

Whoever reloads a page with a refusal, or reads it in the other language, is led back to the entry.
"""

from __future__ import annotations

import uuid as uuids
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officers.models import User
from sectorlog.entries.attachments import AttachmentRefused, keep
from sectorlog.entries.correction import AddedBefore, add_to, close
from sectorlog.forms.entry_additions import AddendumForm, FilesForm, PromiseForm
from sectorlog.forms.files import FilesLimit, takes_files
from sectorlog.models import Addendum, LogEntry, Promise
from sectorlog.permissions import can_add_to_entry, can_close_entry
from sectorlog.views.entries import entry_page, visible_entry

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def _entry_to_add_to(request: HttpRequest, uuid: uuids.UUID) -> LogEntry:
    """Return the entry. Raises Http404 where the account does not write in its sector."""
    entry = visible_entry(request, uuid)
    if not can_add_to_entry(cast("User", request.user), entry):
        raise Http404
    return entry


@require_http_methods(["GET", "HEAD", "POST"])
def addendum_add(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Add to what an entry says; the same addendum sent twice is one."""
    if request.method != "POST":
        return redirect("sectorlog:entry_detail", uuid)
    entry = _entry_to_add_to(request, uuid)
    form = AddendumForm(request.POST)
    form.station = entry.sector.station
    if not form.is_valid():
        return entry_page(request, entry, status=UNPROCESSABLE, addendum_form=form)
    addendum = form.addendum()
    addendum.author = cast("User", request.user)
    return _added(request, entry, addendum, said=_("The addendum is saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def promise_add(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note what was promised to a citizen."""
    if request.method != "POST":
        return redirect("sectorlog:entry_detail", uuid)
    entry = _entry_to_add_to(request, uuid)
    form = PromiseForm(request.POST)
    form.station = entry.sector.station
    if not form.is_valid():
        return entry_page(request, entry, status=UNPROCESSABLE, promise_form=form)
    return _added(request, entry, form.promise(), said=_("The promise is noted."))


def _added(request: HttpRequest, entry: LogEntry, addition: Addendum | Promise, *, said: str) -> HttpResponse:
    try:
        add_to(entry, addition)
    except AddedBefore as before:
        if not before.by_same:
            messages.error(
                request, _("This could not be saved under its number. Type it into this new page.")
            )
            return entry_page(request, entry, status=HTTPStatus.CONFLICT)
        messages.info(request, _("This was saved already. It stands there once."))
    else:
        messages.success(request, said)
    return redirect("sectorlog:entry_detail", entry.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files
def attachment_add(request: HttpRequest, uuid: uuids.UUID, *, upload: FilesLimit) -> HttpResponse:
    """Add pictures and documents to an entry."""
    if request.method != "POST":
        return redirect("sectorlog:entry_detail", uuid)
    entry = _entry_to_add_to(request, uuid)
    form = FilesForm(request.POST, request.FILES, entry=entry)
    form.upload = upload
    if form.is_valid():
        try:
            keep(entry, form.kept_files, by=cast("User", request.user))
        except AttachmentRefused as refusal:
            form.add_error("files", str(refusal))
    if form.errors:
        return entry_page(request, entry, status=UNPROCESSABLE, files_form=form)
    messages.success(request, _("The files are saved."))
    return redirect("sectorlog:entry_detail", entry.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_close(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note that somebody came back to it."""
    if request.method != "POST":
        return redirect("sectorlog:entry_detail", uuid)
    user, entry = cast("User", request.user), visible_entry(request, uuid)
    if not can_close_entry(user, entry):
        raise Http404
    if close(entry, by=user):
        messages.success(request, _("Noted: you came back to it."))
    else:
        messages.info(request, _("Nothing is left to come back to here: somebody noted it before."))
    return (
        redirect("sectorlog:log_home")
        if "to_log" in request.POST
        else redirect("sectorlog:entry_detail", uuid)
    )
