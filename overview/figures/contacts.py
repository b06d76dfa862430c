"""Contacts by target group: nobody is overlooked (handbook, The target group)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overview.figures import Cell, Chart, ChartKind, Figure, Period, Row, Table, Value
from overview.figures.layout import by_month, by_place, chart_of, nothing_more, total_of, whole_of
from overview.figures.levels import by_fifths, fifth_names, unknown
from overview.figures.small_cells import cell, total
from overview.figures.tallies import Counts, Tally, counts_of_sectors, tally
from overview.models import Measure
from overview.scope import Scope
from sectorlog.models import TargetGroup

SLUG = "contacts"
# More groups than these in a sentence say nothing at a glance.
MOST_NAMED = 3


def name() -> str:
    return _("Contacts by target group")


def figure(scope: Scope, period: Period) -> Figure:
    """Return the contacts by group, by place and by month. Three queries."""
    counts = tally(scope, period, Measure.CONTACTS)
    groups = _groups(scope, counts)
    columns = (_("All groups"), *map(str, groups))
    places = by_place(
        _("Contacts by place"),
        scope,
        columns,
        lambda part: _cells(counts.of(part), groups),
        nothing_more,
        counts.further,
    )
    groups_table = _by_group(counts, groups)
    months = by_month(
        _("Contacts by month"),
        period,
        columns,
        lambda month: _cells(counts.of_month(month), groups),
        nothing_more,
        counts.counted,
    )
    return Figure(
        SLUG,
        name(),
        _("Is anybody overlooked?"),
        (
            groups_table,
            (chart_of(places, ChartKind.BARS, (0,), _("contacts"), are_places=True), places),
            (chart_of(months, ChartKind.BARS, (0,), _("contacts")), months),
        ),
        (
            _("An entry of the log counts for each target group that it names."),
            _("Few contacts can be enough where the need is low. What is overdue stands under What waits."),
        ),
        _answer(groups_table[1]),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return each sector's contacts with all groups, by fifths. One query."""
    found = {}
    for sector, counts in counts_of_sectors(scope, period, Measure.CONTACTS).items():
        contacts = cell(counts.all)
        text = ngettext("%(number)s contact", "%(number)s contacts", round(contacts.number or 0))
        found[sector] = (
            unknown(contacts, "")
            if contacts.number is None
            else Value(contacts.number, text % {"number": contacts.text}, None)
        )
    return by_fifths(found)


def level_names() -> tuple[str, ...]:
    return fifth_names()


def _by_group(counts: Tally, groups: Sequence[TargetGroup]) -> tuple[Chart | None, Table]:
    """Return a row for each group: its contacts, and in how many sectors there was none."""
    sums = counts.of_all()
    rows = tuple(Row(str(group), _group_cells(group, sums, counts)) for group in groups)
    table = Table(
        _("Contacts by target group"),
        _("Target group"),
        (_("Contacts"), _("Sectors without any")),
        rows,
        total_of(rows, lambda _summed: (Cell(None, ""),)),
    )
    return chart_of(table, ChartKind.BARS, (0,), _("contacts"), are_places=True), table


def _answer(groups: Table) -> str:
    """Say with whom there was least contact: nobody, or the one group that stands out."""
    whole = whole_of(groups)
    if whole is None or not whole[0].number:
        return ""
    fewest = min(row.cells[0].number or 0 for row in groups.rows)
    least = [row for row in groups.rows if (row.cells[0].number or 0) == fewest]
    number = round(whole[0].number)
    said = ngettext("%(number)s contact.", "%(number)s contacts.", number) % {"number": whole[0].text}
    if len(least) > MOST_NAMED or len(groups.rows) == 1:
        return said
    names = ", ".join(row.name for row in least)
    rest = (
        _("The fewest with %(groups)s: %(number)s.") % {"number": least[0].cells[0].text, "groups": names}
        if fewest
        else _("None at all with %(groups)s.") % {"groups": names}
    )
    return f"{said} {rest}"


def _group_cells(group: TargetGroup, sums: Counts, counts: Tally) -> tuple[Cell, ...]:
    key = str(group.pk)
    without = Counts.none_of(counts.scope.sectors, counts.scope)
    for sector in counts.scope.sectors:
        if (
            group.station_id in (None, sector.station_id)
            and not counts.by_sector.get(sector.pk, Counter())[key]
        ):
            without.add({key: 1}, is_known=counts.scope.knows(sector))
    return cell(sums.of(key)), cell(without.of(key), most=counts.scope.others(counts.scope.sectors))


def _cells(counts: Counts, groups: Sequence[TargetGroup]) -> tuple[Cell, ...]:
    cells = [cell(counts.of(str(group.pk))) for group in groups]
    return (total(cells), *cells)


def _groups(scope: Scope, counts: Tally) -> list[TargetGroup]:
    """Return the stations' groups in the catalogue's order; retired ones only where something was counted."""
    counted = {int(key) for of_sector in counts.by_sector.values() for key in of_sector}
    stations = [station.pk for station in scope.stations]
    offered = Q(retired_at=None) & (Q(station=None) | Q(station__in=stations))
    return list(TargetGroup.objects.filter(offered | Q(pk__in=counted)))
