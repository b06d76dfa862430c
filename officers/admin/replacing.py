"""Replacing a sector's responsible officer in the admin: choose, read in sentences what will happen, confirm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.reads import offered, shown
from officers.admin.appointments import appointment_rows
from officers.fields import end_text
from officers.forms.replacement import ReplacementForm
from officers.models import Assignment
from officers.permissions import can_appoint_officer
from officers.replacement import Replacement, ReplacementRefused, replace
from sectors.instants import instant_text
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.admin.sectors import AnsweredSectorAdmin
    from officers.models import User


def replace_view(pages: AnsweredSectorAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks who follows and when; POST says what will happen, and does it once that is confirmed."""
    sector = pages.get_object(request, str(pk))
    user = cast("User", request.user)
    if not can_appoint_officer(user, sector):
        raise Http404
    if request.method != "POST":
        form = ReplacementForm(sector=sector, user=user, initial=_suggested(sector))
        return _page(pages, request, sector, form)
    form = ReplacementForm(request.POST, sector=sector, user=user)
    if not form.is_valid() or "change" in request.POST:
        return _page(pages, request, sector, form)
    if "confirmed" not in request.POST:
        return _confirmation(pages, request, sector, form)
    return _replace(pages, request, sector, form)


def _suggested(sector: Sector) -> dict[str, Any]:
    """Begin with the day on which the present officer leaves, where that is known."""
    present = Assignment.objects.active_at(timezone.now()).filter(
        sector=sector, role=Assignment.Role.RESPONSIBLE, period__upper_inf=False
    )
    leaving = present.first()
    if leaving is None:
        return {}
    ends = leaving.period.upper
    return {"at": ends, "hand_over_on": leaving.hand_over_on or timezone.localdate(ends)}


def _replace(
    pages: AnsweredSectorAdmin, request: HttpRequest, sector: Sector, form: ReplacementForm
) -> HttpResponse:
    chosen = form.cleaned_data
    try:
        made = replace(
            sector,
            chosen["successor"],
            chosen["at"],
            chosen["hand_over_on"],
            chosen["keep_as_attached"],
            by=cast("User", request.user),
        )
    except ReplacementRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(pages, request, sector, form)
    done = _("From %(instant)s on, %(officer)s is the responsible officer of %(sector)s.") % {
        "instant": instant_text(made.period.lower),
        "officer": made.officer,
        "sector": sector,
    }
    pages.log_change(request, sector, done)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:sectors_sector_change", args=[sector.pk]))


def _page(
    pages: AnsweredSectorAdmin, request: HttpRequest, sector: Sector, form: ReplacementForm
) -> HttpResponse:
    now = timezone.now()
    responsible = Assignment.objects.from_instant(now).filter(sector=sector, role=Assignment.Role.RESPONSIBLE)
    present = appointment_rows(responsible)
    offered(request, form)
    shown(request, [row["assignment"] for row in present])
    context = {
        "title": _("Replace the officer of %(sector)s") % {"sector": sector},
        "form": form,
        "present": present,
        "is_vacant": not responsible.active_at(now).exists(),
    }
    return _response(pages, request, sector, "replace.html", context)


def _confirmation(
    pages: AnsweredSectorAdmin, request: HttpRequest, sector: Sector, form: ReplacementForm
) -> HttpResponse:
    planned = cast("Replacement", form.planned)
    ending = [one for one in (planned.predecessor, *planned.instead_of, *planned.covers) if one is not None]
    shown(request, [planned.successor, *ending])
    form.hide()
    context = {
        "title": _("Replace the officer of %(sector)s?") % {"sector": sector},
        "form": form,
        "sentences": _sentences(planned, form.cleaned_data, at_once=form.cleaned_data["at"] is None),
        "warning": _warning(planned),
    }
    return _response(pages, request, sector, "replace_confirm.html", context)


def _response(
    pages: AnsweredSectorAdmin, request: HttpRequest, sector: Sector, template: str, context: dict[str, Any]
) -> HttpResponse:
    context = {**pages.admin_site.each_context(request), "opts": pages.opts, "sector": sector, **context}
    return TemplateResponse(request, f"admin/officers/sector/{template}", context)


def _warning(planned: Replacement) -> str:
    if planned.away is None:
        return ""
    return _(
        "%(officer)s is away at that time, %(ends)s. Unless somebody covers, citizens are shown how to reach the "
        "district until then."
    ) % {"officer": planned.successor, "ends": end_text(planned.away.period.upper)}


def _sentences(planned: Replacement, chosen: dict[str, Any], *, at_once: bool) -> list[str]:
    """Say what the act will do, one sentence for each thing that changes."""
    facts = {
        "instant": _("At once") if at_once else _("On %(instant)s") % {"instant": instant_text(planned.at)},
        "successor": planned.successor,
        "sector": planned.sector,
        "predecessor": planned.predecessor.officer if planned.predecessor else "",
    }
    told = _("Those concerned are told by e-mail: the officers, and the head of the district.")
    if planned.predecessor is None:
        first = _(
            "%(instant)s %(successor)s becomes the responsible officer of %(sector)s, which has nobody."
        )
        return [first % facts, *_endings(planned), told]
    first = _("%(instant)s %(successor)s takes over %(sector)s from %(predecessor)s.")
    sentences = [first % facts, *_endings(planned)]
    if chosen["keep_as_attached"]:
        sentences.append(_("%(predecessor)s stays in the sector as an attached officer.") % facts)
    if chosen["hand_over_on"]:
        day = date_format(chosen["hand_over_on"], "DATE_FORMAT")
        sentences.append(_("The hand-over is on %(day)s.") % {"day": day})
    return [*sentences, told]


def _endings(planned: Replacement) -> Iterator[str]:
    """Say what else ends or changes with it."""
    before = planned.predecessor
    if before is not None and before.period.upper is not None:
        sentence = _("The appointment of %(officer)s was to end on %(instant)s and now ends with the change.")
        yield sentence % {"officer": before.officer, "instant": instant_text(before.period.upper)}
    for other in planned.instead_of:
        if other.role == Assignment.Role.ATTACHED:
            sentence = _(
                "%(officer)s, attached until then, is so no longer: the responsibility takes its place."
            )
            yield sentence % {"officer": other.officer}
    for cover in planned.covers:
        sentence = _("%(officer)s no longer covers the sector %(ends)s.")
        yield sentence % {"officer": cover.officer, "ends": end_text(cover.period.upper)}
