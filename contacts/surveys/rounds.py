"""Rounds of a station's surveys: whose they are, of which sectors, and until when they take answers."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from contacts.models import SurveyAnswer, SurveyRound
from contacts.models.evaluations import SurveyRoundQuerySet
from officers.models import StaffRole
from sectors.models import Sector, Station

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from officers.models import User

# For so long after the last day sheets of paper are typed in.
DAYS_FOR_PAPER = 21


def rounds_of(user: User) -> SurveyRoundQuerySet:
    """Return the rounds of the stations in which the account works in a sector, heads something or is analyst."""
    standing = user.standing
    whole = standing.stations | standing.stations_as(StaffRole.Role.ANALYST)
    stations = Station.objects.filter(
        Q(pk__in=whole)
        | Q(pk__in=Sector.objects.filter(pk__in=standing.sectors).values("station"))
        | Q(districts__in=standing.districts)
    )
    return SurveyRound.objects.visible_to(user).filter(station__in=stations.values("pk"))


def sectors_of(survey: SurveyRound, user: User) -> QuerySet[Sector]:
    """Return the round's sectors, the answered and those in force, whose results the account sees."""
    standing = user.standing
    whole = standing.stations | standing.stations_as(StaffRole.Role.ANALYST)
    seen = Q(pk__in=standing.sectors) | Q(district__in=standing.districts) | Q(station__in=whole)
    in_force = Sector.objects.in_force_at(timezone.now()).values("pk")
    answered = SurveyAnswer.objects.filter(round=survey).values("sector")
    return (
        Sector.objects.filter(seen, Q(pk__in=in_force) | Q(pk__in=answered), station=survey.station_id)
        .select_related("district", "station")
        .order_by("number", "pk")
    )


def round_before(survey: SurveyRound) -> SurveyRound | None:
    """Return the station's round before this one; rounds lie apart, so it is told before this one is."""
    earlier = SurveyRound.objects.filter(station=survey.station_id, opens_on__lt=survey.opens_on)
    return earlier.order_by("-opens_on").first()


def is_told_on(survey: SurveyRound, day: datetime.date) -> bool:
    return day >= told_from(survey)


def told_from(survey: SurveyRound) -> datetime.date:
    """Return the first day on which the results are told: that after the last one on which sheets are typed in.

    Told before, each answer would show in the figures at the moment at which it is given or typed in, and somebody
    may stand by.
    """
    return paper_until(survey) + datetime.timedelta(days=1)


def paper_until(survey: SurveyRound) -> datetime.date:
    """Return the last day on which answers on paper are typed in."""
    return survey.closes_on + datetime.timedelta(days=DAYS_FOR_PAPER)


def takes_paper_on(survey: SurveyRound, day: datetime.date) -> bool:
    return survey.opens_on <= day <= paper_until(survey)
