"""Importing a sector's parties: a file, what it would do line by line, and then all of it or nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from audit.reads import nothing_personal, shown
from sectorlog.forms.party_importing import PartyUploadForm, is_as_shown, sealed, unsealed
from sectorlog.models import Party
from sectorlog.parties.file import COLUMNS, MOST_BYTES, PartyFileError, read_parties
from sectorlog.parties.file_import import ImportRefused, PlannedLine, import_parties, plan_import
from sectorlog.permissions import can_import_parties
from sectorlog.taking_turns import take_turn
from sectorlog.views.home import readable_sector
from sectors.admin.upload_limit import UploadLimit
from sectors.csv_files import CsvFile
from sectors.models import Sector
from sectors.uploads import takes_file

if TYPE_CHECKING:
    from officers.models import User

KINDS = {
    "problem": gettext_lazy("to be mended"),
    "new": gettext_lazy("new"),
    "contact": gettext_lazy("another contact person"),
    "known": gettext_lazy("known already, passed over"),
    "again": gettext_lazy("twice in the file, passed over"),
}
COLUMN_NAMES = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "address": gettext_lazy("Address"),
    "contact": gettext_lazy("Name of the contact person"),
    "role": gettext_lazy("Role of the contact person"),
    "phone": gettext_lazy("Telephone"),
    "email": gettext_lazy("E-mail"),
    "interval": gettext_lazy("Agreed interval of visits, in days"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@takes_file(lambda: MOST_BYTES)
def party_import(request: HttpRequest, slug: str, *, upload: UploadLimit) -> HttpResponse:
    """GET asks for the file; POST says what it would do, and does it once that is confirmed."""
    user = cast("User", request.user)
    sector = readable_sector(user, slug)
    if not can_import_parties(user, sector):
        raise Http404
    if request.method != "POST":
        return _form_page(request, sector, PartyUploadForm())
    if "sealed" in request.POST:
        return _confirmed(request, sector, user)
    form = PartyUploadForm(request.POST, request.FILES)
    form.upload = upload
    if not form.is_valid():
        return _form_page(request, sector, form)
    data = form.cleaned_data["file"].read()
    try:
        found = read_parties(data)
        planned = plan_import(found.lines, sector)
        token = sealed(data, sector, user, planned)
    except PartyFileError as refusal:
        form.add_error("file", str(refusal))
        return _form_page(request, sector, form)
    return _report_page(request, sector, found, planned, token)


def _confirmed(request: HttpRequest, sector: Sector, user: User) -> HttpResponse:
    """Do what was shown, if it is still the same; else show it anew."""
    try:
        data, digest = unsealed(request.POST["sealed"], sector, user)
        found = read_parties(data)
    except (signing.BadSignature, PartyFileError):
        messages.error(request, _("This was read more than an hour ago. Choose the file once more."))
        return redirect("sectorlog:party_import", sector.slug)
    # Two who import at once do it one after the other: the second finds what the first has made.
    take_turn([sector.pk])
    planned = plan_import(found.lines, sector)
    try:
        if not is_as_shown(planned, digest):
            raise ImportRefused
        import_parties(planned)
    except ImportRefused:
        planned = plan_import(found.lines, sector)
        token = sealed(data, sector, user, planned)
        return _report_page(request, sector, found, planned, token, has_changed=True)
    made = sum(line.kind == "new" for line in planned)
    text = ngettext("%(count)d party was imported.", "%(count)d parties were imported.", made)
    messages.success(request, text % {"count": made})
    return redirect("sectorlog:party_list", sector.slug)


def _form_page(request: HttpRequest, sector: Sector, form: PartyUploadForm) -> HttpResponse:
    nothing_personal(request)
    columns = [(COLUMN_NAMES[column], ", ".join(names)) for column, names in COLUMNS.items()]
    context = {"sector": sector, "form": form, "columns": columns, "kinds": Party.Kind.choices}
    return render(request, "sectorlog/party_import.html", context, status=422 if form.errors else 200)


def _report_page(
    request: HttpRequest,
    sector: Sector,
    found: CsvFile,
    planned: list[PlannedLine],
    token: str,
    *,
    has_changed: bool = False,
) -> HttpResponse:
    named = [one for line in planned for one in (line.party, *line.like) if one is not None and one.pk]
    there = {party.pk: party for party in named}
    shown(request, list(there.values()), subject="" if there else "sectorlog.party", sectors=[sector.pk])
    kinds = Counter(line.kind for line in planned)
    context: dict[str, Any] = {
        "sector": sector,
        "file": found,
        "rows": [(line, KINDS[line.kind]) for line in planned],
        "counts": [(KINDS[kind], kinds[kind]) for kind in KINDS if kinds[kind]],
        "has_problems": bool(kinds["problem"]),
        "has_work": bool(kinds["new"] or kinds["contact"]),
        "sealed": token,
        "has_changed": has_changed,
    }
    return render(request, "sectorlog/party_import_report.html", context, status=409 if has_changed else 200)
