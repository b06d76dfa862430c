"""Figures as pictures, each with its tables: `/station/overview/figures/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.reads import nothing_personal
from audit.spreadsheets import csv_response
from officers.models import User
from overview.figures import Cell, Chart, Figure, Period, Row, Table
from overview.figures.catalogue import ALWAYS_CURRENT, FIGURES, figure_of, name_of
from overview.figures.paging import page_of
from overview.figures.periods import choices_with, period_name, period_or_usual
from overview.figures.tallies import counted_at, is_ever_counted
from overview.permissions import can_see_figures
from overview.scope import Scope, in_figures, scope_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of figures was asked for, and in words what of it was none."""

    slug: str
    period_key: str
    period: Period
    scope: Scope
    errors: tuple[str, ...] = ()

    def query(self, **changes: Any) -> str:
        """Return the same question as the end of an address, with changes; empty ones are left out."""
        asked = {"figure": self.slug, "period": self.period_key, "where": self.scope.where} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value not in ("", None)})


def asked(request: HttpRequest) -> Asked:
    """Return which figure, period and place are asked for; the first figure and a year for nonsense.

    Raises Http404 for who sees no figures, and for others' places. One query.
    """
    user = cast("User", request.user)
    if not can_see_figures(user):
        raise Http404
    scope = scope_of(user, request.GET.get("where", ""), in_figures(user))
    slug = request.GET.get("figure") or FIGURES[0]
    errors = []
    if slug not in FIGURES:
        errors.append(_("There is no such figure. Choose one of those above."))
        slug = FIGURES[0]
    key, period, is_known = period_or_usual(request.GET.get("period", ""), timezone.localdate())
    if not is_known:
        errors.append(_("There is no such period, or it has not begun. Choose one below."))
    return Asked(slug, key, period, scope, tuple(errors))


@require_safe
def figure(request: HttpRequest) -> HttpResponse:
    """Show one figure: charts, each with its table, and how to read them."""
    nothing_personal(request)
    question = asked(request)
    whole = figure_of(question.slug, question.scope, question.period)
    shown, page = page_of(whole, request.GET.get("page"))
    is_counted = question.slug not in ALWAYS_CURRENT
    counted = counted_at(question.period) if is_counted else None
    context = {
        "asked": question,
        "scope": question.scope,
        "figure": shown,
        "page": page,
        "parts": list(_parts(question, shown, page.number)),
        "tabs": [
            {
                "slug": slug,
                "name": name_of(slug),
                "url": question.query(figure=slug),
                "is_current": slug == question.slug,
            }
            for slug in FIGURES
        ],
        "periods": choices_with(question.period_key, question.period, timezone.localdate()),
        "period_name": period_name(question.period),
        "is_counted": is_counted,
        "counted_at": counted,
        "is_ever_counted": counted is not None or not is_counted or is_ever_counted(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if question.errors else HTTPStatus.OK
    return render(request, "overview/figures.html", context, status=status)


@require_safe
def figure_csv(request: HttpRequest) -> HttpResponse:
    """Return one table of a figure with all its rows, the first one or `?table=`. Numbers alone, of nobody."""
    nothing_personal(request)
    question = asked(request)
    if question.errors:
        return render(
            request,
            "overview/figures_refused.html",
            {"asked": question},
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    tables = [table for _chart, table in figure_of(question.slug, question.scope, question.period).pairs]
    number = request.GET.get("table", "1")
    if number not in [str(place) for place in range(1, len(tables) + 1)]:
        raise Http404
    table = tables[int(number) - 1]
    rows = [*table.rows, *([table.total] if table.total else [])]
    return csv_response(
        f"figures-{question.slug}-{number}-{question.period.first:%Y-%m}-{question.period.last:%Y-%m}",
        (table.head, *table.columns),
        ((row.name, *map(_plain, row.cells)) for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the page, with the chart above it and its addresses."""

    chart: Chart | None
    chart_src: str
    table: Table
    csv_url: str
    rows: tuple[tuple[Row, str], ...]


def _parts(question: Asked, shown: Figure, page: int) -> Iterator[Part]:
    for number, (chart, table) in enumerate(shown.pairs, start=1):
        on_page = page if page > 1 else ""
        yield Part(
            chart,
            reverse("overview:chart") + question.query(chart=number - 1, page=on_page),
            table,
            reverse("overview:figures_csv") + question.query(table=number),
            tuple((row, question.query(where=row.where) if row.where else "") for row in table.rows),
        )


def _plain(cell: Cell) -> float | str:
    """Return a number for spreadsheets, and words where there is none."""
    if cell.number is None:
        return cell.text
    number = round(cell.number, 1)
    return int(number) if number == int(number) else number
