"""Officers against the number that was decided for each sector (handbook, The sectors: at least two).

Of all sectors at once, now and at the end of each month, by the rules of `officers.manning` and `sectors.manning`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from officers.manning import NOON
from overview.figures import Cell, ChartKind, Figure, Period, Table, Value
from overview.figures.layout import by_month, by_place, chart_of, whole_of
from overview.figures.levels import level_of, unknown
from overview.figures.periods import months_of, moved
from overview.figures.small_cells import Amount, cell, untold
from overview.scope import Scope
from sectors.instants import instant_of
from sectors.models import Sector
from sectors.models.manning import LEAST_OFFICERS

SLUG = "manning"
# Officers above or below the number, from which a sector has the next level.
LEVELS = (-1, 0, 1, 2)
DAY = datetime.timedelta(days=1)


# Of each sector on each day, at its noon: who was appointed, and what was last decided. Then the days' sums, and each
# sector on the last day alone.
_STOOD = """
WITH stood AS (
    SELECT sector.id AS sector, sector.known, day.day, appointed.number AS there,
        coalesce(decided.required, %(least)s) AS required
    FROM unnest(%(sectors)s::bigint[], %(known)s::boolean[]) AS sector (id, known)
    CROSS JOIN unnest(%(days)s::date[], %(noons)s::timestamptz[]) AS day (day, noon)
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM officers_assignment AS assignment
        WHERE assignment.sector_id = sector.id AND assignment.withdrawn_at IS NULL
            AND assignment.period @> day.noon
    ) AS appointed
    LEFT JOIN LATERAL (
        SELECT basis.required FROM sectors_manningbasis AS basis
        WHERE basis.sector_id = sector.id AND basis.holds_from <= day.day AND basis.required IS NOT NULL
        ORDER BY basis.holds_from DESC
        LIMIT 1
    ) AS decided ON true
)
SELECT NULL, day, known, sum(there)::int, sum(required)::int, (count(*) FILTER (WHERE there < required))::int
FROM stood GROUP BY day, known
UNION ALL
SELECT sector, day, known, there, required, (there < required)::int FROM stood WHERE day = %(last)s
"""


@dataclass(frozen=True, slots=True)
class Stand:
    """How many officers there were and were required, and in how many sectors too few."""

    there: int = 0
    required: int = 0
    few: int = 0

    def __add__(self, other: Stand) -> Stand:
        return Stand(self.there + other.there, self.required + other.required, self.few + other.few)


@dataclass(frozen=True, slots=True)
class Stands:
    """The stand of the sectors that the account knows, and of the others, if there are any."""

    known: Stand = field(default_factory=Stand)
    others: Stand | None = None

    def plus(self, stand: Stand, *, is_known: bool) -> Stands:
        if is_known:
            return Stands(self.known + stand, self.others)
        return Stands(self.known, (self.others or Stand()) + stand)


@dataclass(slots=True)
class Manning:
    """How the whole scope stood on each day, and each sector, by primary key, on the last one."""

    on: dict[datetime.date, Stands] = field(default_factory=dict)
    of: dict[int, Stands] = field(default_factory=dict)

    def of_all(self, sectors: Iterable[Sector]) -> Stands:
        found = [self.of[sector.pk] for sector in sectors]
        others = [one.others for one in found if one.others is not None]
        return Stands(sum((one.known for one in found), Stand()), sum(others, Stand()) if others else None)


def name() -> str:
    return _("Manning")


def figure(scope: Scope, period: Period, today: datetime.date | None = None) -> Figure:
    """Return officers and required officers, at the end of the period by place, and of each month. One query."""
    today = today or timezone.localdate()
    manning = read(scope, period, today)
    at_end = last_day(period.last, today)
    columns = (_("Officers"), _("Required"), _("Sectors with too few"), _("More or fewer"))
    places = by_place(
        _("Officers by place, on %(day)s") % {"day": date_format(at_end)},
        scope,
        columns,
        lambda part: _cells(manning.of_all(part.sectors), scope.others(part.sectors)),
        lambda summed: (_difference(*summed[:2]),),
    )
    months = by_month(
        _("Officers at the end of each month"),
        period,
        columns,
        lambda month: _cells(manning.on.get(last_day(month, today), Stands()), scope.others(scope.sectors)),
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
            _("An officer who is appointed in two sectors counts in both."),
            _("Where nothing was decided, two are required: the least that the handbook asks for."),
        ),
        _answer(places),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return by how many officers each sector is above or below its number at the period's end. One query."""
    today = timezone.localdate()
    manning = read(scope, Period(period.last, period.last), today)
    found = {}
    for sector in scope.sectors:
        there, required, _few, balance = _cells(manning.of[sector.pk], scope.others([sector]))
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
    """Return how it stood at the end of each month of the period. One query."""
    days = [last_day(month, today) for month in months_of(period)]
    asked: dict[str, Any] = {
        "sectors": [sector.pk for sector in scope.sectors],
        "known": [scope.knows(sector) for sector in scope.sectors],
        "days": days,
        "noons": [instant_of(day, NOON) for day in days],
        "last": days[-1],
        "least": LEAST_OFFICERS,
    }
    found = Manning()
    with connection.cursor() as cursor:
        cursor.execute(_STOOD, asked)
        for sector, day, is_known, *numbers in cursor.fetchall():
            stand = Stand(*numbers)
            if sector is None:
                found.on[day] = found.on.get(day, Stands()).plus(stand, is_known=is_known)
            else:
                found.of[sector] = Stands().plus(stand, is_known=is_known)
    return found


def last_day(month: datetime.date, today: datetime.date) -> datetime.date:
    """Return the last day of a month, or today where it has not come yet."""
    return min(moved(month, 1) - DAY, today)


def _answer(places: Table) -> str:
    whole = whole_of(places)
    if whole is None:
        return ""
    there, required, few, _more = whole
    said = ngettext(
        "%(there)s officer, %(required)s required.", "%(there)s officers, %(required)s required.", _int(there)
    ) % {"there": there.text, "required": required.text}
    if not few.number:
        return said
    lacking = ngettext("Too few in %(number)s sector.", "Too few in %(number)s sectors.", _int(few)) % {
        "number": few.text
    }
    return f"{said} {lacking}"


def _int(cell: Cell) -> int:
    return round(cell.number or 0)


def _cells(stands: Stands, others_count: int) -> tuple[Cell, ...]:
    """Return officers, required ones, in how many sectors they are too few, and the difference.

    `others_count`: how many of the sectors the account does not know.
    """
    others = astuple(stands.others) if stands.others else (None, None, None)
    amounts = [Amount(*two) for two in zip(astuple(stands.known), others, strict=True)]
    there, required = map(cell, amounts[:2])
    return there, required, cell(amounts[2], most=others_count), _difference(there, required)


def _difference(there: Cell, required: Cell) -> Cell:
    if there.number is None or required.number is None:
        return untold()
    difference = there.number - required.number
    return Cell(difference, f"{difference:+.0f}".replace("-", "−") if difference else "0")
