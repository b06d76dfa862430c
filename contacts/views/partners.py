"""The directory of partners: looked up by everybody who works in the station, kept by its heads."""

from __future__ import annotations

import datetime
import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.models import ReadEntry
from audit.reads import nothing_personal, offered, shown
from audit.spreadsheets import csv_response
from contacts.forms.telling.partners import PartnerFilterForm, PartnerForm
from contacts.models import PartnerContact
from contacts.models.partners import PartnerContactQuerySet
from contacts.permissions import can_keep_partners
from contacts.publishing.sent_twice import partner_sent_already
from sectors.models import District

if TYPE_CHECKING:
    from officers.models import User

ROWS_PER_PAGE = 50
# What was confirmed longer ago may have changed.
STALE = datetime.timedelta(days=365)
COLUMNS = ("kind", "organisation", "name", "role", "phone", "email", "note", "district", "confirmed_on")


@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    """List the partners of the stations in which one works; `?q=`, `?kind=` and `?district=` narrow the list."""
    user = cast("User", request.user)
    if not user.standing.home:
        raise Http404
    form, found = _found(request)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    partners = list(page.object_list)
    searched = bool(form.cleaned_data.get("q"))
    verb = ReadEntry.Verb.SEARCHED if searched else ReadEntry.Verb.LISTED
    shown(request, partners, verb=verb, subject="" if partners else "contacts.partnercontact")
    stale = timezone.localdate() - STALE
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": [(one, _keeps(user, one), one.confirmed_on < stale) for one in partners],
        "is_filtered": any(form.cleaned_data.values()),
        "query": query.urlencode(),
        "can_keep": _is_head(user),
    }
    return render(request, "contacts/partner_list.html", context)


def _found(request: HttpRequest) -> tuple[PartnerFilterForm, PartnerContactQuerySet]:
    """Return the filter as it was asked, and the partners that it lets through."""
    user = cast("User", request.user)
    form = PartnerFilterForm(request.GET, user=user)
    # What is no filter is left out of the answer, and the list shows all.
    form.is_valid()
    asked = form.cleaned_data
    partners = PartnerContact.objects.visible_to(user).select_related("station", "district")
    if asked.get("kind"):
        partners = partners.filter(kind=asked["kind"])
    if asked.get("district"):
        # Those of the whole station are the district's as well.
        station = District.objects.filter(pk=asked["district"]).values("station")
        of_station = Q(district=None, station__in=station)
        partners = partners.filter(Q(district=asked["district"]) | of_station)
    for word in asked.get("q", "").split():
        fields = ("organisation", "name", "role", "note", "phone", "email")
        matches = Q()
        for name in fields:
            matches |= Q(**{f"{name}__icontains": word})
        partners = partners.filter(matches)
    return form, partners.order_by("kind", "organisation", "name", "pk")


def _is_head(user: User) -> bool:
    return bool(user.standing.stations or user.standing.districts)


def _keeps(user: User, partner: PartnerContact) -> bool:
    return can_keep_partners(user, partner.station, partner.district)


@require_http_methods(["GET", "HEAD", "POST"])
def partner_create(request: HttpRequest) -> HttpResponse:
    """Enter a partner: heads."""
    user = cast("User", request.user)
    if not _is_head(user):
        raise Http404
    form = PartnerForm(
        request.POST if request.method == "POST" else None, instance=PartnerContact(), user=user
    )
    nothing_personal(request)
    return _saved_or_form(request, form)


def _saved_or_form(request: HttpRequest, form: PartnerForm, partner: Any = None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        # Who enters or changes it has just looked whether it holds.
        form.instance.confirmed_on = timezone.localdate()
        saved = None if partner else partner_sent_already(form.instance, by=cast("User", request.user))
        saved = saved or form.save()
        messages.success(request, _("Saved: %(name)s.") % {"name": saved})
        return redirect("contacts:partner_list")
    offered(request, form)
    context = {"form": form, "partner": partner}
    return render(request, "contacts/partner_form.html", context, status=form.refusal_status)


def _kept(request: HttpRequest, uuid: uuids.UUID) -> PartnerContact:
    """Return a partner that the account keeps, noted as shown, its row held where something changes."""
    user = cast("User", request.user)
    rows = PartnerContact.objects.headed_by(user).select_related("station", "district")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    partner = get_object_or_404(rows, uuid=uuid)
    shown(request, partner)
    return partner


@require_http_methods(["GET", "HEAD", "POST"])
def partner_update(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change a partner; 409 where somebody else did so meanwhile."""
    partner, user = _kept(request, uuid), cast("User", request.user)
    form = PartnerForm(request.POST if request.method == "POST" else None, instance=partner, user=user)
    return _saved_or_form(request, form, partner)


@require_http_methods(["GET", "HEAD", "POST"])
def partner_confirm(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note that what stands there holds today (POST); anything else leads to the directory."""
    partner = _kept(request, uuid)
    if request.method == "POST":
        partner.confirmed_on = timezone.localdate()
        partner.save(update_fields=["confirmed_on"])
        messages.success(request, _("Confirmed today: %(name)s.") % {"name": partner})
    return redirect("contacts:partner_list")


@require_http_methods(["GET", "HEAD", "POST"])
def partner_remove(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Ask (GET), then take a partner out of the directory (POST): nothing of them is kept."""
    partner = _kept(request, uuid)
    if request.method != "POST":
        return render(request, "contacts/partner_remove.html", {"partner": partner})
    messages.success(request, _("Removed: %(name)s.") % {"name": partner})
    partner.delete()
    return redirect("contacts:partner_list")


@require_safe
def partner_export(request: HttpRequest) -> HttpResponse:
    """Hand out what one keeps, as narrowed in the list, as CSV: heads. Each partner stands in the read log."""
    user = cast("User", request.user)
    if not _is_head(user):
        raise Http404
    _form, found = _found(request)
    partners = list(found.filter(pk__in=PartnerContact.objects.headed_by(user).values("pk")))
    shown(
        request,
        partners,
        verb=ReadEntry.Verb.EXPORTED,
        subject="" if partners else "contacts.partnercontact",
    )
    meta = PartnerContact._meta
    head = [str(meta.get_field(name).verbose_name) for name in COLUMNS]  # type: ignore[union-attr]  # plain
    return csv_response("partners", head, (_columns(partner) for partner in partners))


def _columns(partner: PartnerContact) -> list[Any]:
    row = {name: getattr(partner, name) for name in COLUMNS} | {"kind": partner.get_kind_display()}
    return list(row.values())
