"""The parties of a sector: the list, a party's page, entering one, changing it, noting that it has gone."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, offered, shown
from officers.models import in_reach_of
from sectorlog.forms.parties import FirstContactForm, PartyFilterForm, PartyForm
from sectorlog.models import EntryParty, Party, PartyQuerySet, TargetGroup
from sectorlog.parties.last_contact import with_last_contact
from sectorlog.parties.merging import what_stays
from sectorlog.permissions import can_import_parties, can_update_party, can_write_entry
from sectorlog.taking_turns import take_turn
from sectorlog.views.home import readable_sector
from sectorlog.visits.due import due_visits, visit_of
from sectorlog.visits.marking import tried_in_vain
from sectors.models import Sector
from sectors.places import outline

if TYPE_CHECKING:
    from officers.models import User

ROWS_PER_PAGE, ENTRIES_PER_PAGE = 50, 20


@require_safe
def party_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List the sector's parties with their last contact; those whose visit is due are told apart."""
    user = cast("User", request.user)
    sector = readable_sector(user, slug)
    form = PartyFilterForm(request.GET, sector=sector)
    # What is no filter is left out of the answer, and the list shows all.
    form.is_valid()
    due = due_visits([sector])
    found = _filtered(sector, form.cleaned_data, [visit.party.pk for visit in due])
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    parties = list(page.object_list)
    shown(request, parties, verb="listed", subject="" if parties else "sectorlog.party", sectors=[sector.pk])
    today = timezone.localdate()
    context = {
        "sector": sector,
        "form": form,
        "page": page,
        "rows": [visit_of(party, today) for party in parties],
        "due_count": len(due),
        "is_filtered": any(form.cleaned_data.values()),
        "can_write": can_write_entry(user, sector),
        "can_import": can_import_parties(user, sector),
    }
    return render(request, "sectorlog/party_list.html", context)


def _filtered(sector: Sector, asked: dict[str, Any], due: list[int]) -> PartyQuerySet:
    """Return the parties that the filter lets through, by name."""
    parties = Party.objects.filter(sector=sector, merged_into=None)
    match asked.get("show"):
        case "due":
            parties = parties.filter(pk__in=due)
        case "gone":
            parties = parties.filter(gone_at__isnull=False)
        case "all":
            pass
        case _:
            parties = parties.filter(gone_at=None)
    if kind := asked.get("kind"):
        parties = parties.filter(kind=kind)
    if group := asked.get("group"):
        of_station = TargetGroup.objects.of_station(sector.station_id)
        parties = parties.filter(groups__in=of_station.filter(slug=group))
    for word in asked.get("q", "").split():
        named = Q(contacts__left_at=None, contacts__name__icontains=word)
        hits = Party.objects.filter(
            Q(sector=sector) & (Q(name__icontains=word) | Q(address__icontains=word) | named)
        )
        parties = parties.filter(pk__in=hits.values("pk"))
    order = ("-gone_at", "name") if asked.get("show") == "gone" else ("name", "pk")
    return with_last_contact(parties).distinct().order_by(*order)


def party_or_404(user: User, uuid: uuids.UUID) -> Party:
    """Return the party with its sector. Raises Http404 for one whose log `user` does not read."""
    parties = with_last_contact(Party.objects.visible_to(user))
    found: Party = get_object_or_404(
        parties.select_related("sector__district", "sector__station", "merged_into", "flagged_for"), uuid=uuid
    )
    return found


@require_safe
def party_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show what is known of a party, who speaks for it, and what was written of it. A merged one leads on."""
    user = cast("User", request.user)
    party = party_or_404(user, uuid)
    if party.merged_into is not None:
        return redirect("sectorlog:party_detail", what_stays(party).uuid)
    contacts = list(party.contacts.order_by(F("left_at").desc(nulls_first=True), "name"))
    challenges = list(party.challenges.filter(in_reach_of(user)))
    links = EntryParty.objects.filter(party=party).filter(in_reach_of(user))
    page = Paginator(
        links.select_related("entry__author", "entry__form_version").order_by("-happened_at", "-pk"),
        ENTRIES_PER_PAGE,
    ).get_page(request.GET.get("page"))
    entries = [link.entry for link in page.object_list]
    shown(request, [party, *contacts, *challenges, *entries])
    context = {
        "sector": party.sector,
        "party": party,
        "visit": visit_of(party, timezone.localdate()),
        "tried_at": tried_in_vain([party], [party.sector]).get(party.uuid),
        "contacts": [contact for contact in contacts if contact.left_at is None],
        "contacts_left": [contact for contact in contacts if contact.left_at is not None],
        "challenges": challenges,
        "groups": party.groups.all(),
        "page": page,
        "entries": entries,
        "outline": outline(party.sector) if party.place else None,
        "can_write": can_write_entry(user, party.sector),
        "can_update": can_update_party(user, party),
    }
    return render(request, "sectorlog/party_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def party_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a party, and who speaks for it. Asks first whether it is one that is there already."""
    user = cast("User", request.user)
    sector = readable_sector(user, slug)
    if not can_write_entry(user, sector):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = PartyForm(data, sector=sector)
    contact_form = FirstContactForm(data)
    contact_form.station = sector.station
    # With whom it is shared is for the responsible officer to say, once it is there.
    del form.fields["flagged_for"]
    if data is None or not all([form.is_valid(), contact_form.is_valid()]):
        nothing_personal(request)
        offered(request, form)
        if form.is_bound and form.doubles:
            shown(request, form.doubles, verb="listed")
        return _form_page(request, sector, form, contact_form=contact_form)
    party = form.save()
    if contact_form.has_changed():
        contact = contact_form.save(commit=False)
        contact.party = party
        contact.save()
    _tell_saved(request, form)
    return redirect("sectorlog:party_detail", party.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def party_update(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change what is known of a party. What somebody else changed meanwhile is told (409), what was typed stays."""
    user = cast("User", request.user)
    party = party_or_404(user, uuid)
    if not can_update_party(user, party):
        raise Http404
    if party.merged_into is not None:
        return redirect("sectorlog:party_update", what_stays(party).uuid)
    shown(request, party)
    if request.method != "POST":
        form = PartyForm(instance=party, sector=party.sector)
        offered(request, form)
        return _form_page(request, party.sector, form, party=party)
    # Of two who save at once the second reads what the first has saved.
    take_turn([party.sector_id])
    sector, name = party.sector, party.name
    party = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    party.sector = sector
    form = PartyForm(request.POST, instance=party, sector=sector)
    offered(request, form)
    changed = form.has_changed_meanwhile or party.merged_into_id is not None
    if not form.is_valid() or changed:
        there = Party.objects.select_related("flagged_for").get(pk=party.pk) if changed else None
        context = {"party": party, "name": name, "there": there}
        return _form_page(request, sector, form, status=409 if changed else 422, **context)
    form.save()
    _tell_saved(request, form)
    return redirect("sectorlog:party_detail", party.uuid)


def _form_page(
    request: HttpRequest, sector: Sector, form: PartyForm, *, status: int | None = None, **context: Any
) -> HttpResponse:
    is_refused = form.errors or getattr(context.get("contact_form"), "errors", None)
    context |= {"sector": sector, "form": form, "outline": outline(sector)}
    template = "sectorlog/party_form.html"
    return render(request, template, context, status=status or (422 if is_refused else 200))


def _tell_saved(request: HttpRequest, form: PartyForm) -> None:
    """Say that it is saved, and where the map shows it if that is not where it was typed."""
    messages.success(request, _("Saved."))
    party = form.instance
    if form.located.taken_as:
        sentence = _("The register does not have this address. The map shows the nearest door: %(door)s.")
        messages.warning(request, sentence % {"door": form.located.taken_as})
    elif party.address and party.place is None:
        messages.warning(
            request,
            _("This address is not on the map: the register does not know it. Tap its place on the map."),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def party_gone(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Note that a party has left the sector, or is back (POST); anything else leads to its page."""
    user = cast("User", request.user)
    party = party_or_404(user, uuid)
    if not can_update_party(user, party):
        raise Http404
    nothing_personal(request)
    if request.method == "POST" and party.merged_into is None:
        take_turn([party.sector_id])
        is_back = request.POST.get("is_back") == "yes"
        party.gone_at = None if is_back else party.gone_at or timezone.now()
        party.save(update_fields=["gone_at"])
        messages.success(
            request,
            _("It is in the list again.") if is_back else _("Noted as gone. What was written of it stays."),
        )
    return redirect("sectorlog:party_detail", party.uuid)
