"""What the demonstration's people say: three rounds of a survey, the last of them open, and a year of evaluations.

Which answers there are does not change from one loading to the next; a sector or two has too few to be told.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import override

from contacts.models import Evaluation, SheetCount, SurveyAnswer, SurveyRound
from officers.models import User
from sectors.models import Sector, Station

Safe, Said = SurveyAnswer.Safe, Evaluation.Said

# Days from today to a round's first day, and how many of a hundred know their officer, have met, feel safe; how far
# a sector is from that, always, and in one round.
ROUNDS = ((-367, (38, 21, 71)), (-185, (47, 28, 74)), (-6, (52, 33, 73)))
OWN, ONCE = 14, 5
LASTS = datetime.timedelta(days=21)
# These sectors' people answer hardly at all.
QUIET = (8, 18)
ANSWERS, FEW_ANSWERS = (28, 74), (1, 4)
# An open round has had a third of its days.
SHARE_SO_FAR = 0.35
MONTHS_BACK = 12


def load_surveys(station: Station, head: User) -> None:
    """Make the rounds and evaluations, unless the station has any of them."""
    sectors = list(station.sectors.order_by("number"))
    if not SurveyRound.objects.filter(station=station).exists():
        for days, percents in ROUNDS:
            _round(station, head, sectors, days, percents)
    if not Evaluation.objects.filter(sector__station=station).exists():
        _evaluations(sectors)


def _round(
    station: Station, head: User, sectors: list[Sector], days: int, percents: tuple[int, int, int]
) -> None:
    today = timezone.localdate()
    opens_on = today + datetime.timedelta(days=days)
    with override("en"):
        name = f"{MONTHS[opens_on.month]} {opens_on.year}"
    survey = SurveyRound.objects.create(
        station=station,
        name=name,
        opens_on=opens_on,
        closes_on=opens_on + LASTS,
        created_by=head,
        created_at=timezone.now() + datetime.timedelta(days=days - 14),
    )
    chance = random.Random(days)  # noqa: S311 - invented answers, no secret
    share = SHARE_SO_FAR if survey.is_open_on(today) else 1.0
    answers = SurveyAnswer.objects.bulk_create(
        answer for sector in sectors for answer in _answers(survey, sector, percents, share, chance)
    )
    sheets = Counter(one.sector for one in answers if one.channel == SurveyAnswer.Channel.PAPER)
    SheetCount.objects.bulk_create(
        SheetCount(round=survey, sector=sector, user=head, sheets=count) for sector, count in sheets.items()
    )


def _answers(
    survey: SurveyRound, sector: Sector, percents: tuple[int, int, int], share: float, chance: random.Random
) -> list[SurveyAnswer]:
    """Return the sector's answers; each sector is somewhat better or worse than the station."""
    many = round(chance.randint(*(FEW_ANSWERS if sector.number in QUIET else ANSWERS)) * share)
    own = random.Random(sector.number)  # noqa: S311 - invented answers, no secret
    knows, met, safe = (
        percent + own.randint(-OWN, OWN) + chance.randint(-ONCE, ONCE) for percent in percents
    )
    return [
        SurveyAnswer(
            round=survey,
            sector=sector,
            knows_officer=_or_nothing(chance.randint(1, 100) <= knows, chance),
            has_met=_or_nothing(chance.randint(1, 100) <= met, chance),
            feels_safe=_safe(chance.randint(1, 100) <= safe, chance),
            channel=chance.choices(SurveyAnswer.Channel.values, (7, 3))[0],
        )
        for _count in range(many)
    ]


def _or_nothing(said: bool, chance: random.Random) -> bool | None:
    """Leave one question in twenty out."""
    return None if chance.randint(1, 20) == 1 else said


def _safe(is_safe: bool, chance: random.Random) -> str:
    choices = (Safe.VERY, Safe.RATHER) if is_safe else (Safe.HARDLY, Safe.NOT)
    return chance.choices(choices, (2, 3))[0].value


def _evaluations(sectors: list[Sector]) -> None:
    chance = random.Random(MONTHS_BACK)  # noqa: S311 - invented answers, no secret
    Evaluation.objects.bulk_create(
        Evaluation(
            sector=sector,
            month=month,
            got_help=chance.choices(Said.values, (14, 4, 2))[0],
            easy_to_reach=chance.choices([*Said.values, ""], (12, 5, 3, 1))[0],
        )
        for month in _months()
        for sector in sectors
        for _count in range(chance.randint(0 if sector.number in QUIET else 2, 8))
    )


def _months() -> list[datetime.date]:
    """Return the first days of this month and the eleven before it."""
    months = [timezone.localdate().replace(day=1)]
    while len(months) < MONTHS_BACK:
        months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))
    return months
