"""Hand-overs: the list of a sector, a pack before it is made, the pack, its items, its signatures, its print."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import offered, shown
from officers.models import User
from sectorlog.forms.handovers import HandoverForm, ItemForm
from sectorlog.handover.due import proposal_for
from sectorlog.handover.handing_over import (
    HandoverRefused,
    is_taker,
    left_open,
    make,
    settle,
    sign,
    signs_for,
    signs_once,
)
from sectorlog.handover.pack import pack_of
from sectorlog.handover.reading import gone_from, read, tells, with_items
from sectorlog.models import Handover, HandoverItem
from sectorlog.permissions import can_hand_over, can_read_log
from sectorlog.views.home import readable_sector
from sectors.models import Sector
from sectors.printing import pdf, pdf_response

MOST_LISTED = 50


@require_safe
def handover_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sector's hand-overs, the latest first, and whether one is due."""
    user = cast("User", request.user)
    sector = readable_sector(user, slug)
    found = Handover.objects.filter(sector=sector).select_related("giver", "taker").defer("pack")
    handovers = list(found[:MOST_LISTED])
    shown(request, handovers, subject="" if handovers else "sectorlog.handover", sectors=[sector.pk])
    context = {
        "sector": sector,
        "handovers": handovers,
        "can_hand_over": can_hand_over(user, sector),
        "proposal": proposal_for(sector),
    }
    return render(request, "sectorlog/handover_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def handover_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to whom and when (GET); make the pack (POST)."""
    sector = _sector_to_hand_over(request, slug)
    if request.method != "POST":
        return _new_page(request, HandoverForm(sector=sector, initial=_initial(sector)))
    form = HandoverForm(request.POST, sector=sector)
    if not form.is_valid():
        return _new_page(request, form)
    taker, on = form.cleaned_data["taker"], form.cleaned_data["on"]
    try:
        handover = make(sector, taker, on, by=cast("User", request.user))
    except HandoverRefused as refusal:
        form.add_error(None, str(refusal))
        return _new_page(request, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The pack is made. %(name)s is told.") % {"name": taker.name})
    return redirect("sectorlog:handover_detail", handover.uuid)


def _sector_to_hand_over(request: HttpRequest, slug: str) -> Sector:
    """Return the sector. Raises Http404 for who may not hand it over."""
    sector = readable_sector(cast("User", request.user), slug)
    if not can_hand_over(cast("User", request.user), sector):
        raise Http404
    return sector


def _initial(sector: Sector) -> dict[str, Any]:
    proposal = proposal_for(sector)
    return {"taker": proposal.taker_id, "on": proposal.on} if proposal else {"on": timezone.localdate()}


def _new_page(request: HttpRequest, form: HandoverForm, *, status: int | None = None) -> HttpResponse:
    offered(request, form)
    shown(request, form.sector)
    context = {"sector": form.sector, "form": form}
    status = status or (HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)
    return render(request, "sectorlog/handover_new.html", context, status=status)


@require_safe
def handover_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the pack would tell, before it is made. Nothing is kept."""
    sector = _sector_to_hand_over(request, slug)
    form = HandoverForm(request.GET, sector=sector)
    if not form.is_valid():
        return _new_page(request, form)
    pack = pack_of(sector, form.cleaned_data["on"])
    _note_what_is_told(request, sector, pack["tells"])
    offered(request, form)
    context = {"sector": sector, "form": form, "taker": form.cleaned_data["taker"], "told": read(pack)}
    return render(request, "sectorlog/handover_preview.html", context)


def _note_what_is_told(request: HttpRequest, sector: Sector, told: Mapping[str, list[int]]) -> None:
    for subject, keys in told.items():
        shown(request, keys, subject=subject, sectors=[sector.pk])
    shown(request, sector)


def _visible(request: HttpRequest, uuid: uuids.UUID) -> Handover:
    """Return the hand-over, and note what its pack tells. Raises Http404 for who may not read it."""
    seen = Handover.objects.visible_to(cast("User", request.user))
    handover: Handover = get_object_or_404(
        seen.select_related(
            "sector__district", "sector__station", "giver__user", "giver_signed_by", "taker__user"
        ),
        uuid=uuid,
    )
    return handover


def _read(request: HttpRequest, handover: Handover, *, verb: str = "shown") -> dict[str, Any]:
    """Return what every page about the hand-over shows."""
    user = cast("User", request.user)
    shown(request, handover, verb=verb)
    for subject, keys in tells(handover).items():
        shown(request, keys, subject=subject, sectors=[handover.sector_id], verb=verb)
    told = read(handover.pack, gone_from(handover.sector))
    items = list(handover.items.all())
    return {
        "handover": handover,
        "sector": handover.sector,
        "told": told,
        "items": with_items(told, items),
        "settled": len(items) - left_open(items),
        "is_taker": is_taker(user, handover),
        "signs_for": signs_for(user, handover),
        # Who takes over and is not appointed yet finds nothing behind the tabs.
        "layout": "sectorlog/sector_base.html"
        if can_read_log(user, handover.sector)
        else "sectorlog/pack_base.html",
    }


@require_safe
def handover_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the pack as it was handed over, with what the taker said to each thing."""
    return render(request, "sectorlog/handover_detail.html", _read(request, _visible(request, uuid)))


@require_safe
def handover_pdf(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Hand the pack out as a PDF to print."""
    handover = _visible(request, uuid)
    context = _read(request, handover, verb="downloaded")
    content = pdf("sectorlog/print/handover.html", context)
    return pdf_response(content, f"{handover.sector.slug}-{handover.on:%Y-%m-%d}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def handover_items(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the things to accept; the taker accepts one, or says why not (POST)."""
    handover = _visible(request, uuid)
    if request.method != "POST":
        return _items_page(request, handover, None)
    if not is_taker(cast("User", request.user), handover):
        raise Http404
    form = ItemForm(request.POST, handover=handover)
    if not form.is_valid():
        return _items_page(request, handover, form)
    try:
        item = settle(handover, form.cleaned_data["item"], form.cleaned_data["note"], accepted=form.accepts)
    except HandoverRefused as refusal:
        form.add_error(None, str(refusal))
        return _items_page(request, handover, form, status=HTTPStatus.CONFLICT)
    return redirect(
        f"{reverse('sectorlog:handover_items', args=[handover.uuid])}#item-{_next(handover, item)}"
    )


def _next(handover: Handover, item: HandoverItem) -> int:
    """Return the position of the next thing that is open, of this one if there is none."""
    left = handover.items.filter(accepted_at=None, note="").values_list("position", flat=True)
    positions = sorted(left, key=lambda position: (position < item.position, position))
    return positions[0] if positions else item.position


def _items_page(
    request: HttpRequest, handover: Handover, form: ItemForm | None, *, status: int | None = None
) -> HttpResponse:
    context = _read(request, handover)
    can_accept = context["is_taker"] and handover.taker_signed_at is None
    context |= {
        "form": form,
        "can_accept": can_accept,
        "rows": _rows(handover, context["items"], form, can_accept),
    }
    status = status or (HTTPStatus.UNPROCESSABLE_ENTITY if form is not None else HTTPStatus.OK)
    return render(request, "sectorlog/handover_items.html", context, status=status)


def _rows(
    handover: Handover, items: list[tuple[HandoverItem, str]], refused: ItemForm | None, can_accept: bool
) -> list[dict[str, Any]]:
    """Return each thing with its form; the one that was refused keeps what was typed."""
    rows = []
    for item, title in items:
        typed = refused is not None and refused.data.get("item") == str(item.uuid)
        form = refused if typed else ItemForm(instance=item, handover=handover, initial={"item": item.uuid})
        if form is not None:
            # The same fields stand on the page once for each thing.
            form.auto_id = f"id_{item.position}_%s"
        rows.append({"item": item, "title": title, "form": form if can_accept else None, "is_refused": typed})
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def handover_sign(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Say what is signed (GET); sign it (POST)."""
    handover = _visible(request, uuid)
    user = cast("User", request.user)
    context = _read(request, handover)
    if context["signs_for"] is None:
        if not signs_once(user, handover):
            raise Http404
        # Signed in another tab: whoever signs again is led to what they signed.
        return redirect("sectorlog:handover_detail", handover.uuid)
    if request.method != "POST":
        return render(request, "sectorlog/handover_sign.html", context)
    try:
        sign(handover, by=user)
    except HandoverRefused as refusal:
        context["refusal"] = str(refusal)
        return render(request, "sectorlog/handover_sign.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Signed. It stays as it is."))
    return redirect("sectorlog:handover_detail", handover.uuid)
