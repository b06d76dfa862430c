"""Prints for staff: make cards, leaflets and posters, download them, and see which of them are of yesterday."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, shown
from contacts.models import PrintRun
from contacts.permissions import can_tell_public
from contacts.printing import poster
from contacts.printing.facts import Facts, State, facts_of, short_address, states_of
from contacts.printing.forms import PrintFilterForm, PrintForm
from contacts.printing.making import NoOfficer, file_of, make
from sectors import division
from sectors.models import Sector
from sectors.printing import pdf_response

if TYPE_CHECKING:
    from officers.models import User

ROWS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A print, and how it compares with today."""

    run: PrintRun
    state: State


@require_http_methods(["GET", "HEAD", "POST"])
def print_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sector's prints, and make one (POST), which leads to where it is downloaded."""
    user = cast("User", request.user)
    sector = get_object_or_404(Sector.objects.select_related("district", "station"), slug=slug)
    if not can_tell_public(user, sector):
        raise Http404
    facts = _facts(sector)
    form = PrintForm(request.POST or None, facts=facts)
    status = 200
    if request.method == "POST":
        form = PrintForm(request.POST, facts=facts)
        if facts is not None and form.is_valid():
            try:
                run = make(facts, form.cleaned_data["kind"], form.cleaned_data["language"], by=user)
            except NoOfficer:
                form.add_error("kind", form.no_officer)
            else:
                nothing_personal(request)
                return redirect("contacts:print_detail", run.code)
        status = 422
    page = _page(request, _ordered(PrintRun.objects.filter(sector=sector)), sector)
    context = {"sector": sector, "facts": facts, "form": form, "page": page}
    return render(request, "contacts/print_list.html", context, status=status)


def _facts(sector: Sector) -> Facts | None:
    """Return what a print of the sector says today; None while it is on no map in force."""
    public = division.current().by_slug.get(sector.slug)
    return facts_of(public) if public else None


def _ordered(found: Iterable[PrintRun]) -> list[Row]:
    """Return the prints that no longer hold first, the newest first among either."""
    runs = list(found)
    states = states_of(runs)
    return sorted((Row(run, states[run.pk]) for run in runs), key=lambda row: row.state.holds)


def _page(request: HttpRequest, rows: list[Row], *sectors: Sector) -> Page[Row]:
    """Return the page asked for, with who made each print; it is noted as shown."""
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    runs = PrintRun.objects.select_related("sector__district", "made_by")
    full = runs.in_bulk([row.run.pk for row in listed])
    page.object_list = [Row(full[row.run.pk], row.state) for row in listed]
    shown(
        request,
        list(full.values()),
        verb="listed",
        subject="" if full else "contacts.printrun",
        sectors=[sector.pk for sector in sectors],
    )
    return page


@require_safe
def print_station(request: HttpRequest) -> HttpResponse:
    """List the prints of the districts and stations that one heads: those to be collected come first."""
    standing = cast("User", request.user).standing
    if not (standing.stations or standing.districts):
        raise Http404
    headed = Q(sector__station__in=standing.stations) | Q(sector__district__in=standing.districts)
    form = PrintFilterForm(request.GET, sectors=Sector.objects.filter(_of_sector(standing)))
    # What is no filter is left out of the answer, and the list shows all.
    form.is_valid()
    rows = _ordered(form.let_through(PrintRun.objects.filter(headed)))
    outdated = sum(not row.state.holds for row in rows)
    if form.cleaned_data.get("show") == "outdated":
        rows = rows[:outdated]
    page = _page(request, rows)
    context = {"form": form, "page": page, "outdated": outdated}
    return render(request, "contacts/print_station.html", context)


def _of_sector(standing: Any) -> Q:
    return Q(station__in=standing.stations) | Q(district__in=standing.districts)


def _visible(request: HttpRequest, code: str) -> tuple[PrintRun, State]:
    """Return the print and how it compares with today. Raises Http404 for one of a sector out of reach."""
    seen = PrintRun.objects.visible_to(cast("User", request.user))
    found = seen.select_related("sector__district", "sector__station", "made_by")
    run: PrintRun = get_object_or_404(found, code=code.upper())
    return run, states_of([run])[run.pk]


@require_safe
def print_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one print: what it says, whether that still holds, its files, and how to print it."""
    run, state = _visible(request, code)
    shown(request, run)
    context = {
        "sector": run.sector,
        "print": run,
        "state": state,
        "address": short_address(run.code),
        "sizes": poster.SIZES,
    }
    return render(request, "contacts/print_detail.html", context)


@require_safe
def print_file(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the PDF, `?size=a3` of a poster; one that no longer holds is gone (410) and says what to do."""
    run, state = _visible(request, code)
    facts = _facts(run.sector)
    if not state.holds or facts is None:
        shown(request, run)
        context = {"sector": run.sector, "print": run, "state": state, "address": short_address(run.code)}
        return render(request, "contacts/print_detail.html", context, status=410)
    shown(request, run, verb="downloaded")
    size = request.GET.get("size", "")
    content = file_of(run, facts, size if size in poster.SIZES else poster.SIZES[0])
    return pdf_response(content, f"{run.kind}-{run.sector.slug}-{run.code}.pdf")
