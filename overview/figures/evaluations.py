"""What people said after their message was closed: were they helped, was the officer easy to reach?

Fewer than five answers are told to nobody, heads included: one could know who gave them. They are counted in lots of
five and more (`overview.figures.releasing`), so that no subtraction of one figure from another brings them back.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from contacts.models import Evaluation
from contacts.models.evaluations import FEWEST_ANSWERS
from overview.figures import Cell, Chart, ChartKind, Figure, Period, Row, Table, Value
from overview.figures.layout import by_place, chart_of
from overview.figures.levels import level_of
from overview.figures.periods import month_name, months_of
from overview.figures.places import Part
from overview.figures.small_cells import Amount, cell, hidden, percent_text, untold
from overview.figures.tallies import Counts, Tally, counts_of_sectors, tally
from overview.models import Measure
from overview.scope import Scope

SLUG = "evaluations"
HELP, REACH = "help", "reach"
SAID = Evaluation.Said.values
# Shares of those who got help in per cent, from which a sector has the next level.
LEVELS = (40, 60, 75, 90)


def name() -> str:
    return _("What people say")


def figure(scope: Scope, period: Period) -> Figure:
    """Return what was said to both questions, by place and by month. Two queries."""
    said = tally(scope, period, Measure.EVALUATIONS)
    pairs = []
    for question, words in ((HELP, _("Did you get help?")), (REACH, _("Was the officer easy to reach?"))):
        pairs += [
            _by_place(said, question, words),
            _by_month(period, said, question, words),
        ]
    return Figure(
        SLUG,
        name(),
        _("Are people helped, and do they reach their officer?"),
        tuple(pairs),
        (
            _("Asked when a message is closed; nobody has to answer, and nobody is named."),
            _("Fewer than %(fewest)d answers are told to nobody.") % {"fewest": FEWEST_ANSWERS},
            _("Answers are told at the end of the month in which a sector has %(fewest)d of them.")
            % {"fewest": FEWEST_ANSWERS},
        ),
    )


def values(scope: Scope, period: Period) -> dict[int, Value]:
    """Return the share of those in each sector who got help, in per cent. One query."""
    found = {}
    for sector, counts in counts_of_sectors(scope, period, Measure.EVALUATIONS).items():
        answers, yes, *_others = _cells(counts, HELP)
        text = _("%(share)s of %(answers)s got help") % {"share": yes.text, "answers": answers.text}
        found[sector] = (
            Value(None, _("too few to show"), None)
            if yes.number is None
            else Value(yes.number, text, level_of(yes.number, LEVELS))
        )
    return found


def level_names() -> tuple[str, ...]:
    names = tuple(_("%(low)d %% and more got help") % {"low": low} for low in LEVELS)
    return _("fewer than %(low)d %% got help") % {"low": LEVELS[0]}, *names


def _columns() -> tuple[str, ...]:
    return _("Answers"), *(str(said.label).capitalize() for said in Evaluation.Said)


def _by_place(said: Tally, question: str, words: str) -> tuple[Chart | None, Table]:
    def cells(part: Part) -> tuple[Cell, ...]:
        return _cells(said.of(part), question)

    table = by_place(
        _("%(question)s By place") % {"question": words}, said.scope, _columns(), cells, further=said.further
    )
    return chart_of(table, ChartKind.SHARES, (1, 2, 3), _("per cent"), are_places=True), table


def _by_month(period: Period, said: Tally, question: str, words: str) -> tuple[Chart | None, Table]:
    rows = tuple(
        Row(month_name(month), _cells(said.of_month(month), question)) for month in months_of(period)
    )
    table = Table(_("%(question)s By month") % {"question": words}, _("Month"), _columns(), rows)
    return chart_of(table, ChartKind.SHARES, (1, 2, 3), _("per cent")), table


def _untold() -> tuple[Cell, ...]:
    return (hidden(), *(untold(),) * len(SAID))


def _cells(counts: Counts, question: str) -> tuple[Cell, ...]:
    """Return how many answered, and the shares of what they said in per cent."""
    answers = counts.of(*(f"{question}:{said}" for said in SAID))
    # None or some that wait: which of the two is not told either.
    if answers.whole < FEWEST_ANSWERS:
        return _untold()
    return cell(answers), *(_share(counts.of(f"{question}:{said}"), answers) for said in SAID)


def _share(number: Amount, answers: Amount) -> Cell:
    """Return a share; of who only gets aggregates it is rounded as numbers are."""
    part, whole = cell(number), cell(answers)
    if part.number is None or not whole.number:
        return untold()
    percent = min(100, round(100 * part.number / whole.number))
    return Cell(percent, percent_text(percent))
