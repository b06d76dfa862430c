"""The target groups of a sector: who they are, what is agreed, when they were last met, how things stand."""

from __future__ import annotations

import datetime
from typing import cast

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import shown
from officers.models import User
from sectorlog.forms.groups import AgreementForm, StatusForm
from sectorlog.groups.neglect import attention
from sectorlog.models import EntryGroup, GroupInSector, GroupStatus, TargetGroup
from sectorlog.permissions import can_agree_group, can_write_entry
from sectorlog.taking_turns import take_turn
from sectorlog.views.home import readable_sector
from sectors.models import Sector

# Of a group's page; the time line has all entries.
LATEST_ENTRIES, LATEST_STATUSES = 10, 50
# The same words by the same officer within this time: sent twice, written once.
SENT_TWICE = datetime.timedelta(minutes=10)


@require_safe
def group_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show each target group of the sector, the most neglected first."""
    user = cast("User", request.user)
    sector = readable_sector(user, slug)
    cells = sorted(attention([sector], timezone.now()), key=lambda cell: cell.urgency)
    agreed = {one.pk: one for one in GroupInSector.objects.filter(sector=sector).select_related("group")}
    shown(request, [sector, *agreed.values()])
    newest = (
        GroupStatus.objects.filter(in_sector__sector=sector)
        .select_related("author")
        .order_by("in_sector_id", "-at")
        .distinct("in_sector_id")
    )
    statuses = {status.in_sector_id: status for status in newest}
    rows = [(cell, agreed.get(cell.agreement or 0), statuses.get(cell.agreement or 0)) for cell in cells]
    context = {"sector": sector, "rows": rows, "can_agree": can_agree_group(user, sector)}
    return render(request, "sectorlog/group_list.html", context)


@require_safe
def group_detail(request: HttpRequest, slug: str, group: str) -> HttpResponse:
    """Show one group of the sector: what is agreed, the statuses, the latest entries about it."""
    sector, found = _of_sector(request, slug, group)
    return _page(request, sector, found)


@require_http_methods(["GET", "HEAD", "POST"])
def group_status(request: HttpRequest, slug: str, group: str) -> HttpResponse:
    """Add how things stand with the group; whoever reloads the page of a refusal is led back to it."""
    user = cast("User", request.user)
    sector, found = _of_sector(request, slug, group)
    if not can_write_entry(user, sector):
        raise Http404
    agreed = GroupInSector.objects.filter(sector=sector, group=found).first()
    if request.method != "POST" or agreed is None or found.retired_at:
        return redirect("sectorlog:group_detail", slug, group)
    form = StatusForm(request.POST, instance=GroupStatus(in_sector=agreed, author=user))
    form.station = sector.station
    if not form.is_valid():
        return _page(request, sector, found, form=form)
    if not _was_sent(form.instance):
        form.save()
    messages.success(request, _("The status is added."))
    return redirect("sectorlog:group_detail", slug, group)


@require_http_methods(["GET", "HEAD", "POST"])
def group_agree(request: HttpRequest, slug: str, group: str) -> HttpResponse:
    """Agree on who the group is here, its need, and how often it is met; 409 if somebody else did meanwhile."""
    user = cast("User", request.user)
    sector, found = _of_sector(request, slug, group)
    if not can_agree_group(user, sector) or found.retired_at:
        raise Http404
    if request.method == "POST":
        # One after the other, the first agreement included: there is no row of its own to lock yet.
        take_turn([sector.pk])
    agreed = GroupInSector.objects.filter(sector=sector, group=found).first()
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        instance=agreed or GroupInSector(sector=sector, group=found),
    )
    form.station = sector.station
    if request.method == "POST" and form.is_valid():
        if form.has_changed() or agreed is None:
            form.instance.agreed_at = timezone.now()
            form.save()
        messages.success(request, _("What is agreed is saved."))
        return redirect("sectorlog:group_detail", slug, group)
    shown(request, [agreed or sector])
    context = {"sector": sector, "group": found, "form": form, "agreed": agreed}
    return render(request, "sectorlog/group_agree.html", context, status=form.refusal_status)


def _of_sector(request: HttpRequest, slug: str, group: str) -> tuple[Sector, TargetGroup]:
    """Return the sector, if its log is readable, and its group of this name, retired ones too. Raises Http404."""
    sector = readable_sector(cast("User", request.user), slug)
    of_station = TargetGroup.objects.filter(Q(station=None) | Q(station=sector.station_id))
    return sector, get_object_or_404(of_station, slug=group)


def _was_sent(status: GroupStatus) -> bool:
    newest = GroupStatus.objects.filter(in_sector=status.in_sector, author=status.author).first()
    return newest is not None and newest.note == status.note and newest.at > timezone.now() - SENT_TWICE


def _page(
    request: HttpRequest, sector: Sector, group: TargetGroup, *, form: StatusForm | None = None
) -> HttpResponse:
    user = cast("User", request.user)
    agreed = GroupInSector.objects.filter(sector=sector, group=group).first()
    statuses = list(agreed.statuses.select_related("author")[:LATEST_STATUSES]) if agreed else []
    links = (
        EntryGroup.objects.filter(sector=sector, group=group)
        .select_related("entry__author", "entry__form_version__template")
        .order_by("-happened_at")[:LATEST_ENTRIES]
    )
    entries = [link.entry for link in links]
    shown(request, [*([agreed] if agreed else [sector]), *statuses, *entries])
    cells = [cell for cell in attention([sector], timezone.now()) if cell.group.pk == group.pk]
    may_add = agreed is not None and group.retired_at is None and can_write_entry(user, sector)
    context = {
        "sector": sector,
        "group": group,
        "agreed": agreed,
        "cell": cells[0] if cells else None,
        "statuses": statuses,
        "entries": entries,
        "form": form or (StatusForm() if may_add else None),
        "can_agree": group.retired_at is None and can_agree_group(user, sector),
        "can_write": can_write_entry(user, sector),
    }
    return render(request, "sectorlog/group_detail.html", context, status=422 if form else 200)
