"""What came of a round, sector by sector and in the station, beside the round before.

Fewer than `FEWEST_ANSWERS` answers are told to nobody, neither in a sector nor of one question. The station's figures
leave them out where what is told of the sectors and of the station together would say what they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from contacts.models import SurveyAnswer, SurveyRound
from contacts.models.evaluations import FEWEST_ANSWERS
from contacts.surveys.rounds import is_told_on, round_before
from sectors.models import Sector

Safe = SurveyAnswer.Safe
# What a sector's answers add up to: "answers", "online", "paper", and of each question "<question>" (how many
# answered it) and "<question>_yes".
Tally = Counter[str]


class Question(StrEnum):
    KNOWS = "knows_officer"
    MET = "has_met"
    SAFE = "feels_safe"


_SAID = {
    "answers": Q(),
    "online": Q(channel=SurveyAnswer.Channel.ONLINE),
    "paper": Q(channel=SurveyAnswer.Channel.PAPER),
    "knows_officer": Q(knows_officer__isnull=False),
    "knows_officer_yes": Q(knows_officer=True),
    "has_met": Q(has_met__isnull=False),
    "has_met_yes": Q(has_met=True),
    "feels_safe": ~Q(feels_safe=""),
    "feels_safe_yes": Q(feels_safe__in=(Safe.VERY, Safe.RATHER)),
}


@dataclass(frozen=True, slots=True)
class Share:
    """Whole percent of those who answered the question; None where too few did, or no round was before."""

    question: Question
    percent: int | None
    before: int | None

    @property
    def difference(self) -> int | None:
        """How many percentage points more than in the round before, as the two are shown."""
        return None if self.percent is None or self.before is None else self.percent - self.before

    @property
    def points(self) -> int:
        return abs(self.difference or 0)


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """A sector's results, or the station's (`sector` is None). None stands for what is not told.

    `shares` are empty while the round takes answers online.
    """

    sector: Sector | None
    answers: int | None
    online: int | None
    paper: int | None
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Results:
    survey: SurveyRound
    before: SurveyRound | None
    total: PlaceResult
    rows: tuple[PlaceResult, ...]
    is_told: bool


def results_of(survey: SurveyRound, sectors: Sequence[Sector]) -> Results:
    """Return the results of these sectors and of the round's whole station: two queries."""
    before, is_told = round_before(survey), is_told_on(survey, timezone.localdate())
    tallies = _tallies([survey.pk, *([before.pk] if before else [])])
    now = tallies.get(survey.pk, {})
    then = tallies.get(before.pk, {}) if before else {}
    rows = tuple(
        _row(sector, now.get(sector.pk, Counter()), then.get(sector.pk, Counter()), is_told)
        for sector in sectors
    )
    return Results(survey, before, _total(now, then, is_told), rows, is_told)


def answers_told(surveys: Iterable[SurveyRound]) -> dict[int, int | None]:
    """Return how many answers each round has in all, by its primary key: one query."""
    keys = [survey.pk for survey in surveys]
    tallies = _tallies(keys)
    return {key: _told(_whole(tallies.get(key, {}), "answers")["answers"]) for key in keys}


def _tallies(surveys: Sequence[int]) -> dict[int, dict[int, Tally]]:
    """Return what was answered, by round and sector."""
    found: dict[int, dict[int, Tally]] = {}
    rows: Any = (
        SurveyAnswer.objects.filter(round__in=surveys)
        .values("round", "sector")
        .annotate(**{f"n_{name}": Count("pk", filter=said) for name, said in _SAID.items()})
    )
    for row in rows:
        tally = Counter({name: row[f"n_{name}"] for name in _SAID})
        found.setdefault(row["round"], {})[row["sector"]] = tally
    return found


def _row(sector: Sector, now: Tally, then: Tally, is_told: bool) -> PlaceResult:
    answers = _told(now["answers"])
    is_split = answers is not None and _is_split(now)
    shares = tuple(_share(question, now, then) for question in Question) if is_told else ()
    return PlaceResult(
        sector, answers, now["online"] if is_split else None, now["paper"] if is_split else None, shares
    )


def _total(now: Mapping[int, Tally], then: Mapping[int, Tally], is_told: bool) -> PlaceResult:
    """Return the station's figures, each with what may be counted in it."""
    whole = _whole(now, "answers")
    answers = _told(whole["answers"])
    rest = whole - sum((tally for tally in now.values() if _is_shown_split(tally)), Counter())
    is_split = answers is not None and _is_split(whole) and _is_split(rest)
    shares = tuple(_share(one, _whole(now, one), _whole(then, one)) for one in Question) if is_told else ()
    return PlaceResult(
        None, answers, whole["online"] if is_split else None, whole["paper"] if is_split else None, shares
    )


def _whole(tallies: Mapping[int, Tally], name: str) -> Tally:
    """Add up the sectors; those with too few answers to `name` only if they are enough answers together.

    Otherwise the station's figure less those of the other sectors would tell what is hidden.
    """
    told = [tally for tally in tallies.values() if tally[name] >= FEWEST_ANSWERS]
    hidden = [tally for tally in tallies.values() if tally[name] < FEWEST_ANSWERS]
    few: Tally = sum(hidden, Counter())
    whole: Tally = sum(told, Counter())
    return whole + few if few[name] >= FEWEST_ANSWERS else whole


def _is_split(tally: Tally) -> bool:
    """Whether how many answered online and on paper may both be told: nobody, or enough."""
    return all(not 0 < tally[name] < FEWEST_ANSWERS for name in ("online", "paper"))


def _is_shown_split(tally: Tally) -> bool:
    return tally["answers"] >= FEWEST_ANSWERS and _is_split(tally)


def _share(question: Question, now: Tally, then: Tally) -> Share:
    return Share(question, _percent(now, question), _percent(then, question))


def _percent(tally: Tally, question: Question) -> int | None:
    answered = tally[question]
    return None if answered < FEWEST_ANSWERS else round(100 * tally[f"{question}_yes"] / answered)


def _told(answers: int) -> int | None:
    return answers if answers >= FEWEST_ANSWERS else None
