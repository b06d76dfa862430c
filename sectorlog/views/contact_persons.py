"""Who speaks for a party: added, changed, noted as having left."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.reads import nothing_personal, shown
from sectorlog.forms.parties import ContactForm
from sectorlog.models import ContactPerson, Party
from sectorlog.parties.merging import what_stays
from sectorlog.permissions import can_update_party, can_write_entry
from sectorlog.views.parties import party_or_404

if TYPE_CHECKING:
    from officers.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def contact_create(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Add a contact person; whoever works in the sector may meet one."""
    user = cast("User", request.user)
    party = what_stays(party_or_404(user, uuid))
    if not can_write_entry(user, party.sector):
        raise Http404
    shown(request, party)
    form = ContactForm(request.POST if request.method == "POST" else None)
    form.station = party.sector.station
    if not form.is_bound or not form.is_valid():
        return _page(request, party, form)
    contact = form.save(commit=False)
    # Of two taps on the button the second finds what the first has saved.
    Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    present = ContactPerson.objects.filter(party=party, left_at=None)
    if not present.filter(name=contact.name, role=contact.role, phone=contact.phone).exists():
        contact.party = party
        contact.save()
    messages.success(request, _("%(name)s is a contact now.") % {"name": contact.name})
    return redirect("sectorlog:party_detail", party.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_update(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change what is known of a contact person; 409 where somebody else did meanwhile."""
    contact = _contact(request, uuid)
    party = contact.party
    shown(request, [party, contact])
    if request.method != "POST":
        return _page(request, party, ContactForm(instance=contact), contact)
    # Of two who save at once the second reads what the first has saved.
    contact = ContactPerson.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    form = ContactForm(request.POST, instance=contact)
    form.station = party.sector.station
    changed = form.has_changed_meanwhile
    if not form.is_valid() or changed:
        there = ContactPerson.objects.get(pk=contact.pk) if changed else None
        return _page(request, party, form, contact, there=there)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("sectorlog:party_detail", party.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_left(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note that somebody speaks for the party no more, or does again (POST); anything else leads to the party."""
    contact = _contact(request, uuid)
    nothing_personal(request)
    if request.method == "POST":
        is_back = request.POST.get("is_back") == "yes"
        contact.left_at = None if is_back else contact.left_at or timezone.now()
        contact.save(update_fields=["left_at"])
        sentence = _("%(name)s is a contact again.") if is_back else _("%(name)s is noted as having left.")
        messages.success(request, sentence % {"name": contact.name})
    return redirect("sectorlog:party_detail", contact.party.uuid)


def _contact(request: HttpRequest, uuid: uuids.UUID) -> ContactPerson:
    """Return the contact person of a party that the account may change. Raises Http404."""
    user = cast("User", request.user)
    visible = Party.objects.visible_to(user)
    contacts = ContactPerson.objects.filter(party__in=visible)
    contact: ContactPerson = get_object_or_404(
        contacts.select_related("party__sector__district", "party__sector__station"), uuid=uuid
    )
    if not can_update_party(user, contact.party):
        raise Http404
    return contact


def _page(
    request: HttpRequest,
    party: Party,
    form: ContactForm,
    contact: ContactPerson | None = None,
    *,
    there: ContactPerson | None = None,
) -> HttpResponse:
    context = {"sector": party.sector, "party": party, "form": form, "contact": contact, "there": there}
    status = 409 if there else 422 if form.errors else 200
    return render(request, "sectorlog/contact_form.html", context, status=status)
