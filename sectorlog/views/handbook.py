"""From an entry to the handbook: what it has to say, without the people it is about."""

from __future__ import annotations

import uuid as uuids
from typing import TYPE_CHECKING, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from audit.reads import shown
from handbook.forms.contributions import ContributionForm
from handbook.views.contributing import form_page
from sectorlog.forms.suggesting import PlaceForm
from sectorlog.models import LogEntry
from sectorlog.suggesting import can_suggest_from, suggestion

if TYPE_CHECKING:
    from officers.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def entry_suggest(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show what of the entry may go to the handbook; once its place is chosen, the contribution's form with it.

    Nothing is stored before that form is handed in, and nothing in the contribution points to the entry.
    """
    user = cast("User", request.user)
    readable = LogEntry.objects.visible_to(user).select_related("sector__station", "form_version")
    entry = get_object_or_404(readable, uuid=uuid)
    if not can_suggest_from(user, entry):
        raise Http404
    shown(request, entry)
    station, words = entry.sector.station, suggestion(entry, user)
    form = PlaceForm(request.POST if request.method == "POST" else None, station=station)
    if not form.is_valid():
        context = {"entry": entry, "sector": entry.sector, "form": form, "words": words}
        return render(request, "sectorlog/entry_suggest.html", context, status=422 if form.errors else 200)
    begun = ContributionForm(
        station=station, user=user, initial={"text": words.text, "sector": entry.sector.slug}
    )
    return form_page(request, form.cleaned_data["place"], begun, left_out=words.left_out)
