"""Promises to citizens: what was promised, and that they were told."""

from __future__ import annotations

import uuid as uuids
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.reads import shown
from officers.models import User
from sectorlog.entries.correction import tell_back
from sectorlog.forms.entry_additions import ToldBackForm
from sectorlog.models import Promise
from sectorlog.permissions import can_add_to_entry


@require_http_methods(["GET", "HEAD", "POST"])
def promise_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show a promise; take what the citizen was told about it."""
    user = cast("User", request.user)
    seen = Promise.objects.visible_to(user).select_related(
        "entry__sector",
        "entry__form_version",
        "entry__author",
        "sector__district",
        "sector__station",
        "told_back_by",
    )
    promise = get_object_or_404(seen, uuid=uuid)
    may_tell = can_add_to_entry(user, promise.entry)
    if request.method != "POST":
        return _page(request, promise, ToldBackForm() if may_tell else None)
    if not may_tell:
        raise Http404
    form = ToldBackForm(request.POST)
    form.station = promise.sector.station
    if not form.is_valid():
        return _page(request, promise, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not tell_back(promise, form.cleaned_data["told_back"], by=user):
        promise.refresh_from_db()
        return _page(request, promise, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Noted: they were told."))
    return redirect("sectorlog:entry_detail", promise.entry.uuid)


def _page(
    request: HttpRequest, promise: Promise, form: ToldBackForm | None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    shown(request, promise)
    context = {
        "promise": promise,
        "sector": promise.sector,
        "form": form,
        "is_conflict": status == HTTPStatus.CONFLICT,
        "today": timezone.localdate(),
    }
    return render(request, "sectorlog/promise_detail.html", context, status=status)
