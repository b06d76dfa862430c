"""The sectors coloured by a figure, and the list that says the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote_plus, urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.reads import shows_nothing_personal
from audit.spreadsheets import csv_response
from officers.models import User
from overview.figures import Period, Value
from overview.figures.periods import choices_with, period_name, period_or_usual
from overview.keeping import Kept
from overview.measures import GAPS, Measure, legend, measured, measures_for, sectors_of
from overview.permissions import can_see_figures
from overview.scope import Scope, key_of, scope_of
from sectors.models import Sector

ROWS_PER_PAGE = 20
# `?sort=`: anything else is the order of the sectors.
HIGHEST, LOWEST = "highest", "lowest"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and what is shown of it; `is_unknown`: its period is none, so the usual one is.

    A measure of how things stand now has the usual period, whatever the address says: it makes no difference.
    """

    measure: Measure
    measures: tuple[Measure, ...]
    scope: Scope
    period: Period
    period_key: str
    is_unknown: bool
    sort: str


@dataclass(frozen=True, slots=True)
class Row:
    """A sector of the list; `url` leads to a closer look."""

    sector: Sector
    value: Value
    url: str


@require_safe
@shows_nothing_personal
def by_measure(request: HttpRequest) -> HttpResponse:
    """Show the map and the list: `?measure=&where=&period=&sort=`."""
    asked, values = _answer(request)
    rows = _rows(asked, values)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "asked": asked,
        "scope": asked.scope,
        "periods": choices_with(asked.period_key, asked.period, timezone.localdate()),
        "period_name": period_name(asked.period),
        "legend": legend(asked.measure, values),
        "drawn": _all_drawn(asked, rows),
        "sorts": _sorts(asked.measure),
        "page": page,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if asked.is_unknown else HTTPStatus.OK
    return render(request, "overview/map.html", context, status=status)


@require_safe
@shows_nothing_personal
def by_measure_csv(request: HttpRequest) -> HttpResponse:
    """Answer the same list, all of it."""
    asked, values = _answer(request)
    if asked.is_unknown:
        return HttpResponse(_("There is no such period."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    head = (_("No."), _("Sector"), _("District"), _("Station"), asked.measure.name, _("In words"))
    rows = (
        (
            row.sector.number,
            row.sector.name,
            row.sector.district.name,
            row.sector.station.name,
            row.value.number,
            row.value.text,
        )
        for row in _rows(asked, values)
    )
    months = f"-{asked.period.first:%Y-%m}-{asked.period.last:%Y-%m}" if asked.measure.has_period else ""
    return csv_response(f"map-{asked.measure.slug}{months}", head, rows)


def _answer(request: HttpRequest) -> tuple[Asked, dict[int, Value]]:
    user = cast("User", request.user)
    if not can_see_figures(user):
        raise Http404
    asked = _asked(user, request.GET.dict())
    return asked, measured(asked.measure, asked.scope, asked.period, user)


def _asked(user: User, said: dict[str, str]) -> Asked:
    """Read the address. Raises Http404 for a measure or place that the account does not have."""
    measures = tuple(measures_for(user))
    slug = said.get("measure") or measures[0].slug
    measure = next((one for one in measures if one.slug == slug), None)
    if measure is None:
        raise Http404
    scope = scope_of(user, said.get("where", ""), sectors_of(measure, user))
    period_said = said.get("period", "") if measure.has_period else ""
    key, period, is_known = period_or_usual(period_said, timezone.localdate())
    sort = said.get("sort", "") if measure.is_ranking else ""
    return Asked(measure, measures, scope, period, key, not is_known, sort)


def _rows(asked: Asked, values: dict[int, Value]) -> list[Row]:
    """Return the sectors in their order, or by number; those without one come last."""
    before, after = _closer(asked)
    rows = [
        Row(sector, values[sector.pk], before + quote_plus(key_of(sector)) + after)
        for sector in asked.scope.sectors
    ]
    if asked.sort not in (HIGHEST, LOWEST):
        return rows
    known = [row for row in rows if row.value.number is not None]
    known.sort(key=lambda row: row.value.number or 0, reverse=asked.sort == HIGHEST)
    return [*known, *(row for row in rows if row.value.number is None)]


def _closer(asked: Asked) -> tuple[str, str]:
    """Return what stands before and after the sector in the address of a closer look."""
    if asked.measure.slug == GAPS:
        return f"{reverse('overview:gaps')}?where=", ""
    figure = urlencode({"figure": asked.measure.slug})
    period = f"&{urlencode({'period': asked.period_key})}" if asked.measure.has_period else ""
    return f"{reverse('overview:figures')}?{figure}&where=", period


_kept_drawn: Kept[dict[str, dict[str, Any]]] = Kept(most=20)


def _all_drawn(asked: Asked, rows: list[Row]) -> dict[str, dict[str, Any]]:
    """Return what the map's script needs, by sector; made anew when a number has changed."""
    shown = tuple((row.sector.slug, row.value) for row in rows)
    key = (asked.measure, asked.period_key, get_language(), shown)
    return _kept_drawn.get(key, lambda: {row.sector.slug: _drawn(row) for row in rows})


def _drawn(row: Row) -> dict[str, Any]:
    """Return what the map's script needs of a sector."""
    return {"level": row.value.level, "text": row.value.text, "url": row.url}


def _sorts(measure: Measure) -> Iterable[tuple[str, str]]:
    if not measure.is_ranking:
        return ()
    return ("", _("By district")), (HIGHEST, _("Highest first")), (LOWEST, _("Lowest first"))
