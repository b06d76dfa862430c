"""How long sectors keep their officer: frequent replacement frustrates (handbook, Sector responsible officers).

Worked out from the dated appointments by `officers.continuity`; one query for all sectors.
"""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median, median_high, median_low

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from officers.continuity import Continuity, Tenure, by_district, figures, joined, months_between, months_text
from officers.models import Assignment
from overview.figures import Cell, ChartKind, Figure, Period, Value
from overview.figures.layout import by_month, by_place, chart_of
from overview.figures.levels import level_of
from overview.figures.periods import moved
from overview.figures.places import Part
from overview.figures.small_cells import FEWEST, NOTHING, Amount, cell, hidden, number_text, untold
from overview.figures.tallies import Counts
from overview.scope import Scope
from sectors.instants import instant_of
from sectors.models import Sector

SLUG = "continuity"
# Months with the present officer, from which a sector has the next level.
LEVELS = (6, 12, 24, 48)
Tenures = dict[int, list[Tenure]]


def name() -> str:
    return _("Continuity")


def figure(scope: Scope, period: Period, now: datetime.datetime | None = None) -> Figure:
    """Return tenures now, changes a year and departures to come by place, and the changes by month. One query."""
    now = now or timezone.now()
    tenures = read(scope.sectors)
    known = {sector.pk: figures(tenures.get(sector.pk, ()), now) for sector in scope.sectors}
    places = by_place(
        _("Officers' time in their sector, by place"),
        scope,
        (
            _("With the same officer for, in months"),
            _("Changes a year"),
            _("Leave soon"),
            _("Without an officer"),
        ),
        lambda part: _cells(part, known, scope),
    )
    months = by_month(
        _("Changes of officers by month"),
        period,
        (_("Changes"), _("Without an officer at its end"), _("With the same officer for, in months")),
        lambda month: _month_cells(month, tenures, scope, now),
    )
    return Figure(
        SLUG,
        name(),
        _("Do people keep their officer?"),
        (
            (chart_of(places, ChartKind.BARS, (0,), _("months"), are_places=True), places),
            (chart_of(months, ChartKind.BARS, (0,), _("changes")), months),
        ),
        (
            _(
                "By place: as it is now. Of several sectors the median: half of them have had theirs for longer."
            ),
            _("Changes a year are those of the last three years. Less than a year counts as one."),
        ),
        _answer(known, scope),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return for how many months each sector has had its officer, now. One query."""
    now, tenures = timezone.now(), read(scope.sectors)
    found = {}
    for sector in scope.sectors:
        months = figures(tenures.get(sector.pk, ()), now).months
        if not scope.knows(sector):
            # One officer is fewer than five.
            found[sector.pk] = Value(None, _("too few to show"), None)
        elif months is None:
            found[sector.pk] = Value(0, _("no officer"), 0)
        else:
            found[sector.pk] = Value(months, months_text(months), level_of(months, LEVELS))
    return found


def level_names() -> tuple[str, ...]:
    return (
        _("no officer, or for less than half a year"),
        _("half a year and more"),
        _("a year and more"),
        _("two years and more"),
        _("four years and more"),
    )


def read(sectors: Sequence[Sector]) -> Tenures:
    """Return the sectors' tenures in the order of time, by primary key. One query."""
    terms: Tenures = defaultdict(list)
    rows = Assignment.objects.valid().filter(
        role=Assignment.Role.RESPONSIBLE, sector__in=[sector.pk for sector in sectors]
    )
    # The two ends alone: ranges take long to read.
    for sector, officer, begins, ends, hand_over_on in rows.order_by("period").values_list(
        "sector_id", "officer_id", "period__startswith", "period__endswith", "hand_over_on"
    ):
        # Figures name nobody.
        terms[sector].append(Tenure(officer, "", begins, ends, hand_over_on))
    return {sector: joined(of_sector) for sector, of_sector in terms.items()}


def _answer(known: Mapping[int, Continuity], scope: Scope) -> str:
    """Say for how long half of the sectors, or the only one, have had their officer, and how many have none."""
    having = [pk for pk, one in known.items() if one.months is not None]
    months = [one.months for one in known.values() if one.months is not None]
    if not months or _are_too_few(having, scope):
        return ""
    # As the table rounds it.
    time = months_text(round(median(months)))
    if len(known) == 1:
        return _("The sector has had its officer for %(time)s.") % {"time": time}
    said = _("Half of the sectors have had their officer for %(time)s or longer.") % {"time": time}
    without = len(known) - len(months)
    if _hides(scope) or not without:
        return said
    none = ngettext("%(number)d sector has none.", "%(number)d sectors have none.", without)
    return f"{said} {none % {'number': without}}"


def _cells(part: Part, known: dict[int, Continuity], scope: Scope) -> tuple[Cell, ...]:
    """Return the cells of a place: the account knows all of its sectors or none of them."""
    is_known = scope.knows(part.sectors[0])
    if not is_known and len(part.sectors) < FEWEST:
        return (hidden(),) * 4

    def told(number: int, most: float = math.inf) -> Cell:
        return cell(Amount(known=number) if is_known else Amount(others=number), most)

    together = by_district(part.sectors, known)[0]
    having = [sector.pk for sector in part.sectors if known[sector.pk].months is not None]
    changes = sum(known[sector.pk].changes for sector in part.sectors)
    return (
        untold()
        if not is_known and len(having) < FEWEST
        else _months(together.median_months, hides=not is_known),
        _rate(together.changes_a_year, changes, told(changes).number),
        told(together.departing, len(part.sectors)),
        told(together.vacant, len(part.sectors)),
    )


def _rate(rate: float | None, changes: int, told: float | None) -> Cell:
    """Return the changes a year, made of as many changes as are told: the rate would tell how many there were."""
    if rate is None:
        return NOTHING
    if told is None:
        return untold()
    shown = rate * told / changes if changes else rate
    return Cell(shown, number_text(round(shown, 1)))


def _month_cells(
    month: datetime.date, tenures: Tenures, scope: Scope, now: datetime.datetime
) -> tuple[Cell, ...]:
    """Return the changes within a month, and how its last instant, or now, stood."""
    begins, ends = (instant_of(day) for day in (month, moved(month, 1)))
    end = min(ends, now)
    changes = _counted(
        scope,
        lambda sector: sum(
            begins <= later.begins < ends and later.begins <= now and earlier.officer_id != later.officer_id
            for earlier, later in pairwise(tenures.get(sector.pk, ()))
        ),
    )
    present = {
        pk: tenure for pk, of_sector in tenures.items() for tenure in of_sector if tenure.holds_at(end)
    }
    median_months = _median_months(list(present.values()), end)
    return (
        cell(changes),
        cell(_counted(scope, lambda sector: sector.pk not in present), most=scope.others(scope.sectors)),
        untold() if _are_too_few(present, scope) else _months(median_months, hides=_hides(scope)),
    )


def _counted(scope: Scope, number: Callable[[Sector], int]) -> Amount:
    """Return the sum of a number of each sector, of those that the account knows and of the others."""
    counts = Counts.none_of(scope.sectors, scope)
    for sector in scope.sectors:
        counts.add({"": number(sector)}, is_known=scope.knows(sector))
    return counts.of("")


def _are_too_few(sectors: Iterable[int], scope: Scope) -> bool:
    """Return whether a median of these sectors, by primary key, would tell of fewer than five that are not known."""
    return _hides(scope) and sum(pk not in scope.known for pk in sectors) < FEWEST


def _hides(scope: Scope) -> bool:
    """Return whether the account does not know all the sectors of now: these alone keep an officer."""
    return scope.others(scope.sectors) > 0


def _median_months(tenures: Sequence[Tenure], end: datetime.datetime) -> float | None:
    """Return the median of whole months; those of the one or two in the middle are enough for it."""
    if not tenures:
        return None
    begins = sorted(tenure.begins for tenure in tenures)
    middle = (median_low(begins), median_high(begins))
    return sum(months_between(one, end) for one in middle) / 2


def _months(months: float | None, *, hides: bool) -> Cell:
    """Return a median in months; of many sectors it is nobody's own."""
    if months is None:
        return NOTHING
    return Cell(months, number_text(round(months) if hides else months))
