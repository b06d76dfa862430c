"""Merging two parties that are one: which other one, what is kept, and then all of it at once."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.reads import shown
from sectorlog.forms.party_merging import MergeForm
from sectorlog.models import Party
from sectorlog.parties.likeness import Known, near
from sectorlog.parties.merging import MergeRefused, merge, what_stays
from sectorlog.permissions import can_update_party
from sectorlog.views.parties import party_or_404

if TYPE_CHECKING:
    from officers.models import User

MOST_FOUND = 20


@require_http_methods(["GET", "HEAD", "POST"])
def party_merge(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """GET asks for the other one, with `with` for what is kept of the two; POST merges them."""
    party = party_or_404(cast("User", request.user), uuid)
    if not can_update_party(cast("User", request.user), party):
        raise Http404
    if party.merged_into is not None:
        return redirect("sectorlog:party_detail", what_stays(party).uuid)
    asked = request.POST if request.method == "POST" else request.GET
    other = _other(party, asked.get("with", ""))
    if other is None:
        return _choose(request, party, is_refused=request.method == "POST")
    if request.method != "POST":
        return _page(request, MergeForm(own=party, other=other))
    form = MergeForm(request.POST, own=party, other=other)
    if form.has_changed_meanwhile:
        sentence = _("Somebody changed one of the two while you read. Look at them once more.")
        return _page(request, MergeForm(own=party, other=other), problem=sentence, status=409)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        stays = merge(*form.pair, form.kept)
    except MergeRefused as refusal:
        return _page(request, form, problem=str(refusal), status=409)
    messages.success(request, _("The two are one now. Contacts, entries and challenges have moved along."))
    return redirect("sectorlog:party_detail", stays.uuid)


def _other(party: Party, typed: str) -> Party | None:
    """Return the other party of the sector that is named, None where there is none."""
    try:
        key = uuids.UUID(typed)
    except ValueError:
        return None
    others = Party.objects.filter(sector=party.sector, merged_into=None).exclude(pk=party.pk)
    return others.select_related("flagged_for").filter(uuid=key).first()


def _choose(request: HttpRequest, party: Party, *, is_refused: bool) -> HttpResponse:
    """Offer who is near in name or address, and whom a search finds."""
    others = Party.objects.filter(sector=party.sector, merged_into=None).exclude(pk=party.pk)
    likely = near(party.name, party.address, map(Known.of, others))
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = []
    if text:
        named = Q(name__icontains=text) | Q(address__icontains=text)
        found = list(others.filter(named).exclude(pk__in=[one.pk for one in likely])[:MOST_FOUND])
    shown(request, [party, *likely, *found])
    context = {
        "sector": party.sector,
        "party": party,
        "likely": likely,
        "found": found,
        "text": text,
        "is_refused": is_refused,
    }
    return render(request, "sectorlog/party_merge_choose.html", context, status=422 if is_refused else 200)


def _page(request: HttpRequest, form: MergeForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    shown(request, [form.own, form.other])
    context = {
        "sector": form.own.sector,
        "party": form.own,
        "other": form.other,
        "form": form,
        "problem": problem,
    }
    return render(request, "sectorlog/party_merge.html", context, status=status)
