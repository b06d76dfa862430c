"""A sector's page for staff, and the list of the sectors that one may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import shown
from officers.dossier import Dossier
from officers.permissions import can_appoint_officer, can_view_sector
from officers.profile import duty_lines
from officers.responsibility import answerable
from sectors.document_form import DocumentForm
from sectors.models import AnalysisDocument, Sector

if TYPE_CHECKING:
    from officers.models import User


@require_safe
def sector_list(request: HttpRequest) -> HttpResponse:
    """Show the sectors in force that the account may see, with who answers for each."""
    user = cast("User", request.user)
    seen = Sector.objects.in_force_at(timezone.now()).visible_to(user).select_related("station", "district")
    sectors = list(seen.order_by("station__name", "district__name", "number"))
    shown(request, sectors, verb=ReadEntry.Verb.LISTED, subject="" if sectors else "sectors.sector")
    rows = [{"sector": sector, "answer": answerable(sector.pk)} for sector in sectors]
    named = dict.fromkeys(row["answer"].officer_id for row in rows if row["answer"].officer_id)
    if named:
        shown(
            request,
            named,
            verb=ReadEntry.Verb.LISTED,
            subject="officers.officer",
            sectors=[one.pk for one in sectors],
        )
    return render(request, "officers/sector_list.html", {"rows": rows})


def visible_sector(user: User, slug: str) -> Sector:
    """Return the sector. Raises Http404 where the account may not see it, as where there is none."""
    sector = get_object_or_404(Sector.objects.select_related("station", "district"), slug=slug)
    if not can_view_sector(user, sector):
        raise Http404
    return sector


@require_safe
def sector_dossier(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is known of one sector: who is responsible, since when, manning, documents."""
    user = cast("User", request.user)
    dossier = Dossier(visible_sector(user, slug), user)
    shown(request, dossier.rows)
    if dossier.documents:
        shown(request, dossier.documents, verb=ReadEntry.Verb.LISTED, sectors=[dossier.sector.pk])
    return render(request, "officers/sector_dossier.html", dossier_page(dossier))


def dossier_page(dossier: Dossier) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "sector": dossier.sector,
        "answer": answerable(dossier.sector.pk),
        "colleagues": [(one, duty_lines(one.officer)) for one in dossier.on_duty],
        "may_appoint": can_appoint_officer(dossier.user, dossier.sector),
        "upload_form": empty_upload(dossier.user, dossier.sector) if dossier.can_upload else None,
    }


def empty_upload(user: User, sector: Sector) -> DocumentForm:
    return DocumentForm(user=user, initial={"sectors": [sector.pk]}, instance=AnalysisDocument())
