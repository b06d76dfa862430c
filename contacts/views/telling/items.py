"""A notice or event: begun, looked at as the public sees it, changed. What one does with it: `acts`."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import offered, shown
from contacts.models import Event, Notice
from contacts.permissions import can_head_station
from contacts.publishing import approving
from contacts.publishing.sent_twice import draft_sent_already
from contacts.views.telling.kinds import KINDS, changeable, detail_page, home_sector, item_or_404, sectors_of
from contacts.views.telling.overview import telling_sector
from sectors.models import Sector, Station
from sectors.places import outline

if TYPE_CHECKING:
    from officers.models import User

POST = "POST"


@require_http_methods(["GET", "HEAD", POST])
def item_create(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Begin a notice or an event in a sector."""
    sector = telling_sector(cast("User", request.user), slug)
    shown(request, sector)
    return _create(request, kind, sector.station, sector)


@require_http_methods(["GET", "HEAD", POST])
def item_create_for_station(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Begin one for all of a station's sectors: its head's."""
    station = get_object_or_404(Station, slug=slug)
    if not can_head_station(cast("User", request.user), station):
        raise Http404
    shown(request, station)
    return _create(request, kind, station, None)


def _create(request: HttpRequest, kind: str, station: Station, sector: Sector | None) -> HttpResponse:
    user = cast("User", request.user)
    item: Any = Notice(station=station, sector=sector, written_by=user)
    if kind == "event":
        item = Event(station=station, written_by=user)
    form: Any = KINDS[kind].form_of(request.POST if request.method == POST else None, item, user)
    if kind == "event" and sector is not None:
        form.initial["sectors"] = [sector.pk]
    if form.is_bound and form.is_valid():
        saved = draft_sent_already(form.instance) or form.save()
        messages.success(request, _("Saved as a draft. Below is what the public would see."))
        return redirect(f"contacts:{kind}_detail", saved.uuid)
    return _form_page(request, kind, form, sector)


def _form_page(
    request: HttpRequest, kind: str, form: Any, sector: Sector | None, item: Any = None
) -> HttpResponse:
    offered(request, form)
    context = {
        "kind": kind,
        "form": form,
        "item": item,
        "sector": sector,
        "outline": outline(sector) if sector else None,
    }
    return render(request, f"contacts/{kind}_form.html", context, status=form.refusal_status)


@require_safe
def item_detail(request: HttpRequest, uuid: uuids.UUID, kind: str) -> HttpResponse:
    """Show it as the public sees it, with what can be done."""
    return detail_page(request, KINDS[kind], item_or_404(request, KINDS[kind], uuid))


@require_http_methods(["GET", "HEAD", POST])
def item_update(request: HttpRequest, uuid: uuids.UUID, kind: str) -> HttpResponse:
    """Change a draft; of what is published only what may change. 409 where somebody else did so meanwhile."""
    user = cast("User", request.user)
    item = changeable(request, KINDS[kind], uuid, lock=request.method == POST)
    if (conflict := _published_meanwhile(request, kind, item)) is not None:
        return conflict
    if item.state == item.State.WITHDRAWN:
        return redirect(f"contacts:{kind}_detail", uuid)
    before, sector = sectors_of(item), home_sector(user, item)
    form: Any = KINDS[kind].form_of(request.POST if request.method == POST else None, item, user)
    if form.is_bound and form.is_valid():
        form.save()
        if not approving.can_approve(user, item):
            approving.rewrite(item)
        messages.success(request, _("Saved."))
        return redirect(f"contacts:{kind}_detail", uuid)
    return _form_page(request, kind, form, sector or next(iter(before), None), item)


def _published_meanwhile(request: HttpRequest, kind: str, item: Any) -> HttpResponse | None:
    """Return the answer to a changed draft that somebody published while it was changed; None for any other."""
    is_of_draft = request.method == POST and "text_en" in request.POST
    if not is_of_draft or item.state not in (item.State.PUBLISHED, item.State.WITHDRAWN):
        return None
    typed = [request.POST.get(name, "") for name in ("title_en", "text_en", "title_da", "text_da")]
    return detail_page(request, KINDS[kind], item, status=409, typed=[one for one in typed if one])
