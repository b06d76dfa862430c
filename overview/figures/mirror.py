"""Pragmatic and offensive outcomes in balance (handbook, The substance and development of the method).

A mirror, no ranking: places stay in their own order, and what is extreme is told in words, as `sectorlog.mirror`
does.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from overview.figures import Cell, ChartKind, Figure, Period, Table, Value
from overview.figures.layout import by_month, by_place, chart_of, whole_of
from overview.figures.small_cells import cell, share, total
from overview.figures.tallies import Counts, counts_of_sectors, tally
from overview.models import Measure
from overview.scope import Scope
from sectorlog.mirror import EXTREME_PERCENT, FEWEST_CONTACTS, OFFENSIVE, PRAGMATIC, Balance
from sectorlog.models import Outcome

SLUG = "mirror"
# States, no ranks: both extremes are one level.
FEW, BALANCED, EXTREME = 0, 2, 4


def name() -> str:
    return _("The mirror")


def figure(scope: Scope, period: Period) -> Figure:
    """Return what contacts came to, pragmatic and offensive. Two queries."""
    counts = tally(scope, period, Measure.OUTCOMES)
    columns = (_("Pragmatic"), _("Offensive"), _("Pragmatic share"), _("What it says"))
    places = by_place(
        _("What contacts came to, by place"),
        scope,
        columns,
        lambda part: _cells(counts.of(part)),
        _rest,
        counts.further,
    )
    months = by_month(
        _("What contacts came to, by month"),
        period,
        columns[:3],
        lambda month: _cells(counts.of_month(month))[:3],
        lambda summed: _rest(summed)[:1],
        counts.counted,
    )
    return Figure(
        SLUG,
        name(),
        _("Are talk and sanctions in balance?"),
        (
            (chart_of(places, ChartKind.SHARES, (0, 1), _("contacts"), are_places=True), places),
            (chart_of(months, ChartKind.SHARES, (0, 1), _("contacts")), months),
        ),
        (
            _("A mirror, no ranking: what is right differs from sector to sector. Neither extreme alone is."),
            _("Pragmatic is from dialogue to passing on, offensive from a warning to an arrest."),
            _("Words warn above %(percent)d %% of one kind, from %(fewest)d contacts on.")
            % {"percent": EXTREME_PERCENT, "fewest": FEWEST_CONTACTS},
        ),
        _answer(places),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return each sector's pragmatic share in per cent and its state. One query."""
    sums = counts_of_sectors(scope, period, Measure.OUTCOMES)
    return {sector: _value(_cells(counts)) for sector, counts in sums.items()}


def level_names() -> tuple[str, ...]:
    """Return what the levels say; 1 and 3 are not used."""
    return _("too few contacts to say"), "", _("talk and sanctions both"), "", _("almost one of them alone")


def _answer(places: Table) -> str:
    """Say the pragmatic share and what it means; of several places nothing of one's extreme."""
    whole = whole_of(places)
    if whole is None:
        return ""
    pragmatic, offensive, percent, words = whole
    if _balance(pragmatic, offensive).total < FEWEST_CONTACTS:
        return f"{words.text}."
    return _("%(words)s: %(percent)s pragmatic.") % {"words": words.text, "percent": percent.text}


def _value(cells: tuple[Cell, ...]) -> Value:
    pragmatic, offensive, percent, words = cells
    if pragmatic.is_hidden or offensive.is_hidden:
        return Value(None, _("too few to show"), None)
    balance = _balance(pragmatic, offensive)
    if balance.total < FEWEST_CONTACTS:
        return Value(percent.number, words.text, FEW)
    text = _("%(words)s: %(percent)s pragmatic") % {"words": words.text, "percent": percent.text}
    return Value(percent.number, text, EXTREME if balance.extreme else BALANCED)


def _cells(counts: Counts) -> tuple[Cell, ...]:
    sums = tuple(cell(counts.of(*outcomes)) for outcomes in (PRAGMATIC, OFFENSIVE))
    return (*sums, *_rest(sums))


def _rest(sums: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return the pragmatic share and what the balance says."""
    pragmatic, offensive = sums[:2]
    if pragmatic.is_hidden or offensive.is_hidden:
        unsaid = share(Cell(None, "", is_hidden=True), pragmatic)
        return unsaid, unsaid
    return share(pragmatic, total((pragmatic, offensive))), Cell(None, _words(_balance(pragmatic, offensive)))


def _words(balance: Balance) -> str:
    if balance.total < FEWEST_CONTACTS:
        return _("Too few contacts to say")
    return str(balance.extreme.label) if balance.extreme else _("Both are used")


def _balance(pragmatic: Cell, offensive: Cell) -> Balance:
    return Balance({Outcome.DIALOGUE: int(pragmatic.number or 0), Outcome.CHARGE: int(offensive.number or 0)})
