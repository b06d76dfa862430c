"""What several tests of surveys ask people: so many answers of a sector in a round."""

from contacts.models import SurveyAnswer, SurveyRound
from sectors.models import Sector


def answer(survey: SurveyRound, sector: Sector, count: int, *, yes: int = 0, **said: object) -> None:
    """Let `count` people answer that they do not know the officer, `yes` of them that they do."""
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            round=survey,
            sector=sector,
            **{"knows_officer": n < yes, "has_met": False, "feels_safe": "not", **said},
        )
        for n in range(count)
    )
