"""Correcting an entry, by its author and for a day."""

from __future__ import annotations

import uuid as uuids
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.reads import offered, shown
from officers.models import User
from sectorlog.entries.correction import ChangedMeanwhile, Settled, correct, fingerprint
from sectorlog.forms.entry_additions import AddendumForm
from sectorlog.forms.entry_correction import CorrectionForm
from sectorlog.models import LogEntry
from sectorlog.permissions import can_add_to_entry, can_correct_entry
from sectorlog.views.entries import entry_page, visible_entry


@require_http_methods(["GET", "HEAD", "POST"])
def entry_correct(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the entry to be corrected, take the correction; what it said is kept.

    Two tabs: the second correction is shown again beside what the first one made of the entry. After the day it is
    offered as an addendum.
    """
    user, entry = cast("User", request.user), visible_entry(request, uuid)
    if entry.author_id != user.pk or not can_add_to_entry(user, entry):
        raise Http404
    if not can_correct_entry(user, entry):
        return _too_late(request, entry)
    if request.method != "POST":
        return _page(request, entry, CorrectionForm(entry=entry))
    form = CorrectionForm(request.POST, entry=entry)
    if not form.is_valid():
        return _page(request, entry, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        correct(entry, form.changes(), form.about(), as_of=form.cleaned_data["as_of"])
    except ChangedMeanwhile:
        return _changed_meanwhile(request, entry, form)
    except Settled:
        return _too_late(request, entry)
    messages.success(request, _("The entry is corrected. What it said before is kept."))
    return redirect("sectorlog:entry_detail", uuid)


def _changed_meanwhile(request: HttpRequest, entry: LogEntry, form: CorrectionForm) -> HttpResponse:
    """Show what was typed with what the entry says by now; saved again, it holds."""
    entry = visible_entry(request, entry.uuid)
    data = request.POST.copy()
    data["as_of"] = fingerprint(entry)
    form.data = data
    return _page(request, entry, form, status=HTTPStatus.CONFLICT)


def _too_late(request: HttpRequest, entry: LogEntry) -> HttpResponse:
    typed = request.POST.get("text", "")
    messages.info(
        request, _("The 24 hours in which this entry could be corrected are over. Write an addendum to it.")
    )
    if request.method != "POST":
        return redirect("sectorlog:entry_detail", entry.uuid)
    form = AddendumForm(initial={"text": typed, "uuid": uuids.uuid4()})
    return entry_page(request, entry, status=HTTPStatus.CONFLICT, addendum_form=form)


def _page(
    request: HttpRequest, entry: LogEntry, form: CorrectionForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    shown(request, entry)
    offered(request, form)
    context = {
        "entry": entry,
        "sector": entry.sector,
        "form": form,
        "is_conflict": status == HTTPStatus.CONFLICT,
        "more_is_open": True,
    }
    return render(request, "sectorlog/entry_correct.html", context, status=status)
