"""The round of visits, on a map and as a list, and marking a visit with two taps."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, shown
from sectorlog.entries.writing import WrittenBefore
from sectorlog.forms.visits import StartForm, VisitedForm
from sectorlog.models import LogEntry, Party
from sectorlog.parties.merging import what_stays
from sectorlog.permissions import can_write_entry
from sectorlog.views.home import readable_sector
from sectorlog.views.parties import party_or_404
from sectorlog.visits.due import visit_of
from sectorlog.visits.marking import mark_visited
from sectorlog.visits.round import Round, visit_round
from sectorlog.visits.walking_order import Position
from sectors.lookup import InvalidPosition
from sectors.models import Sector
from sectors.places import locate, middle, outline, typed_point

if TYPE_CHECKING:
    from officers.models import User


@require_safe
def visit_round_of_sector(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who is to be visited in a sector, in walking order."""
    sector = readable_sector(cast("User", request.user), slug)
    return _round_page(request, [sector], "sectorlog/visit_round.html", {"sector": sector})


@require_safe
def visit_rounds(request: HttpRequest) -> HttpResponse:
    """The same through all sectors that the officer works in."""
    user = cast("User", request.user)
    sectors = Sector.objects.filter(pk__in=user.standing.sectors).select_related("district", "station")
    return _round_page(request, list(sectors.order_by("number")), "sectorlog/visit_rounds.html", {})


def _round_page(
    request: HttpRequest, sectors: Sequence[Sector], template: str, context: dict[str, Any]
) -> HttpResponse:
    form = StartForm(request.GET)
    start, start_name, problem = _start(request, form, sectors)
    found = visit_round(sectors, start)
    if found.visits:
        shown(request, [visit.party for visit in found.visits], verb="listed")
    else:
        nothing_personal(request)
    user = cast("User", request.user)
    context |= {
        "form": form,
        "problem": problem,
        "round": found,
        "start": start,
        "start_name": start_name,
        "sectors": sectors,
        "map_data": _map_data(found, sectors, start),
        "can_write": any(can_write_entry(user, sector) for sector in sectors),
        "back": request.get_full_path(),
    }
    return render(request, template, context, status=422 if problem else 200)


def _start(
    request: HttpRequest, form: StartForm, sectors: Sequence[Sector]
) -> tuple[Position | None, str, str]:
    """Return where the round begins, its name, and what was wrong with what was asked for."""
    problem = ""
    try:
        point = typed_point(request.GET.get("lat", ""), request.GET.get("lon", ""))
    except InvalidPosition as refusal:
        point, problem = None, str(refusal)
    if point is not None:
        is_visited = "visited" in request.GET
        return (point.x, point.y), _("the last visit") if is_visited else _("your position"), ""
    typed = form.cleaned_data.get("q", "") if form.is_valid() else ""
    if typed and sectors:
        located = locate(typed, sectors[0])
        if located.point is not None:
            return (located.point.x, located.point.y), located.taken_as or typed, ""
        problem = _(
            "The register does not know this address. Type a street and a house number, with the postcode."
        )
    middles = [found for sector in sectors if (found := middle(sector))]
    if not middles:
        return None, _("the longest due"), problem
    lon, lat = (sum(degrees) / len(middles) for degrees in zip(*middles, strict=True))
    name = _("the middle of the sector") if len(sectors) == 1 else _("the middle of your sectors")
    return (lon, lat), name, problem


def _map_data(found: Round, sectors: Sequence[Sector], start: Position | None) -> dict[str, Any]:
    """Return what the map draws: degrees, EPSG:4326, longitude first."""
    return {
        "start": start,
        "stops": [
            {
                "number": stop.number,
                "name": stop.visit.party.name,
                "at": [stop.visit.party.place.x, stop.visit.party.place.y],
                "state": stop.visit.state,
            }
            for stop in found.stops
            if stop.visit.party.place is not None
        ],
        "outlines": [area for sector in sectors if (area := outline(sector))],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def party_visited(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Ask what came of a visit (GET); write the entry (POST), once for each page that asked."""
    user = cast("User", request.user)
    party = what_stays(party_or_404(user, uuid))
    if not can_write_entry(user, party.sector):
        raise Http404
    if request.method != "POST":
        initial = {"uuid": uuids.uuid4(), "back": request.GET.get("back", "")[:300]}
        return _visited_page(request, party, VisitedForm(initial=initial))
    form = VisitedForm(request.POST)
    form.station = party.sector.station
    if not form.is_valid():
        return _visited_page(request, party, form)
    asked = form.cleaned_data
    nobody_there = bool(asked["nobody_there"])
    try:
        mark_visited(
            party,
            by=user,
            uuid=asked["uuid"],
            text=asked["text"],
            outcome=asked["outcome"],
            card_left=asked["card_left"],
            nobody_there=nobody_there,
        )
    except WrittenBefore as before:
        return _written_before(request, party, form, before.entry)
    sentence = (
        _("Noted: nobody there at %(party)s. The visit stays due.")
        if nobody_there
        else _("Noted: %(party)s is visited.")
    )
    messages.success(request, sentence % {"party": party.name})
    return redirect(_back(request, party, asked["back"]))


def _written_before(request: HttpRequest, party: Party, form: VisitedForm, entry: LogEntry) -> HttpResponse:
    """Say that it is written already; a UUID that is not this officer's is given a new one, and asked again."""
    if entry.author_id == cast("User", request.user).pk:
        messages.info(request, _("This was noted already, once."))
        return redirect(_back(request, party, form.cleaned_data["back"]))
    data = request.POST.copy()
    data["uuid"] = str(uuids.uuid4())
    again = VisitedForm(data)
    again.station = party.sector.station
    again.add_error(None, _("That could not be noted. Please send it once more."))
    return _visited_page(request, party, again, status=409)


def _back(request: HttpRequest, party: Party, back: str) -> str:
    """Return the round that one came from, beginning now where the visit was, else the party's page."""
    own = {reverse("sectorlog:visit_rounds"), reverse("sectorlog:visit_round", args=[party.sector.slug])}
    parts = urlsplit(back)
    if parts.path not in own or not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        return reverse("sectorlog:party_detail", args=[party.uuid])
    query = QueryDict(parts.query, mutable=True)
    if "lat" in query and party.place is not None:
        query["lat"], query["lon"], query["visited"] = f"{party.place.y:.6f}", f"{party.place.x:.6f}", "1"
    return f"{parts.path}?{query.urlencode()}" if query else parts.path


def _visited_page(
    request: HttpRequest, party: Party, form: VisitedForm, *, status: int | None = None
) -> HttpResponse:
    contacts = list(party.contacts.filter(left_at=None))
    shown(request, [party, *contacts])
    context = {
        "sector": party.sector,
        "party": party,
        "form": form,
        "contacts": contacts,
        "back": _back(request, party, str(form["back"].value() or "")),
    }
    if hasattr(party, "last_contact"):
        context["visit"] = visit_of(party, timezone.localdate())
    return render(
        request, "sectorlog/visit_form.html", context, status=status or (422 if form.errors else 200)
    )
