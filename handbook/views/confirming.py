"""What has to be confirmed as read, and who has: editors ask and end it, officers confirm, heads follow it."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.models import ReadEntry
from audit.reads import nothing_personal, shown, shows_nothing_personal
from handbook.models import Passage, ReadingRequest, readable_stations
from handbook.permissions import can_contribute, can_edit_handbook, can_see_readers
from handbook.reading import confirming
from handbook.reading.confirming import Gone, Late, Reader

if TYPE_CHECKING:
    from officers.models import User
    from sectors.models import Station

METHODS = ["GET", "HEAD", "POST"]
ENDED_PER_PAGE = 50


@require_safe
def listing(request: HttpRequest, station: str) -> HttpResponse:
    """List what officers are asked to confirm and how many have: heads of theirs, editors of the whole station."""
    user = cast("User", request.user)
    home = get_object_or_404(readable_stations(user), slug=station)
    edits = _edits_or_404(user, home)
    # Numbers alone; the names stand on the page of each.
    nothing_personal(request)
    requests = ReadingRequest.objects.filter(passage__station=home).select_related("passage__chapter")
    asked = list(requests.open().order_by("passage__chapter__position", "passage__position"))
    ended = Paginator(requests.exclude(ended_at=None).order_by("-ended_at", "-pk"), ENDED_PER_PAGE)
    confirmed, total = confirming.counts(asked, confirming.followed_by(user, home))
    context = {
        "station": home,
        "rows": [(one, confirmed.get(one.pk, 0)) for one in asked],
        "total": total,
        "ended": ended.get_page(request.GET.get("page")),
        "is_part": confirming.districts_of(user, home) is not None,
        "edits": edits,
    }
    return render(request, "handbook/request_list.html", context)


def _edits_or_404(user: User, station: Station) -> bool:
    """Return whether the account edits the handbook. Raises Http404 for who neither edits it nor heads anybody."""
    edits = can_edit_handbook(user, station)
    if not (edits or can_see_readers(user, station)):
        raise Http404
    return edits


@require_safe
def detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show who has confirmed and who has not: heads theirs by name, editors how many."""
    user, asked = cast("User", request.user), _request_or_404(request, uuid)
    station = asked.passage.station
    edits = _edits_or_404(user, station)
    officers = confirming.followed_by(user, station)
    if can_see_readers(user, station):
        numbers = _by_name(request, confirming.who_has(asked, officers))
    else:
        nothing_personal(request)
        confirmed, total = confirming.counts([asked], officers)
        numbers = {"count": confirmed.get(asked.pk, 0), "total": total}
    context = {
        "asked": asked,
        "passage": asked.passage,
        "station": station,
        "edits": edits,
        "has_changed": confirming.has_changed(asked, asked.passage),
        "is_part": confirming.districts_of(user, station) is not None,
    }
    return render(request, "handbook/request_detail.html", context | numbers)


def _by_name(request: HttpRequest, readers: list[Reader]) -> dict[str, Any]:
    """Return for the page who has and who has not, and note for the read log that it names them."""
    sectors = {sector.pk for reader in readers for sector in reader.sectors}
    shown(
        request,
        [reader.officer for reader in readers],
        verb=ReadEntry.Verb.LISTED,
        subject="" if readers else "officers.officer",
        sectors=sectors,
    )
    confirmed = [reader for reader in readers if reader.confirmed_at is not None]
    return {
        "by_name": True,
        "missing": [reader for reader in readers if reader.confirmed_at is None],
        "confirmed": confirmed,
        "count": len(confirmed),
        "total": len(readers),
    }


def _request_or_404(request: HttpRequest, uuid: uuids.UUID) -> ReadingRequest:
    found = ReadingRequest.objects.visible_to(cast("User", request.user))
    row: ReadingRequest = get_object_or_404(
        found.select_related("passage__chapter", "passage__station"), uuid=uuid
    )
    return row


@shows_nothing_personal
@require_http_methods(METHODS)
def ask(request: HttpRequest, station: str, anchor: str) -> HttpResponse:
    """Ask officers to confirm that they have read the passage (POST), or anew where `instead_of` names a request."""
    user = cast("User", request.user)
    home = get_object_or_404(readable_stations(user), slug=station)
    passage = get_object_or_404(
        Passage.objects.select_related("chapter", "station"), station=home, anchor=anchor
    )
    if not can_edit_handbook(user, home):
        raise Http404
    if request.method == "POST":
        try:
            _asked, is_new = confirming.ask(passage, by=user, instead_of=request.POST.get("instead_of", ""))
        except Gone:
            return _refused(request, passage, _gone())
        except Late:
            return _refused(
                request,
                passage,
                _("Somebody else ended or renewed this meanwhile, or the text has not changed. Look again."),
            )
        if is_new:
            messages.success(request, _("Officers are asked to confirm. They are told by mail."))
        else:
            messages.info(request, _("Officers are asked to confirm this already."))
    return _to(passage)


@shows_nothing_personal
@require_http_methods(METHODS)
def confirm(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note that the officer has read the passage (POST); twice is once, 409 after it was ended."""
    user, asked = cast("User", request.user), _request_or_404(request, uuid)
    if not can_contribute(user, asked.passage.station):
        raise Http404
    if request.method == "POST":
        try:
            confirming.confirm(asked, user)
        except Gone:
            return _refused(request, asked.passage, _gone())
        except Late:
            return _refused(
                request,
                asked.passage,
                _("An editor ended this meanwhile: the text may be another now. Read it again."),
            )
        messages.success(request, _("Thank you. It is noted that you have read this."))
    return _to(asked.passage)


@shows_nothing_personal
@require_http_methods(METHODS)
def end(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """End the request (POST): nobody is asked any more, what was confirmed stays."""
    user, asked = cast("User", request.user), _request_or_404(request, uuid)
    if not can_edit_handbook(user, asked.passage.station):
        raise Http404
    if request.method == "POST":
        try:
            confirming.end(asked)
        except Late:
            return _refused(request, asked.passage, _("Somebody else ended this meanwhile."))
        messages.success(request, _("Ended. Nobody is asked any more; who confirmed stays noted."))
    return redirect("handbook:request_detail", uuid)


def _to(passage: Passage) -> HttpResponse:
    return redirect("handbook:passage_detail", passage.station.slug, passage.anchor)


def _gone() -> str:
    return _("This has left the handbook meanwhile. Nothing has to be confirmed.")


def _refused(request: HttpRequest, passage: Passage, word: str) -> HttpResponse:
    context = {"passage": passage, "station": passage.station, "word": word}
    return render(request, "handbook/request_refused.html", context, status=409)
