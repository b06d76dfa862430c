"""New drafts in the admin: copied from the boundaries in force, or imported from a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext, ngettext

from sectors.admin.release_state import release_url
from sectors.admin.upload_limit import UploadLimit
from sectors.boundaries.file_import import Imported, Reading, import_boundaries
from sectors.boundaries.files import BoundaryFileError
from sectors.boundaries.publication import draft_from
from sectors.forms import ImportForm, NewReleaseForm
from sectors.models import BoundaryRelease, Station

if TYPE_CHECKING:
    from officers.models import User
    from sectors.admin.releases import BoundaryReleaseAdmin

# Boundary files are read as a whole. All of Denmark's parishes are 3 MB.
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
# A file of bad quality has hundreds; nobody reads more than these above a map.
MAX_NOTES = 10


def draft_view(pages: BoundaryReleaseAdmin, request: HttpRequest) -> HttpResponse:
    """Copy the boundaries in force into a new draft; a station without any begins with an empty one."""
    user = cast("User", request.user)
    form = NewReleaseForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        draft = _draft(form.cleaned_data["station"], form.cleaned_data["name"], user)
        return HttpResponseRedirect(release_url(draft))
    context = {
        "title": gettext("Draw new boundaries"),
        "lead": gettext(
            "Makes a draft with the boundaries in force now. Draw in it for as long as you like: nobody else "
            "notices before you publish it."
        ),
        "button": gettext("Make the draft"),
        "form": form,
    }
    return pages.page(request, "new_form.html", status=422 if form.errors else 200, **context)


def _draft(station: Station, name: str, user: User) -> BoundaryRelease:
    in_force = BoundaryRelease.objects.filter(station=station).active_at(timezone.now()).first()
    if in_force:
        return draft_from(in_force, name=name, by=user)
    return BoundaryRelease.objects.create(station=station, name=name, created_by=user)


def import_view(pages: BoundaryReleaseAdmin, request: HttpRequest, upload_limit: UploadLimit) -> HttpResponse:
    """Make a draft from an uploaded file and say what was noticed; of a refused file nothing is kept."""
    user = cast("User", request.user)
    form = ImportForm(request.POST or None, request.FILES or None, user=user)
    refusal = _upload_refusal(upload_limit) if request.method == "POST" else ""
    if refusal:
        form.fields["file"].required = False
    elif request.method == "POST" and form.is_valid():
        try:
            imported = _import(form, user)
        except BoundaryFileError as error:
            refusal = str(error)
        else:
            _tell(request, imported)
            return HttpResponseRedirect(release_url(imported.release))
    context = {
        "title": gettext("Import boundaries from a file"),
        "lead": gettext(
            "Makes a draft from the file. Sectors that the station has already are recognised by their "
            "number. Nothing is published by this."
        ),
        "button": gettext("Import the file"),
        "form": form,
        "refusal": refusal,
    }
    return pages.page(request, "new_form.html", status=422 if form.errors or refusal else 200, **context)


def _upload_refusal(upload_limit: UploadLimit) -> str:
    if upload_limit.has_several_files:
        return gettext("Choose one file: a draft is made from one at a time.")
    if upload_limit.is_exceeded:
        return gettext("This file is larger than 50 MB. Simplify it, or ask your administrator to import it.")
    return ""


def _import(form: ImportForm, user: User) -> Imported:
    """Hand the upload over under its own name, by which the draft tells where it was drawn from."""
    values = form.cleaned_data
    reading = Reading(epsg=values["epsg"], renumber_duplicates=values["renumber"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (get_valid_filename(values["file"].name)[-100:] or "upload")
        with path.open("wb") as kept:
            for chunk in values["file"].chunks():
                kept.write(chunk)
        return import_boundaries(path, values["station"], name=values["name"], reading=reading, by=user)


def _tell(request: HttpRequest, imported: Imported) -> None:
    count = imported.release.boundaries.count()
    sentence = ngettext("%(count)s sector imported.", "%(count)s sectors imported.", count)
    messages.success(request, sentence % {"count": count})
    for note in imported.notes[:MAX_NOTES]:
        messages.info(request, note)
    if len(imported.notes) > MAX_NOTES:
        rest = len(imported.notes) - MAX_NOTES
        sentence = ngettext("And %(count)s more note.", "And %(count)s more notes.", rest)
        messages.info(request, sentence % {"count": rest})
