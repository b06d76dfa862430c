"""What is lacking on a day, today or to come, in which sector, and the one act that mends it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from sectors.models import Sector, Station

# Today and so many days after it are looked at.
DAYS_AHEAD = 90


class GapKind(models.TextChoices):
    """What can be lacking, the gravest first."""

    VACANT = "vacant", _("No responsible officer")
    UNCOVERED = "uncovered", _("Away, and nobody covers")
    COVER_AWAY = "cover-away", _("The covering officer is away too")
    UNREACHABLE = "unreachable", _("The public cannot reach the officer")
    TOO_FEW = "too-few", _("Too few officers")
    HAND_OVER = "hand-over", _("Hand-over not accepted")
    EVENT = "event", _("Too few at an event")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something lacking from the day `first` to the day `last`, both included and both within what was asked for.

    `goes_on`: it does not end with `last`. `sector` is None where a whole station lacks something. `what` is one
    sentence; `act` names the act that mends it and `url` leads there.
    """

    kind: GapKind
    station: Station
    sector: Sector | None
    first: datetime.date
    last: datetime.date
    what: str
    act: str
    url: str
    goes_on: bool = False

    def covers(self, day: datetime.date) -> bool:
        return self.first <= day <= self.last
