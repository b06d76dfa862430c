"""What came of a round, sector by sector and in the station, beside the round before.

Fewer than `FEWEST_ANSWERS` answers are told to nobody, neither in a sector nor of one question. Whoever types in the
sheets knows what is on them, and could invent some: so of answers given online, too, there must be enough or none.
The station's figures leave out what is hidden where all that is told together would say what it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
# answered it), "<question>_online" and "<question>_yes".
Tally = Counter[str]


class Question(StrEnum):
    KNOWS = "knows_officer"
    MET = "has_met"
    SAFE = "feels_safe"


_ONLINE = Q(channel=SurveyAnswer.Channel.ONLINE)
_ASKED = {
    Question.KNOWS: Q(knows_officer__isnull=False),
    Question.MET: Q(has_met__isnull=False),
    Question.SAFE: ~Q(feels_safe=""),
}
_SAID = {
    "answers": Q(),
    "online": _ONLINE,
    "paper": Q(channel=SurveyAnswer.Channel.PAPER),
    **{question.value: answered for question, answered in _ASKED.items()},
    **{f"{question}_online": answered & _ONLINE for question, answered in _ASKED.items()},
    "knows_officer_yes": Q(knows_officer=True),
    "has_met_yes": Q(has_met=True),
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

    `shares` are empty while the round takes answers, online or on paper.
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
    return {key: _told(_counted(tallies.get(key, {}))["answers"]) for key in keys}


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
    whole = _counted(now)
    answers = _told(whole["answers"])
    rest = whole - sum((tally for tally in now.values() if _is_shown_split(tally)), Counter())
    is_split = answers is not None and _is_split(whole) and _is_split(rest)
    shares = tuple(_share(one, _asked(now, one), _asked(then, one)) for one in Question) if is_told else ()
    return PlaceResult(
        None, answers, whole["online"] if is_split else None, whole["paper"] if is_split else None, shares
    )


def _counted(tallies: Mapping[int, Tally]) -> Tally:
    """Add up the sectors; those with too few answers only if they are enough together.

    Otherwise the station's number less those of the other sectors would tell what is hidden.
    """
    told, hidden = _parted(tallies, lambda tally: tally["answers"] >= FEWEST_ANSWERS)
    return told + hidden if hidden["answers"] >= FEWEST_ANSWERS else told


def _asked(tallies: Mapping[int, Tally], question: Question) -> Tally:
    """Add up the sectors; those whose share is hidden only if enough answered online in them together.

    Less what is told of the others, and less the sheets that somebody typed in, so many answers remain.
    """
    told, hidden = _parted(tallies, lambda tally: _is_share_told(tally, question))
    return told + hidden if hidden[f"{question}_online"] >= FEWEST_ANSWERS else told


def _parted(tallies: Mapping[int, Tally], is_told: Callable[[Tally], bool]) -> tuple[Tally, Tally]:
    """Return the sums of the sectors of which it is told, and of the others."""
    told: Tally = sum((tally for tally in tallies.values() if is_told(tally)), Counter())
    hidden: Tally = sum((tally for tally in tallies.values() if not is_told(tally)), Counter())
    return told, hidden


def _is_share_told(tally: Tally, question: Question) -> bool:
    return tally[question] >= FEWEST_ANSWERS and _is_none_or_enough(tally[f"{question}_online"])


def _is_split(tally: Tally) -> bool:
    """Whether how many answered online and on paper may both be told: nobody, or enough."""
    return all(_is_none_or_enough(tally[name]) for name in ("online", "paper"))


def _is_none_or_enough(answers: int) -> bool:
    return not 0 < answers < FEWEST_ANSWERS


def _is_shown_split(tally: Tally) -> bool:
    return tally["answers"] >= FEWEST_ANSWERS and _is_split(tally)


def _share(question: Question, now: Tally, then: Tally) -> Share:
    return Share(question, _percent(now, question), _percent(then, question))


def _percent(tally: Tally, question: Question) -> int | None:
    if not _is_share_told(tally, question):
        return None
    return round(100 * tally[f"{question}_yes"] / tally[question])


def _told(answers: int) -> int | None:
    return answers if answers >= FEWEST_ANSWERS else None
