"""Importing officers in the admin: a file, what it would do line by line, and then all of it or nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.reads import nothing_personal, shown
from officers.forms.officer_import import OfficerUploadForm, is_as_shown, sealed, unsealed
from officers.models import Officer
from officers.officer_file import COLUMNS, MOST_BYTES, OfficerFileError, read_officers
from officers.officer_import import ImportRefused, PlannedLine, import_officers, plan_import
from sectors.admin.upload_limit import UploadLimit
from sectors.csv_files import CsvFile
from sectors.instants import instant_text
from sectors.models import Station
from sectors.uploads import takes_file

if TYPE_CHECKING:
    from officers.models import User

KINDS = {
    "problem": gettext_lazy("to be mended"),
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "same": gettext_lazy("nothing to do"),
}


@takes_file(lambda: MOST_BYTES)
def import_view(request: HttpRequest, *, upload: UploadLimit) -> HttpResponse:
    """GET asks for the file; POST says what it would do, and does it once that is confirmed."""
    if not request.user.has_perm("officers.add_officer"):
        raise PermissionDenied
    user = cast("User", request.user)
    if request.method != "POST":
        return _form_page(request, OfficerUploadForm(user=user))
    if "sealed" in request.POST:
        return _confirmed(request, user)
    form = OfficerUploadForm(request.POST, request.FILES, user=user)
    form.upload = upload
    if not form.is_valid():
        return _form_page(request, form)
    data, station = form.cleaned_data["file"].read(), form.cleaned_data["station"]
    return _report(request, form, data, station)


def _report(request: HttpRequest, form: OfficerUploadForm, data: bytes, station: Station) -> HttpResponse:
    """Say what the file would do; a file that cannot be read is refused beside the field."""
    try:
        found = read_officers(data)
    except OfficerFileError as refusal:
        form.add_error("file", str(refusal))
        return _form_page(request, form)
    planned = plan_import(found.lines, station)
    return _report_page(request, found, planned, sealed(data, station, cast("User", request.user), planned))


@transaction.atomic
def _confirmed(request: HttpRequest, user: User) -> HttpResponse:
    """Do what was shown, if it is still the same; else show it anew."""
    try:
        data, key, digest = unsealed(request.POST["sealed"], user)
        # Two who import at once do it one after the other: the second finds what the first has made.
        station = Station.objects.headed_by(user).select_for_update(no_key=True).get(pk=key)
        found = read_officers(data)
    except (signing.BadSignature, Station.DoesNotExist, OfficerFileError):
        messages.error(request, _("This was read more than an hour ago. Choose the file once more."))
        return HttpResponseRedirect(reverse("admin:officers_officer_import"))
    planned = plan_import(found.lines, station)
    if not is_as_shown(planned, digest):
        return _changed(request, found, planned, data, station)
    try:
        kinds = [line.kind for line in planned]
        import_officers(planned)
    except ImportRefused:
        return _changed(request, found, plan_import(found.lines, station), data, station)
    _log(user, planned, kinds)
    messages.success(request, _done_text(Counter(kinds)))
    return HttpResponseRedirect(reverse("admin:officers_officer_changelist"))


def _changed(
    request: HttpRequest, found: CsvFile, planned: list[PlannedLine], data: bytes, station: Station
) -> HttpResponse:
    messages.warning(
        request, _("Something was changed while you read. Nothing has been imported: look at it once more.")
    )
    return _report_page(request, found, planned, sealed(data, station, cast("User", request.user), planned))


def _done_text(kinds: Counter[str]) -> str:
    made = ngettext("%(count)d officer was made", "%(count)d officers were made", kinds["new"])
    changed = ngettext("%(count)d was changed", "%(count)d were changed", kinds["changed"])
    return _("%(made)s, %(changed)s.") % {
        "made": made % {"count": kinds["new"]},
        "changed": changed % {"count": kinds["changed"]},
    }


def _log(user: User, planned: list[PlannedLine], kinds: list[str]) -> None:
    """Write into the officers' histories that they came from a file."""
    for kind, flag in (("new", ADDITION), ("changed", CHANGE)):
        officers = {
            line.officer.pk: line.officer
            for line, was in zip(planned, kinds, strict=True)
            if was == kind and line.officer is not None
        }
        if officers:
            LogEntry.objects.log_actions(user.pk, list(officers.values()), flag, _("Imported from a file."))


def _form_page(request: HttpRequest, form: OfficerUploadForm) -> HttpResponse:
    nothing_personal(request)
    columns = [(names[0], ", ".join(names[1:])) for names in COLUMNS.values()]
    context = {"title": _("Import officers from a file"), "form": form, "columns": columns}
    return _page(request, "import.html", context, status=422 if form.errors else 200)


def _report_page(
    request: HttpRequest, found: CsvFile, planned: list[PlannedLine], token: str
) -> HttpResponse:
    there = {line.officer.pk: line.officer for line in planned if line.officer and line.officer.pk}
    shown(request, list(there.values()), subject="" if there else "officers.officer")
    kinds = Counter(line.kind for line in planned)
    context = {
        "title": _("What the file would do"),
        "file": found,
        "rows": [_row(line) for line in planned],
        "counts": [(KINDS[kind], kinds[kind]) for kind in KINDS if kinds[kind]],
        "has_problems": bool(kinds["problem"]),
        "has_work": bool(kinds["new"] or kinds["changed"]),
        "sealed": token,
    }
    return _page(request, "import_report.html", context)


def _row(line: PlannedLine) -> dict[str, Any]:
    sentences = [*line.problems, *line.changes, *line.notes]
    if line.appointment is not None and not line.problems:
        sentences.append(
            _("%(role)s of %(sector)s from %(instant)s")
            % {
                "role": line.appointment.get_role_display(),
                "sector": line.appointment.sector,
                "instant": instant_text(line.appointment.period.lower),
            }
        )
    return {
        "number": line.number,
        "name": line.name or (line.officer.name if line.officer else ""),
        "kind": line.kind,
        "kind_name": KINDS[line.kind],
        "sentences": sentences,
    }


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), "opts": Officer._meta, **context}
    return TemplateResponse(request, f"admin/officers/officer/{template}", context, status=status)
