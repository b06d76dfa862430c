"""What people said after their message was closed: were they helped, was the officer easy to reach?

Fewer than five answers are told to nobody, heads included: one could know who gave them. So that they cannot be
worked out by subtraction either, a district's number holds what its sectors hide only where that is five answers
or more, and months that are hidden hold five together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from contacts.models import Evaluation
from contacts.models.evaluations import FEWEST_ANSWERS
from overview.figures import Cell, Chart, ChartKind, Figure, Period, Row, Table, Value
from overview.figures.layout import by_place, chart_of
from overview.figures.levels import level_of
from overview.figures.periods import month_name, months_of
from overview.figures.places import Part
from overview.figures.small_cells import NOTHING, cell, hidden, percent_text
from overview.figures.tallies import sums_by_month, sums_of_sectors, together
from overview.models import Measure
from overview.scope import Scope
from sectors.models import Sector

SLUG = "evaluations"
HELP, REACH = "help", "reach"
SAID = Evaluation.Said.values
# Shares of those who got help in per cent, from which a sector has the next level.
LEVELS = (40, 60, 75, 90)
Sums = Mapping[int, Mapping[str, int]]


def name() -> str:
    return _("What people say")


def figure(scope: Scope, period: Period) -> Figure:
    """Return what was said to both questions, by place and by month. Three queries."""
    sums = sums_of_sectors(scope, period, Measure.EVALUATIONS)
    pairs = []
    for question, words in ((HELP, _("Did you get help?")), (REACH, _("Was the officer easy to reach?"))):
        pairs += [_by_place(scope, sums, question, words), _by_month(scope, period, sums, question, words)]
    return Figure(
        SLUG,
        name(),
        _("Are people helped, and do they reach their officer?"),
        tuple(pairs),
        (
            _("Asked when a message is closed; nobody has to answer, and nobody is named."),
            _("Fewer than %(fewest)d answers are told to nobody.") % {"fewest": FEWEST_ANSWERS},
        ),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return the share of those in each sector who got help, in per cent. One query."""
    sums = sums_of_sectors(scope, period, Measure.EVALUATIONS)
    found = {}
    for sector in scope.sectors:
        counts = sums.get(sector.pk, Counter())
        answers, yes, *_others = _cells(counts, HELP, scope)
        text = _("%(share)s of %(answers)s got help") % {"share": yes.text, "answers": answers.text}
        found[sector.pk] = (
            Value(None, _("too few to show") if answers_to(counts, HELP) else _("no answers"), None)
            if yes.number is None
            else Value(yes.number, text, level_of(yes.number, LEVELS))
        )
    return found


def level_names() -> tuple[str, ...]:
    names = tuple(_("%(low)d %% and more got help") % {"low": low} for low in LEVELS)
    return _("fewer than %(low)d %% got help") % {"low": LEVELS[0]}, *names


def answers_to(counts: Mapping[str, int], question: str) -> int:
    return sum(counts.get(f"{question}:{said}", 0) for said in SAID)


def told(sectors: Iterable[Sector], sums: Sums, question: str) -> list[Sector]:
    """Return the sectors whose answers go into the number of their district.

    Those with five or more; and the others, of a district, where they have five together.
    """
    kept: list[Sector] = []
    few: dict[int, list[Sector]] = {}
    for sector in sectors:
        if answers_to(sums.get(sector.pk, {}), question) >= FEWEST_ANSWERS:
            kept.append(sector)
        else:
            few.setdefault(sector.district_id, []).append(sector)
    for rest in few.values():
        if sum(answers_to(sums.get(sector.pk, {}), question) for sector in rest) >= FEWEST_ANSWERS:
            kept += rest
    return kept


def masked(numbers: Sequence[int]) -> list[bool]:
    """Return which of the numbers are hidden: those from 1 to 4, and as many more that the hidden are 5 together."""
    is_hidden = [0 < number < FEWEST_ANSWERS for number in numbers]
    while any(is_hidden) and _sum(numbers, is_hidden) < FEWEST_ANSWERS:
        shown = [at for at, number in enumerate(numbers) if number and not is_hidden[at]]
        if not shown:
            break
        is_hidden[min(shown, key=lambda at: numbers[at])] = True
    return is_hidden


def _sum(numbers: Sequence[int], chosen: Sequence[bool]) -> int:
    return sum(number for number, is_chosen in zip(numbers, chosen, strict=True) if is_chosen)


def _columns() -> tuple[str, ...]:
    return _("Answers"), *(str(said.label).capitalize() for said in Evaluation.Said)


def _by_place(scope: Scope, sums: Sums, question: str, words: str) -> tuple[Chart | None, Table]:
    def cells(part: Part) -> tuple[Cell, ...]:
        kept = part.sectors if len(part.sectors) == 1 else told(part.sectors, sums, question)
        return _cells(together(Counter(sums.get(sector.pk, {})) for sector in kept), question, scope)

    table = by_place(_("%(question)s By place") % {"question": words}, scope, _columns(), cells)
    return chart_of(table, ChartKind.SHARES, (1, 2, 3), _("per cent"), are_places=True), table


def _by_month(
    scope: Scope, period: Period, sums: Sums, question: str, words: str
) -> tuple[Chart | None, Table]:
    kept = told(scope.sectors, sums, question)
    by_month = sums_by_month([sector.pk for sector in kept], period, Measure.EVALUATIONS)
    counts = [by_month.get(month, Counter()) for month in months_of(period)]
    hides = masked([answers_to(one, question) for one in counts])
    # Months that were not counted have no answers either: both are shown as none.
    rows = tuple(
        Row(month_name(month), _untold() if is_hidden else _cells(one, question, scope))
        for month, one, is_hidden in zip(months_of(period), counts, hides, strict=True)
    )
    table = Table(_("%(question)s By month") % {"question": words}, _("Month"), _columns(), rows)
    return chart_of(table, ChartKind.SHARES, (1, 2, 3), _("per cent")), table


def _untold() -> tuple[Cell, ...]:
    return (hidden(), *(Cell(None, NOTHING.text, is_hidden=True),) * len(SAID))


def _cells(counts: Mapping[str, int], question: str, scope: Scope) -> tuple[Cell, ...]:
    """Return how many answered, and the shares of what they said in per cent."""
    answers = answers_to(counts, question)
    if 0 < answers < FEWEST_ANSWERS:
        return _untold()
    if not answers:
        return (Cell(0, "0"), *(NOTHING,) * len(SAID))
    hides = scope.hides_small
    return cell(answers, hides_small=hides), *(
        _share(counts.get(f"{question}:{said}", 0), answers, hides=hides) for said in SAID
    )


def _share(number: int, answers: int, *, hides: bool) -> Cell:
    """Return a share; of who only gets aggregates it is rounded as numbers are."""
    part, whole = cell(number, hides_small=hides), cell(answers, hides_small=hides)
    if part.number is None or not whole.number:
        return Cell(None, NOTHING.text, is_hidden=True)
    percent = min(100, round(100 * part.number / whole.number))
    return Cell(percent, percent_text(percent))
