"""Who is to be at an event: assigned by heads, answered by the officers themselves."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from audit.reads import nothing_personal, offered, shown
from contacts.forms.telling.events import AnswerForm, PresenceForm
from contacts.models import Event, EventPresence
from contacts.permissions import can_assign_presence
from contacts.publishing import presence as presences
from contacts.views.telling.kinds import KINDS, home_sector, item_or_404, sectors_of

if TYPE_CHECKING:
    from officers.models import User


def _headed(request: HttpRequest, uuid: uuids.UUID) -> Event:
    event: Event = item_or_404(request, KINDS["event"], uuid)
    if not can_assign_presence(cast("User", request.user), event):
        raise Http404
    return event


@require_http_methods(["GET", "HEAD", "POST"])
def event_presence(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show required against assigned, and assign officers; who is away or elsewhere then is asked about first."""
    event, user = _headed(request, uuid), cast("User", request.user)
    form = PresenceForm(request.POST if request.method == "POST" else None, event=event)
    if form.is_bound and form.is_valid():
        officers = list(form.cleaned_data["officers"])
        given = {name: form.cleaned_data[name] for name in ("task", "begins_at", "ends_at")}
        presences.assign(event, officers, by=user, **given)
        count = len(officers)
        sentence = ngettext(
            "%(count)s officer is assigned, and told by mail.",
            "%(count)s officers are assigned, and told by mail.",
            count,
        )
        messages.success(request, sentence % {"count": count})
        return redirect("contacts:event_presence", uuid)
    return _page(request, event, form)


def _page(request: HttpRequest, event: Event, form: PresenceForm) -> HttpResponse:
    rows = list(event.presences.select_related("officer").order_by("officer__name"))
    shown(request, rows, verb="listed", sectors=[sector.pk for sector in sectors_of(event)])
    offered(request, form)
    coming = [row for row in rows if row.answer != EventPresence.Answer.NO]
    context = {
        "item": event,
        "sector": home_sector(cast("User", request.user), event),
        "rows": [(row, form.occupied.get(row.officer_id, [])) for row in rows],
        "silent": sum(row.answer == "" for row in rows),
        "assigned": len(coming),
        "missing": max(0, event.required_presence - len(coming)),
        "form": form,
    }
    return render(request, "contacts/event_presence.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def presence_remove(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Take an officer off an event (POST); anything else leads to who is to be there."""
    user = cast("User", request.user)
    seen = Event.objects.visible_to(user)
    row = get_object_or_404(
        EventPresence.objects.filter(event__in=seen).select_related("event__station", "officer__user"),
        uuid=uuid,
    )
    if not can_assign_presence(user, row.event):
        raise Http404
    nothing_personal(request)
    if request.method == "POST":
        presences.release(row, by=user)
        messages.success(request, _("%(name)s is no longer assigned.") % {"name": row.officer})
    return redirect("contacts:event_presence", row.event.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def presence_answer(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Say whether one will be there (POST): the assigned officer; anything else leads to the event."""
    user = cast("User", request.user)
    rows = EventPresence.objects.filter(officer__user=user).select_related("event", "assigned_by", "officer")
    row = get_object_or_404(rows, uuid=uuid)
    nothing_personal(request)
    form = AnswerForm(request.POST)
    if request.method == "POST" and form.is_valid():
        presences.answer(row, form.cleaned_data["answer"], by=user)
        messages.success(request, _("Noted. Who assigned you sees it."))
    return redirect("contacts:event_detail", row.event.uuid)
