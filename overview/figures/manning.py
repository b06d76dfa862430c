"""Officers against the number that was decided for each sector (handbook, The sectors: at least two).

Of all sectors at once, now and at the end of each month, by the rules of `officers.manning` and `sectors.manning`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from officers.manning import NOON
from officers.models import Assignment
from overview.figures import Cell, ChartKind, Figure, Period, Value
from overview.figures.layout import by_month, by_place, chart_of
from overview.figures.levels import level_of, unknown
from overview.figures.periods import moved
from overview.figures.small_cells import cell
from overview.scope import Scope
from sectors.models import ManningBasis, Sector
from sectors.models.manning import LEAST_OFFICERS

SLUG = "manning"
# Officers above or below the number, from which a sector has the next level.
LEVELS = (-1, 0, 1, 2)
DAY = datetime.timedelta(days=1)


@dataclass(slots=True)
class Manning:
    """What was decided, and who was appointed when, by the sectors' primary keys."""

    decided: dict[int, list[tuple[datetime.date, int]]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[int, list[DateTimeTZRange]] = field(default_factory=lambda: defaultdict(list))

    def required(self, sector: Sector, day: datetime.date) -> int:
        """Return the number that was last decided by the day, at least two."""
        numbers = [number for begins, number in self.decided.get(sector.pk, ()) if begins <= day]
        return numbers[-1] if numbers else LEAST_OFFICERS

    def actual(self, sector: Sector, day: datetime.date) -> int:
        """Return how many were appointed at noon of the day. Nobody is appointed twice to a sector at once."""
        noon = datetime.datetime.combine(day, NOON, timezone.get_current_timezone())
        return sum(
            term.lower <= noon and (term.upper is None or noon < term.upper)
            for term in self.terms.get(sector.pk, ())
        )


def name() -> str:
    return _("Manning")


def figure(scope: Scope, period: Period, today: datetime.date | None = None) -> Figure:
    """Return officers and required officers, at the end of the period by place, and of each month. Two queries."""
    today = today or timezone.localdate()
    manning = read(scope, period, today)
    at_end = last_day(period.last, today)
    columns = (_("Officers"), _("Required"), _("Sectors with too few"), _("More or fewer"))
    places = by_place(
        _("Officers by place, on %(day)s") % {"day": date_format(at_end)},
        scope,
        columns,
        lambda part: _cells(manning, part.sectors, at_end, scope),
        lambda summed: (_difference(*summed[:2]),),
    )
    months = by_month(
        _("Officers at the end of each month"),
        period,
        columns,
        lambda month: _cells(manning, scope.sectors, last_day(month, today), scope),
    )
    return Figure(
        SLUG,
        name(),
        _("Are there as many officers as were decided?"),
        (
            (chart_of(places, ChartKind.BARS, (0, 1), _("officers"), are_places=True), places),
            (chart_of(months, ChartKind.LINES, (0, 1), _("officers")), months),
        ),
        (
            _("Officers who are away are counted: they belong to the sector."),
            _("Where nothing was decided, two are required: the least that the handbook asks for."),
        ),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return by how many officers each sector is above or below its number at the period's end. Two queries."""
    today = timezone.localdate()
    manning, at_end = read(scope, period, today), last_day(period.last, today)
    found = {}
    for sector in scope.sectors:
        there, required, _few, balance = _cells(manning, (sector,), at_end, scope)
        text = ngettext(
            "%(there)s officer, %(required)s required",
            "%(there)s officers, %(required)s required",
            round(there.number or 0),
        )
        found[sector.pk] = (
            unknown(balance, "")
            if balance.number is None
            else Value(
                balance.number,
                text % {"there": there.text, "required": required.text},
                level_of(balance.number, LEVELS),
            )
        )
    return found


def level_names() -> tuple[str, ...]:
    return (
        _("two or more too few"),
        _("one too few"),
        _("as many as required"),
        _("one more"),
        _("two or more above"),
    )


def read(scope: Scope, period: Period, today: datetime.date) -> Manning:
    """Return what was decided until the period's end, and who was appointed within it. Two queries."""
    keys, end = [sector.pk for sector in scope.sectors], last_day(period.last, today)
    found = Manning()
    decided = ManningBasis.objects.filter(sector__in=keys, holds_from__lte=end).exclude(required=None)
    for sector, day, number in decided.order_by("holds_from").values_list("sector", "holds_from", "required"):
        found.decided[sector].append((day, number or LEAST_OFFICERS))
    here = timezone.get_current_timezone()
    whole = DateTimeTZRange(
        datetime.datetime.combine(period.first, datetime.time(), here),
        datetime.datetime.combine(end + DAY, datetime.time(), here),
    )
    for sector, term in (
        Assignment.objects.overlapping(whole)
        .filter(sector__in=keys)
        .values_list("sector", "period")
        .order_by()
    ):
        found.terms[sector].append(term)
    return found


def last_day(month: datetime.date, today: datetime.date) -> datetime.date:
    """Return the last day of a month, or today where it has not come yet."""
    return min(moved(month, 1) - DAY, today)


def _cells(
    manning: Manning, sectors: tuple[Sector, ...], day: datetime.date, scope: Scope
) -> tuple[Cell, ...]:
    """Return officers, required ones, in how many sectors they are too few, and the difference."""
    hides = scope.hides_small
    numbers = [(manning.actual(sector, day), manning.required(sector, day)) for sector in sectors]
    there = cell(sum(actual for actual, _required in numbers), hides_small=hides)
    required = cell(sum(needed for _actual, needed in numbers), hides_small=hides)
    few = cell(sum(actual < needed for actual, needed in numbers), hides_small=hides)
    return there, required, few, _difference(there, required)


def _difference(there: Cell, required: Cell) -> Cell:
    if there.number is None or required.number is None:
        return Cell(None, "–", is_hidden=True)
    difference = there.number - required.number
    return Cell(difference, f"{difference:+.0f}".replace("-", "−") if difference else "0")
