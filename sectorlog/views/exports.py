"""Entries to take along, for the station's head, who says why. Every page of them is logged before it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit import recording
from audit.models import ReadEntry
from audit.reads import nothing_personal, shown
from officers.models import User
from sectorlog.entries.cards import entries_of
from sectorlog.entries.export import lines, pages
from sectorlog.entries.naming import with_named
from sectorlog.entries.pages import TooSlow, page
from sectorlog.entries.reading import answers_of, names_now
from sectorlog.forms.exports import ExportForm
from sectorlog.models import LogEntry
from sectorlog.views.home import readable_sector
from sectorlog.views.timeline import Asked, asked_of
from sectors.models import Sector
from sectors.printing import pdf, pdf_response

MOST_ON_PAPER = 500


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry_export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Ask why, then send what the sector's time line was narrowed to."""
    return _export(request, readable_sector(cast("User", request.user), slug))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry_export_all(request: HttpRequest) -> HttpResponseBase:
    """The same of all sectors of the stations that one heads."""
    return _export(request, None)


def _export(request: HttpRequest, sector: Sector | None) -> HttpResponseBase:
    asked = asked_of(request, sector)
    if not asked.is_exportable:
        raise Http404
    form = ExportForm(request.POST if request.method == "POST" else None)
    # What is narrowed to stands in the address; what is wrong with it is said where it was typed.
    if asked.form.is_valid() and form.is_valid():
        purpose = f"{form.cleaned_data['reason']} [{asked.form.summary()}]"
        make = _csv if form.cleaned_data["kind"] == "csv" else _pdf
        try:
            return make(request, asked, purpose)
        except TooSlow:
            form.add_error(None, _("This takes too long. Choose a shorter period, or write more words."))
    nothing_personal(request)
    is_refused = bool(form.errors or asked.form.errors)
    context = {"sector": sector, "form": form, "asked": asked.form, "query": request.GET.urlencode()}
    template = "sectorlog/entry_export.html" if sector else "sectorlog/entry_export_all.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, template, context, status=status)


def _csv(request: HttpRequest, asked: Asked, purpose: str) -> StreamingHttpResponse:
    # That it is exported is written down with this answer, which entries as they leave.
    _note(request, asked, [], purpose)

    def note(rows: list[LogEntry]) -> None:
        _note(request, asked, rows, purpose)
        recording.of(request).write()

    entries = LogEntry.objects.visible_to(asked.user)
    return StreamingHttpResponse(
        lines(pages(entries, asked.scope, asked.form.filters(), note)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_name(asked)}.csv"'},
    )


def _pdf(request: HttpRequest, asked: Asked, purpose: str) -> HttpResponse:
    """Return the newest entries on paper, and say if there are more. Raises TooSlow."""
    found = page(asked.scope, asked.form.filters(), MOST_ON_PAPER)
    entries = entries_of(LogEntry.objects.visible_to(asked.user), found.numbers)
    _note(request, asked, entries, purpose)
    names = names_now(entries)
    context = {
        "entries": [(entry, answers_of(entry, names)) for entry in entries],
        "is_all": found.following is None,
        "most": MOST_ON_PAPER,
        "sector": asked.sectors[0] if len(asked.sectors) == 1 else None,
        "station": asked.sectors[0].station,
        "asked": asked.form.in_words(),
        "made_at": timezone.now(),
        "reason": purpose.rpartition(" [")[0],
        "by": asked.user,
    }
    return pdf_response(pdf("sectorlog/print/entries.html", context), f"{_name(asked)}.pdf")


def _note(request: HttpRequest, asked: Asked, entries: Sequence[LogEntry], purpose: str) -> None:
    """Say which entries are taken along, and what they name; of none, of which sectors there were none."""
    verb = ReadEntry.Verb.EXPORTED
    if entries:
        shown(request, with_named(entries), verb=verb, purpose=purpose)
    else:
        sectors = [sector.pk for sector in asked.sectors]
        shown(request, [], verb=verb, subject="sectorlog.logentry", sectors=sectors, purpose=purpose)


def _name(asked: Asked) -> str:
    place = asked.sectors[0].slug if len(asked.sectors) == 1 else asked.sectors[0].station.slug
    return f"log-{place}-{timezone.localdate():%Y-%m-%d}"
