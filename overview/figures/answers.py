"""How soon messages are answered, by the 72-hour clock of working days (`contacts.messages.clock`)."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import AnswerTime
from overview.figures import Cell, ChartKind, Figure, Period, Table, Value
from overview.figures.counting import LATER, WITHIN_HOURS
from overview.figures.layout import by_month, by_place, chart_of, whole_of
from overview.figures.levels import level_of, unknown
from overview.figures.places import Part
from overview.figures.small_cells import NOTHING, cell, share, total
from overview.figures.tallies import Counts, counts_of_sectors, tally
from overview.models import Measure
from overview.scope import Scope

SLUG = "answers"
KEYS = (*map(str, WITHIN_HOURS), LATER)
# Shares within 72 hours in per cent, from which a sector has the next level.
LEVELS = (50, 75, 90, 100)


def name() -> str:
    return _("Answer times")


def figure(scope: Scope, period: Period) -> Figure:
    """Return how many first answers came how soon, beside the districts' published medians. Three queries."""
    counts = tally(scope, period, Measure.ANSWERS)
    published = _published(scope)
    columns = (
        *(_("Within %(hours)d hours") % {"hours": hours} for hours in WITHIN_HOURS),
        _("Later"),
        _("Together"),
        _("Within 72 hours, share"),
    )
    places = by_place(
        _("First answers by place"),
        scope,
        (*columns, _("Median of the district, as published")),
        lambda part: (*_cells(counts.of(part)), _median(part, published)),
        lambda summed: (_share(summed), NOTHING),
        counts.further,
    )
    months = by_month(
        _("First answers by month"),
        period,
        columns,
        lambda month: _cells(counts.of_month(month)),
        lambda summed: (_share(summed),),
        counts.counted,
    )
    shown = range(len(KEYS))
    return Figure(
        SLUG,
        name(),
        _("Do people get an answer within 72 hours?"),
        (
            (chart_of(places, ChartKind.SHARES, shown, _("answers"), are_places=True), places),
            (chart_of(months, ChartKind.STACKED, shown, _("answers")), months),
        ),
        (
            _("Hours of working days: the clock stands still on weekends and public holidays."),
            _("Counted in the month of the first answer. What nobody has answered yet is not in it."),
            _("The published median is of the last months, whatever period you choose here."),
        ),
        _answer(places),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return each sector's share of answers within 72 hours in per cent. One query."""
    found = {}
    for sector, counts in counts_of_sectors(scope, period, Measure.ANSWERS).items():
        *_hours, whole, part = _cells(counts)
        text = _("%(share)s of %(answers)s within 72 hours") % {"share": part.text, "answers": whole.text}
        found[sector] = (
            unknown(part, _("no answers"))
            if part.number is None
            else Value(part.number, text, level_of(part.number, LEVELS))
        )
    return found


def level_names() -> tuple[str, ...]:
    names = tuple(_("%(low)d %% and more within 72 hours") % {"low": low} for low in LEVELS[:-1])
    return _("fewer than half within 72 hours"), *names, _("all within 72 hours")


def _answer(places: Table) -> str:
    whole = whole_of(places)
    if whole is None or whole[-2].number is None:
        return ""
    # Before the column of the median.
    answers, within = whole[-3:-1]
    said = ngettext(
        "%(share)s of %(answers)s first answer within 72 hours.",
        "%(share)s of %(answers)s first answers within 72 hours.",
        round(answers.number or 0),
    )
    return said % {"share": within.text, "answers": answers.text}


def _cells(counts: Counts) -> tuple[Cell, ...]:
    hours = tuple(cell(counts.of(key)) for key in KEYS)
    whole = total(hours)
    return (*hours, whole, _share((*hours, whole)))


def _share(cells: tuple[Cell, ...]) -> Cell:
    if any(one.is_hidden for one in cells):
        return share(Cell(None, "", is_hidden=True), cells[-1])
    return share(total(cells[: len(WITHIN_HOURS)]), cells[len(KEYS)])


def _published(scope: Scope) -> dict[int, float]:
    """Return the medians, in hours, of the districts that have enough answers for one to be published."""
    times = AnswerTime.objects.filter(
        district__in=[district.pk for district in scope.districts], answered__gte=AnswerTime.FEWEST
    )
    return dict(times.values_list("district", "median_hours"))


def _median(part: Part, published: dict[int, float]) -> Cell:
    hours = published.get(part.sectors[0].district_id)
    if hours is None or not part.is_present:
        return NOTHING
    return Cell(hours, _("%(hours)s hours") % {"hours": number_format(round(hours, 1), decimal_pos=1)})
