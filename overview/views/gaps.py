"""What is lacking on the days to come, as a calendar strip for each sector; and who answers on one day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import shown
from audit.spreadsheets import csv_response
from officers.models import User
from overview.gaps import DAYS_AHEAD, GapKind
from overview.gaps.day import DayRefused, SectorDay, day_asked, near_days, officers_in, who_answers
from overview.gaps.finding import Found, find
from overview.gaps.listing import MOST_LISTED, choices, drawn, rows
from overview.gaps.strip import Axis, axes
from overview.gaps.window import DAY
from overview.permissions import can_see_overview
from overview.scope import Scope, headed, scope_of

ROWS_PER_PAGE = 20


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show each sector that lacks something from today on; `?kind=`: one kind of gap, `?where=`: one place."""
    scope, kind, today = _scope(request), _kind(request), timezone.localdate()
    found = find(scope, _user(request), today)
    gaps = [one.gap for one in found]
    chosen = [gap for gap in gaps if not kind or gap.kind == kind]
    listed = rows(chosen)
    page = Paginator(listed, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    both = [replace(axis, links=_links(axis, scope)) for axis in axes(today)]
    _note(request, scope, _named(found, page))
    context = {
        "scope": scope,
        "kind": kind,
        "kinds": choices(gaps, kind),
        "gaps": gaps,
        "today": today,
        "first": today.isoformat(),
        "last": today + DAYS_AHEAD * DAY,
        "lacking_today": sum(gap.covers(today) for gap in gaps),
        "lacking": len({gap.sector for gap in gaps if gap.sector}),
        "complete": len(scope.sectors) - len({gap.sector for gap in chosen if gap.sector}),
        "days_ahead": DAYS_AHEAD,
        "weeks": near_days(today, None),
        "axes": both,
        "page": page,
        "rows": drawn(page.object_list, both, today),
    }
    return render(request, "overview/gaps.html", context)


def _links(axis: Axis, scope: Scope) -> str:
    return render_to_string("overview/includes/gap_weeks.html", {"axis": axis, "scope": scope})


@require_safe
def calendar_csv(request: HttpRequest) -> HttpResponse:
    """Return the gaps that the page lists, all of them, as a file."""
    scope, kind = _scope(request), _kind(request)
    found = find(scope, _user(request), timezone.localdate())
    chosen = [one for one in found if not kind or one.gap.kind == kind]
    return _gaps_csv(request, scope, chosen, "gaps")


def _gaps_csv(request: HttpRequest, scope: Scope, chosen: Sequence[Found], name: str) -> HttpResponse:
    _note(request, scope, _officers(chosen), verb=ReadEntry.Verb.EXPORTED)
    head = (
        _("Station"), _("District"), _("Number"), _("Sector"), _("Kind"), _("First day"), _("Last day"),
        _("Goes on"), _("What is lacking"), _("What to do"),
    )  # fmt: skip
    return csv_response(name, head, (_gap_cells(one) for one in chosen))


def _gap_cells(found: Found) -> tuple[Any, ...]:
    gap, sector = found.gap, found.gap.sector
    place = (sector.district, sector.number, sector.name) if sector else ("", "", "")
    kind = GapKind(gap.kind).label
    goes_on = _("yes") if gap.goes_on else _("no")
    return (gap.station, *place, kind, gap.first, gap.last, goes_on, gap.what, gap.act)


@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Show who answers in each sector on the day `?on=`, today by default, and what is lacking then."""
    scope, text, today = _scope(request), request.GET.get("on", ""), timezone.localdate()
    try:
        on = day_asked(text, today)
    except DayRefused as refusal:
        return _refused(request, scope, str(refusal))
    found = [one for one in find(scope, _user(request), today) if one.gap.covers(on)]
    page = Paginator(scope.sectors, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    answering = who_answers(list(page.object_list), on)
    _note(request, scope, [*_officers(found[:MOST_LISTED]), *officers_in(answering)])
    context = _day_context(scope, on, today) | {
        "on": on,
        "typed": on.isoformat(),
        "before": on - DAY if on > today else None,
        "after": on + DAY if on < today + DAYS_AHEAD * DAY else None,
        "gaps": [one.gap for one in found[:MOST_LISTED]],
        "more": max(0, len(found) - MOST_LISTED),
        "page": page,
        "answering": answering,
    }
    return render(request, "overview/gaps_day.html", context)


@require_safe
def day_csv(request: HttpRequest) -> HttpResponse:
    """Return who answers in each sector on the day as a file; `?of=gaps`: what is lacking then.

    Raises Http404 for any other part of the page.
    """
    of = request.GET.get("of", "")
    if of not in ("", "gaps"):
        raise Http404
    scope, text, today = _scope(request), request.GET.get("on", ""), timezone.localdate()
    try:
        on = day_asked(text, today)
    except DayRefused as refusal:
        return _refused(request, scope, str(refusal))
    if of:
        found = [one for one in find(scope, _user(request), today) if one.gap.covers(on)]
        return _gaps_csv(request, scope, found, f"gaps-{on}")
    answering = who_answers(scope.sectors, on)
    _note(request, scope, officers_in(answering), verb=ReadEntry.Verb.EXPORTED)
    head = (
        _("Day"), _("From"), _("To"), _("Station"), _("District"), _("Number"), _("Sector"), _("How"),
        _("Officer"), _("Telephone"), _("E-mail"), _("In place of"),
    )  # fmt: skip
    return csv_response(f"who-answers-{on}", head, _day_cells(answering, on))


def _day_cells(answering: Iterable[SectorDay], on: datetime.date) -> Iterator[tuple[Any, ...]]:
    for one in answering:
        sector = one.sector
        for part in one.parts:
            officer, absent = part.answer.officer, part.answer.absent
            hours = [f"{timezone.localtime(edge):%H:%M}" if edge else "" for edge in (part.begins, part.ends)]
            place = (sector.station, sector.district, sector.number, sector.name, part.how)
            reach = (officer.name, officer.phone, officer.email) if officer else ("", "", "")
            yield (on, *hours, *place, *reach, absent.officer.name if absent else "")


def _refused(request: HttpRequest, scope: Scope, sentence: str) -> HttpResponse:
    """Show the choice of days again, with what was typed and why it is none."""
    today = timezone.localdate()
    typed = request.GET.get("on", "")[:100]
    _note(request, scope, ())
    context = _day_context(scope, None, today) | {"typed": typed, "error": sentence}
    return render(request, "overview/gaps_day.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _day_context(scope: Scope, on: datetime.date | None, today: datetime.date) -> dict[str, Any]:
    return {
        "scope": scope,
        "kept": [("on", on.isoformat() if on else "")],
        "today": today,
        "last": today + DAYS_AHEAD * DAY,
        "weeks": near_days(today, on),
    }


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _scope(request: HttpRequest) -> Scope:
    """Return the sectors that are asked for. Raises Http404 for who heads none, and for others' places."""
    user = _user(request)
    if not can_see_overview(user):
        raise Http404
    return scope_of(user, request.GET.get("where", ""), headed(user))


def _kind(request: HttpRequest) -> str:
    """Return the kind that is asked for. Raises Http404 for what is none."""
    kind = request.GET.get("kind", "")
    if kind and kind not in GapKind.values:
        raise Http404
    return kind


def _named(found: Iterable[Found], page: Page[Any]) -> list[int]:
    """Return the officers whom the gaps of a page name."""
    on_page = {id(gap) for row in page.object_list for gap in row.listed}
    return _officers(one for one in found if id(one.gap) in on_page)


def _officers(found: Iterable[Found]) -> list[int]:
    return list(dict.fromkeys(officer for one in found for officer in one.officers))


def _note(
    request: HttpRequest,
    scope: Scope,
    officers: Iterable[int],
    *,
    verb: str = ReadEntry.Verb.LISTED,
) -> None:
    """Note the officers who are named and the sectors that the page is about."""
    keys = list(dict.fromkeys(officers))
    sectors = [sector.pk for sector in scope.sectors]
    shown(request, keys, verb=verb, subject="officers.officer", sectors=sectors)
