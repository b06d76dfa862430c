"""Entering an absence in the admin: who and when, who covers each sector, what stays open, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from audit.reads import offered, shown
from officers.absence import AbsenceRefused, PlannedCover, enter_absence
from officers.cover import Consequences, Gap, LostCover, consequences, responsible_sectors
from officers.fields import end_text
from officers.forms.absences import AbsenceForm, CoverForm
from sectors.instants import instant_text

if TYPE_CHECKING:
    from officers.admin.absences import AbsenceAdmin
    from officers.models import User


def enter_view(pages: AbsenceAdmin, request: HttpRequest) -> HttpResponse:
    """Ask for the absence, then for the covers, then whether it is meant; each step carries the earlier ones."""
    if not pages.has_add_permission(request):
        raise PermissionDenied
    user = cast("User", request.user)
    if request.method != "POST":
        asked = {"officer": request.GET.get("officer", "")}
        return _first_page(pages, request, AbsenceForm(user=user, initial=asked))
    form = AbsenceForm(request.POST, user=user)
    if not form.is_valid() or "back" in request.POST:
        return _first_page(pages, request, form)
    covers = _cover_forms(request, form)
    # Each says what is wrong with it, not the first alone.
    is_complete = [cover.is_valid() for cover in covers].count(False) == 0
    if not is_complete or ("look" not in request.POST and "confirmed" not in request.POST):
        return _covers_page(pages, request, form, covers)
    planned = [one for one in (cover.planned() for cover in covers) if one is not None]
    if "confirmed" in request.POST:
        return _enter(pages, request, form, covers, planned)
    return _confirmation(pages, request, form, covers, planned)


def _cover_forms(request: HttpRequest, form: AbsenceForm) -> list[CoverForm]:
    """Return a form for each sector, filled with what was posted for it, if anything was."""
    officer, period = form.cleaned_data["officer"], form.period
    forms = []
    for sector in responsible_sectors(officer, period):
        prefix = f"sector-{sector.pk}"
        data = request.POST if f"{prefix}-officer" in request.POST else None
        forms.append(CoverForm(data, prefix=prefix, sector=sector, absent=officer, period=period))
    return forms


def _enter(
    pages: AbsenceAdmin,
    request: HttpRequest,
    form: AbsenceForm,
    covers: Sequence[CoverForm],
    planned: Sequence[PlannedCover],
) -> HttpResponse:
    try:
        absence = enter_absence(form.cleaned_data["officer"], form.period, planned)
    except AbsenceRefused as refusal:
        about = next((one for one in covers if refusal.cover and one.sector == refusal.cover.sector), None)
        (about or form).add_error(None, str(refusal))
        if about is None:
            return _first_page(pages, request, form)
        return _covers_page(pages, request, form, covers)
    done = _("The absence of %(officer)s is entered.") % {"officer": absence.officer}
    pages.log_addition(request, absence, done)
    messages.success(request, done)
    return HttpResponseRedirect(pages.page_of(absence))


def _first_page(pages: AbsenceAdmin, request: HttpRequest, form: AbsenceForm) -> HttpResponse:
    offered(request, form)
    return pages.step(request, "enter.html", title=_("Enter an absence"), form=form)


def _covers_page(
    pages: AbsenceAdmin, request: HttpRequest, form: AbsenceForm, covers: Sequence[CoverForm]
) -> HttpResponse:
    officer = form.cleaned_data["officer"]
    title = _("Who covers for %(officer)s?") % {"officer": officer}
    lost = consequences(officer, form.period).lost_covers
    shown(request, [officer, *(one for cover in covers for one in (cover.sector, *cover.offered))])
    shown(request, [one.cover for one in lost])
    summary = _period_text(form)
    form.hide()
    return pages.step(
        request, "covers.html", title=title, form=form, covers=covers, summary=summary,
        lost=[lost_text(one) for one in lost],
    )  # fmt: skip


def _confirmation(
    pages: AbsenceAdmin,
    request: HttpRequest,
    form: AbsenceForm,
    covers: Sequence[CoverForm],
    planned: Sequence[PlannedCover],
) -> HttpResponse:
    officer = form.cleaned_data["officer"]
    shown(request, [officer, *(one for plan in planned for one in (plan.sector, plan.officer))])
    context: dict[str, Any] = {
        "title": _("Enter the absence of %(officer)s?") % {"officer": officer},
        "summary": _period_text(form),
        "promised": [cover_text(one) for one in planned],
        **open_context(consequences(officer, form.period, planned)),
    }
    form.hide()
    for cover in covers:
        cover.hide()
    return pages.step(request, "confirm.html", form=form, covers=covers, **context)


def _period_text(form: AbsenceForm) -> str:
    period = form.period
    return _("%(officer)s is away from %(begins)s, %(ends)s.") % {
        "officer": form.cleaned_data["officer"],
        "begins": instant_text(period.lower),
        "ends": end_text(period.upper),
    }


def open_context(found: Consequences) -> dict[str, list[str]]:
    """Return sentences: what stays uncovered, where a stand-in answers, and which promised covers fall away."""
    return {
        "gaps": [gap_text(gap) for gap in found.gaps if gap.stand_in is None],
        "stand_ins": [gap_text(gap) for gap in found.gaps if gap.stand_in is not None],
        "lost": [lost_text(one) for one in found.lost_covers],
    }


def gap_text(gap: Gap) -> str:
    facts = {
        "sector": gap.sector,
        "begins": instant_text(gap.begins),
        "ends": end_text(gap.ends),
        "stand_in": gap.stand_in.name if gap.stand_in else "",
    }
    if gap.stand_in is not None:
        return _("%(sector)s: from %(begins)s, %(ends)s, %(stand_in)s answers as the stand-in.") % facts
    return (
        _(
            "%(sector)s: nobody covers from %(begins)s, %(ends)s. Citizens are shown how to reach the district."
        )
        % facts
    )


def lost_text(lost: LostCover) -> str:
    return _(
        "%(officer)s has promised to cover %(sector)s for %(absent)s and cannot from %(begins)s, %(ends)s. "
        "Find somebody else for it."
    ) % {
        "officer": lost.cover.officer,
        "sector": lost.cover.sector,
        "absent": lost.cover.absence.officer,
        "begins": instant_text(lost.begins),
        "ends": end_text(lost.ends),
    }


def cover_text(planned: PlannedCover) -> str:
    return _("%(officer)s covers %(sector)s from %(begins)s, %(ends)s.") % {
        "officer": planned.officer,
        "sector": planned.sector,
        "begins": instant_text(planned.period.lower),
        "ends": end_text(planned.period.upper),
    }
