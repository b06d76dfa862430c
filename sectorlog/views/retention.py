"""Heads look through the records about people that come due, decide, and see the proof of what was erased."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Sequence
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit.models import ReadEntry
from audit.reads import shown
from officers.models import User
from sectorlog.forms.retention import MOST_AT_ONCE, Act, FilterForm, ReviewForm
from sectorlog.models import Erasure, Hold, RecordKind, ReviewDecision
from sectorlog.retention import reviewing
from sectorlog.retention.reviewing import Record

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def retention_list(request: HttpRequest) -> HttpResponse:
    """Show what comes due within 30 days, and do what was decided about what is ticked."""
    user = _head(request)
    ticked = request.POST.getlist("record")[:MOST_AT_ONCE]
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not ticked:
            form.add_error(None, _("Tick at least one record."))
        if form.is_valid():
            _do(request, form, reviewing.named(user, ticked))
            return redirect(request.get_full_path())
    choice = FilterForm(request.GET)
    page = Paginator(reviewing.coming_due(user, kinds=choice.kinds), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    records = reviewing.records(page.object_list)
    shown(request, [record.row for record in records], verb=ReadEntry.Verb.LISTED)
    context = {"form": form, "choice": choice, "page": page, "records": records, "ticked": ticked}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "sectorlog/retention_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def retention_record(request: HttpRequest, uuid: uuids.UUID, kind: RecordKind) -> HttpResponse:
    """Show how long one record is kept and what was decided about it; decide."""
    user = _head(request)
    is_sent = request.method == "POST"
    found = reviewing.named(user, [f"{kind}:{uuid}"]) if is_sent else _one(user, kind, uuid)
    if not found:
        raise Http404
    [record] = found
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if is_sent and form.is_valid():
        _do(request, form, found)
        return redirect(request.path)
    shown(request, record.row)
    context = {
        "record": record,
        "form": form,
        "decisions": ReviewDecision.objects.filter(kind=kind, record=uuid).select_related("by"),
        "holds": Hold.objects.filter(kind=kind, record=uuid).select_related("by", "lifted_by"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    return render(request, "sectorlog/retention_record.html", context, status=status)


@require_safe
def erasure_list(request: HttpRequest) -> HttpResponse:
    """Show the proof of what was erased, to the heads of its sector and to the data-protection reviewer."""
    user = cast("User", request.user)
    standing = user.standing
    erasures = Erasure.objects.select_related("sector", "by")
    if not standing.is_reviewer:
        _head(request)
        erasures = erasures.filter(
            Q(sector__district__in=standing.districts) | Q(sector__station__in=standing.stations)
        )
    choice = FilterForm(request.GET)
    if choice.kinds:
        erasures = erasures.filter(kind=choice.kinds[0])
    page = Paginator(erasures.order_by("-at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown(request, page.object_list, verb=ReadEntry.Verb.LISTED)
    context = {"choice": choice, "page": page}
    return render(request, "sectorlog/erasure_list.html", context)


def _head(request: HttpRequest) -> User:
    """Return the account. Raises Http404 for one that heads nothing."""
    user = cast("User", request.user)
    if not user.standing.districts and not user.standing.stations:
        raise Http404
    return user


def _one(user: User, kind: RecordKind, uuid: uuids.UUID) -> list[Record]:
    rows = reviewing.headed_by(user, kind).filter(uuid=uuid)
    return reviewing.with_decisions((kind, row) for row in rows)


def _do(request: HttpRequest, form: ReviewForm, found: Sequence[Record]) -> None:
    """Do what was decided, and say to how many records it was done: others may have gone meanwhile."""
    user, found_in = cast("User", request.user), form.cleaned_data
    match found_in["act"]:
        case Act.EXTEND:
            count = reviewing.extend(found, found_in["until"], found_in["reason"], by=user)
            sentence = ngettext("%(count)d record is kept.", "%(count)d records are kept.", count)
        case Act.LET_GO:
            count = reviewing.let_go(found, found_in["reason"], by=user)
            sentence = ngettext(
                "%(count)d record is erased in the night.",
                "%(count)d records are erased in the night.",
                count,
            )
        case Act.HOLD:
            count = reviewing.hold(found, found_in["reason"], by=user)
            sentence = ngettext("%(count)d record is on hold.", "%(count)d records are on hold.", count)
        case _:
            count = sum(reviewing.lift(record, found_in["reason"], by=user) for record in found)
            sentence = ngettext("%(count)d hold is lifted.", "%(count)d holds are lifted.", count)
    messages.success(request, sentence % {"count": count})
