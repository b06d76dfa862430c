"""Evaluations are told in lots of five and more, so that no two figures differ by fewer.

A head may look at a year today and tomorrow, at its quarters, at a sector and at its district: whatever is told of
less than five answers alone comes back by subtraction. So the answers of a sector to a question wait until the end of
the month in which they are five, and all that wait are counted in that month. What is counted is a sum of such lots,
and so is what lies between two figures.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count
from django.utils import timezone

from contacts.models import Evaluation
from contacts.models.evaluations import FEWEST_ANSWERS
from overview.figures.periods import first_of

# The figure's questions and the columns in which they are answered.
QUESTIONS = {"help": "got_help", "reach": "easy_to_reach"}


def released(month: datetime.date, now: datetime.datetime) -> Counter[tuple[int, str]]:
    """Return what is told in a month, by sector and by question and answer; of the running month nothing.

    One query for each question: how often what was said, by sector and month.
    """
    found: Counter[tuple[int, str]] = Counter()
    if month >= first_of(timezone.localdate(now)):
        return found
    for question, column in QUESTIONS.items():
        for sector, said in _said(column, month).items():
            lot = _lot(said, month)
            found.update({(sector, f"{question}:{answer}"): number for answer, number in lot.items()})
    return found


def _said(column: str, until: datetime.date) -> dict[int, list[tuple[datetime.date, str, int]]]:
    """Return month, answer and number up to a month, in their order, by sector."""
    rows: Any = Evaluation.objects.filter(month__lte=until).exclude(**{column: ""}).order_by("month")
    said: dict[int, list[tuple[datetime.date, str, int]]] = defaultdict(list)
    for sector, month, answer, number in rows.values_list("sector", "month", column).annotate(Count("pk")):
        said[sector].append((month, answer, number))
    return said


def _lot(said: list[tuple[datetime.date, str, int]], month: datetime.date) -> Counter[str]:
    """Return the lot that came together in the month; an empty one if none did."""
    waiting: Counter[str] = Counter()
    by_month: dict[datetime.date, Counter[str]] = defaultdict(Counter)
    for answered_in, answer, number in said:
        by_month[answered_in][answer] += number
    for answered_in, answers in by_month.items():
        waiting += answers
        if waiting.total() >= FEWEST_ANSWERS:
            if answered_in == month:
                return waiting
            waiting = Counter()
    return Counter()
