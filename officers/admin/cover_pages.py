"""Adding a cover to an absence in the admin, or putting somebody else in the place of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.reads import shown
from officers.absence import AbsenceRefused, PlannedCover, add_cover
from officers.cover import responsible_sectors
from officers.fields import end_text
from officers.forms.absences import AddedCoverForm
from officers.models import Absence, Cover
from officers.permissions import can_arrange_cover
from sectors.instants import instant_text
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.admin.absences import CoverAdmin
    from officers.models import User


def add_view(pages: CoverAdmin, request: HttpRequest) -> HttpResponse:
    """Ask for whose absence, then for which sector, then who covers; a link may answer the first two."""
    if not pages.has_add_permission(request):
        raise PermissionDenied
    absences = _open_absences(cast("User", request.user))
    if "absence" not in request.GET:
        shown(request, absences, verb="listed")
        rows = [(one, instant_text(one.period.lower), end_text(one.period.upper)) for one in absences]
        return pages.step(request, "choose.html", title=_("A cover for whose absence?"), absences=rows)
    absence = _chosen(absences, request.GET["absence"])
    shown(request, absence)
    sectors = responsible_sectors(absence.officer, absence.period)
    sector = sectors[0] if len(sectors) == 1 else None
    if sector is None and "sector" not in request.GET:
        title = _("Which sector of %(officer)s is to be covered?") % {"officer": absence.officer}
        return pages.step(request, "choose_sector.html", title=title, absence=absence, sectors=sectors)
    return _ask_who(pages, request, absence, sector or _chosen(sectors, request.GET["sector"]))


def _ask_who(pages: CoverAdmin, request: HttpRequest, absence: Absence, sector: Sector) -> HttpResponse:
    form = AddedCoverForm(request.POST or None, sector=sector, absent=absence.officer, period=absence.period)
    if request.method == "POST" and form.is_valid():
        made = _add(form, absence)
        if made is not None:
            done = _("%(officer)s covers %(sector)s.") % {"officer": made.officer, "sector": sector}
            pages.log_addition(request, made, done)
            messages.success(request, done)
            return HttpResponseRedirect(reverse("admin:officers_absence_change", args=[absence.pk]))
    covers = absence.covers.from_instant(timezone.now()).filter(sector=sector).select_related("officer")
    shown(request, [sector, *covers, *form.offered])
    facts = {"sector": sector, "officer": absence.officer}
    context: dict[str, Any] = {
        "title": _("Who covers %(sector)s for %(officer)s?") % facts,
        "form": form,
        "absence": absence,
        "away": _("Away from %(begins)s, %(ends)s.")
        % {"begins": instant_text(absence.period.lower), "ends": end_text(absence.period.upper)},
        "covers": [(one, instant_text(one.period.lower), end_text(one.period.upper)) for one in covers],
    }
    return pages.step(request, "cover.html", **context)


def _add(form: AddedCoverForm, absence: Absence) -> Cover | None:
    """Save the cover; what is refused stands in the form afterwards."""
    planned = cast("PlannedCover", form.planned())
    in_the_way = Cover.objects.overlapping(planned.period).filter(sector=planned.sector, absence=absence)
    instead_of = list(in_the_way) if form.cleaned_data["takes_over"] else []
    try:
        return add_cover(absence, planned, instead_of=instead_of)
    except AbsenceRefused as refusal:
        form.add_error(None, str(refusal))
        return None


def _open_absences(user: User) -> list[Absence]:
    """Return the absences that are not over, of officers whose covers the account arranges."""
    absences = Absence.objects.from_instant(timezone.now()).visible_to(user).select_related("officer")
    return [one for one in absences.order_by("period") if can_arrange_cover(user, one)]


def _chosen(rows: Any, key: str) -> Any:
    """Return the row with this primary key. Raises Http404 when it is none of them."""
    found = next((row for row in rows if str(row.pk) == key), None)
    if found is None:
        raise Http404
    return found
