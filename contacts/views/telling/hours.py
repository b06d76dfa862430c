"""Hours in person: added, changed, one date called off, ended. What is saved is public at once."""

from __future__ import annotations

import datetime
import uuid as uuids
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.reads import shown
from contacts.forms.telling.hours import DateForm, EndForm, HoursForm
from contacts.models import ContactHours
from contacts.permissions import can_change_hours
from contacts.publishing.clashes import next_days
from contacts.publishing.sent_twice import hours_sent_already
from contacts.views.telling.overview import telling_sector
from sectors.models import Sector
from sectors.places import outline

if TYPE_CHECKING:
    from officers.models import User

DATES_SHOWN = 8


@require_http_methods(["GET", "HEAD", "POST"])
def hours_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Add hours in person to the sector."""
    sector = telling_sector(cast("User", request.user), slug)
    shown(request, sector)
    form = HoursForm(request.POST if request.method == "POST" else None, sector=sector)
    return _saved_or_form(request, sector, form)


def _saved_or_form(
    request: HttpRequest, sector: Sector, form: HoursForm, hours: ContactHours | None = None
) -> HttpResponse:
    """Save what is right and meant; else the form again, also where only the dates were to be seen."""
    is_previewed = request.method == "POST" and request.POST.get("act") == "preview"
    is_right = form.is_bound and not is_previewed and form.is_valid()
    # Who sends new hours twice is not asked whether they may clash with themselves.
    is_new = hours is None and not is_previewed and (is_right or form.is_asking)
    saved = hours_sent_already(form.instance, by=cast("User", request.user)) if is_new else None
    if saved or is_right:
        saved = saved or form.save()
        messages.success(request, _("Saved. The public page shows it now."))
        return redirect("contacts:hours_detail", saved.uuid)
    context = {
        "sector": sector,
        "form": form,
        "hours": hours,
        "outline": outline(sector),
        "is_previewed": is_previewed,
    }
    status = 200 if is_previewed and (not form.errors or form.is_asking) else form.refusal_status
    return render(request, "contacts/hours_form.html", context, status=status)


def _changeable(request: HttpRequest, uuid: uuids.UUID) -> ContactHours:
    """Return the hours, noted as shown, their row held where something changes. Raises Http404 for foreign ones."""
    user = cast("User", request.user)
    rows = ContactHours.objects.visible_to(user).select_related("sector__station", "sector__district")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    hours = get_object_or_404(rows, uuid=uuid)
    if not can_change_hours(user, hours):
        raise Http404
    shown(request, hours)
    return hours


@require_http_methods(["GET", "HEAD"])
def hours_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the hours with their next dates, each of which can be called off, and how to end them."""
    return _detail_page(request, _changeable(request, uuid))


def _detail_page(request: HttpRequest, hours: ContactHours, end_form: EndForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    days = [(day, False) for day in next_days(hours, DATES_SHOWN)]
    days += [(day, True) for day in hours.cancelled_on if day >= today]
    context = {
        "sector": hours.sector,
        "hours": hours,
        "days": sorted(days),
        "is_over": not days,
        "end_form": end_form or EndForm(hours=hours),
    }
    is_refused = end_form is not None and bool(end_form.errors)
    return render(request, "contacts/hours_detail.html", context, status=422 if is_refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def hours_update(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change when and where; 409 where somebody else did so meanwhile."""
    hours = _changeable(request, uuid)
    sector = hours.sector
    form = HoursForm(request.POST if request.method == "POST" else None, instance=hours, sector=sector)
    return _saved_or_form(request, sector, form, hours)


@require_http_methods(["GET", "HEAD", "POST"])
def hours_cancel(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Call one date off, or let it take place after all (POST); anything else leads to the hours.

    Sent twice it does the same as once.
    """
    hours, form = _changeable(request, uuid), DateForm(request.POST)
    if request.method != "POST":
        return redirect("contacts:hours_detail", uuid)
    day = form.cleaned_data["day"] if form.is_valid() else None
    if day is None or not _is_coming(hours, day):
        messages.error(request, _("This date is over or has changed. Look at the dates below."))
        return redirect("contacts:hours_detail", uuid)
    is_back = request.POST.get("is_back") == "yes"
    others = [one for one in hours.cancelled_on if one != day]
    hours.cancelled_on = others if is_back else sorted([*others, day])
    hours.save(update_fields=["cancelled_on"])
    named = {"day": date_format(day, "DATE_FORMAT")}
    sentence = (
        _("%(day)s takes place after all.")
        if is_back
        else _("%(day)s is cancelled. The public page says so.")
    )
    messages.success(request, sentence % named)
    return redirect("contacts:hours_detail", uuid)


def _is_coming(hours: ContactHours, day: datetime.date) -> bool:
    return day >= timezone.localdate() and (hours.is_held_on(day) or day in hours.cancelled_on)


@require_http_methods(["GET", "HEAD", "POST"])
def hours_end(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Let the hours end on a day (POST); anything else leads to them. What has not begun by then is removed.

    Those of one day only are cancelled instead.
    """
    hours = _changeable(request, uuid)
    if request.method != "POST" or hours.on_date is not None:
        return redirect("contacts:hours_detail", uuid)
    form = EndForm(request.POST, hours=hours)
    if not form.is_valid():
        return _detail_page(request, hours, form)
    slug, until = hours.sector.slug, form.cleaned_data["until"]
    if hours.since is not None and hours.since > until:
        hours.delete()
        messages.success(request, _("Removed: they had not begun by then."))
        return redirect("contacts:telling_overview", slug)
    hours.until = until
    hours.save(update_fields=["until"])
    messages.success(request, _("The last day is %(day)s.") % {"day": date_format(until, "DATE_FORMAT")})
    return redirect("contacts:hours_detail", uuid)
