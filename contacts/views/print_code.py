"""What a print's QR code leads to: straight to the sector's page, or kindly to whoever answers now."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from contacts import outage
from contacts.forms.find import FindForm
from contacts.listing import Row
from contacts.models import PrintRun
from contacts.models.prints import CODE_LENGTH, CODE_LETTERS
from contacts.printing.facts import Said, facts_of, state_of
from contacts.views.public import public_page
from sectors import division
from sectors.division import PublicSector

logger = logging.getLogger(__name__)


@public_page
def print_code(request: HttpRequest, code: str) -> HttpResponse:
    """Lead on from `/p/<code>/`, in the language that the reader's device asks for, else in the print's. One query.

    A print that no longer holds, a code that nobody printed and an outage have a page of their own.
    """
    try:
        run = _printed(code)
    except outage.OUTAGE:
        logger.exception("A print's code could not be looked up")
        run = None
    with translation.override(_language(request, run.language if run else "")):
        url = _sector_url(run) if run and _holds(run) else ""
        response = HttpResponseRedirect(url or reverse("contacts:print_outdated", args=[code[:50].upper()]))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@public_page
def print_outdated(request: HttpRequest, code: str) -> HttpResponse:
    """Say that a print is of yesterday, and who answers today; 404 with the address field for an unknown code.

    Nothing is told that the print did not say, but what the sector's page tells: not who was its officer.
    """
    try:
        run = _printed(code)
    except outage.OUTAGE:
        logger.exception("A print's code could not be looked up")
        context = {"form": FindForm(), "is_outage": True}
        response = render(request, "contacts/print_unknown.html", context, status=503)
        response["Retry-After"] = outage.RETRY_AFTER_SECONDS
        return response
    if run is None:
        return render(request, "contacts/print_unknown.html", {"form": FindForm()}, status=404)
    if _holds(run):
        return redirect(_sector_url(run))
    sector = _sector(run)
    context = {"form": FindForm(), "print": run, "row": Row.of(sector) if sector else None}
    if sector:
        context["facts"] = facts_of(sector)
    return render(request, "contacts/print_outdated.html", context)


def _printed(code: str) -> PrintRun | None:
    """Return the print with this code, however its letters are written; no query for what cannot be one."""
    code = code.upper()
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        return None
    runs = PrintRun.objects.only("kind", "sector", "name", "phone", "email", "language", "made_at", "code")
    return runs.filter(code=code).first()


def _sector(run: PrintRun) -> PublicSector | None:
    in_force = division.current().sectors
    return next((sector for sector in in_force if sector.id == run.sector_id), None)


def _holds(run: PrintRun) -> bool:
    sector = _sector(run)
    said = Said(run.name, run.phone, run.email)
    return sector is not None and state_of(said, facts_of(sector)).holds


def _sector_url(run: PrintRun) -> str:
    sector = _sector(run)
    return reverse("contacts:sector_detail", args=[sector.slug]) if sector else ""


def _language(request: HttpRequest, printed: str) -> str:
    """Return the first language of the device that the site speaks, else the print's, else the site's own."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500]):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return printed or settings.LANGUAGE_CODE
