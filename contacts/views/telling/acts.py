"""What is done with a notice or event: handed in, decided on, taken back, written anew, discarded, cancelled.

Each is a POST; any other request leads to the page. Who comes second sees what it is now (409).
"""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts.forms.telling.notices import ReasonForm
from contacts.publishing import approving
from contacts.publishing.approving import ActedMeanwhile
from contacts.views.telling.kinds import KINDS, changeable, detail_page, home_sector, item_or_404
from officers import personal_data
from officers.forms.asking import key_of

if TYPE_CHECKING:
    from officers.models import User

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def item_hand_in(request: HttpRequest, uuid: uuids.UUID, kind: str) -> HttpResponse:
    """Publish a draft, or hand it to a head, once both languages are there and doubts are answered."""
    item, user = changeable(request, KINDS[kind], uuid), cast("User", request.user)
    if request.method != "POST":
        return redirect(f"contacts:{kind}_detail", uuid)
    if (refusal := _refused(request, kind, item)) is not None:
        return refusal
    try:
        item = approving.hand_in(item, by=user, as_seen=request.POST.get("seen", ""))
    except ActedMeanwhile:
        return _late(request, kind, uuid)
    if item.state == item.State.PUBLISHED:
        messages.success(request, _published(item))
    else:
        messages.success(
            request, _("Handed in. A head looks at it, and you are told by mail what comes of it.")
        )
    return redirect(f"contacts:{kind}_detail", uuid)


def _published(item: Any) -> str:
    if getattr(item, "is_internal", False):
        return _("Published for staff. The public is not told of it.")
    return _("Published.")


def _refused(request: HttpRequest, kind: str, item: Any) -> HttpResponse | None:
    """Return the page with what is missing, or with what must be answered first; None where nothing is."""
    if approving.missing_texts(item):
        return detail_page(request, KINDS[kind], item, status=422, is_refused=True)
    doubts = personal_data.doubts(approving.texts(item), item.station)
    if doubts and request.POST.get("answered") != key_of(doubts):
        return detail_page(request, KINDS[kind], item, status=422, is_refused=True)
    return None


def _late(request: HttpRequest, kind: str, uuid: uuids.UUID, **more: Any) -> HttpResponse:
    item = item_or_404(request, KINDS[kind], uuid)
    return detail_page(request, KINDS[kind], item, status=409, is_late=True, **more)


@require_http_methods(METHODS)
def item_decide(request: HttpRequest, uuid: uuids.UUID, kind: str) -> HttpResponse:
    """Publish what waits, or send it back with a reason: its heads."""
    item, user = item_or_404(request, KINDS[kind], uuid), cast("User", request.user)
    if not approving.can_approve(user, item):
        raise Http404
    if request.method != "POST":
        return redirect(f"contacts:{kind}_detail", uuid)
    seen = request.POST.get("seen", "")
    if request.POST.get("decision") == "send_back":
        return _send_back(request, kind, item, seen)
    if item.state == item.State.WAITING and (refusal := _refused(request, kind, item)) is not None:
        return refusal
    try:
        approving.approve(item, by=user, as_seen=seen)
    except ActedMeanwhile:
        return _late(request, kind, uuid)
    messages.success(request, _published(item))
    return redirect(f"contacts:{kind}_detail", uuid)


def _send_back(request: HttpRequest, kind: str, item: Any, seen: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return detail_page(request, KINDS[kind], item, status=422, reason_form=form)
    try:
        approving.send_back(item, form.cleaned_data["reason"], by=cast("User", request.user), as_seen=seen)
    except ActedMeanwhile:
        return _late(request, kind, item.uuid, reason_form=form)
    messages.success(request, _("Sent back. Who wrote it is told by mail."))
    return redirect(f"contacts:{kind}_detail", item.uuid)


@require_http_methods(METHODS)
def item_take_back(request: HttpRequest, uuid: uuids.UUID, kind: str) -> HttpResponse:
    """Take it from the public pages at once."""
    item = changeable(request, KINDS[kind], uuid)
    if request.method == "POST":
        try:
            approving.take_back(item)
        except ActedMeanwhile:
            return _late(request, kind, uuid)
        messages.success(request, _("Taken back. The public does not see it any more."))
    return redirect(f"contacts:{kind}_detail", uuid)


@require_http_methods(METHODS)
def item_write_anew(request: HttpRequest, uuid: uuids.UUID, kind: str) -> HttpResponse:
    """Begin a draft with the same words, which takes the old one back once it is published."""
    item = changeable(request, KINDS[kind], uuid)
    if request.method != "POST":
        return redirect(f"contacts:{kind}_detail", uuid)
    if item.state not in (item.State.PUBLISHED, item.State.WITHDRAWN):
        return _late(request, kind, uuid)
    draft = approving.write_anew(item, by=cast("User", request.user))
    return redirect(f"contacts:{kind}_update", draft.uuid)


@require_http_methods(METHODS)
def item_discard(request: HttpRequest, uuid: uuids.UUID, kind: str) -> HttpResponse:
    """Delete a draft."""
    item = changeable(request, KINDS[kind], uuid)
    if request.method != "POST":
        return redirect(f"contacts:{kind}_detail", uuid)
    sector = home_sector(cast("User", request.user), item)
    try:
        approving.discard(item)
    except ActedMeanwhile:
        return _late(request, kind, uuid)
    messages.success(request, _("The draft is deleted."))
    return redirect("contacts:telling_overview", sector.slug) if sector else redirect("contacts:publishing")


@require_http_methods(METHODS)
def event_cancel(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Call an event off: it stays on the public page, marked as cancelled, and who was to be there is told."""
    event = changeable(request, KINDS["event"], uuid)
    if request.method == "POST":
        try:
            approving.cancel(event, by=cast("User", request.user))
        except ActedMeanwhile:
            return _late(request, "event", uuid)
        messages.success(request, _("Cancelled. The public page says so, and who was to be there is told."))
    return redirect("contacts:event_detail", uuid)
