"""What the heads' meeting looks at, put together for paper: gaps to come, what waits, figures."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from officers.models import User
from overview.figures.catalogue import figure_of
from overview.figures.periods import period_of
from overview.gaps.finding import find
from overview.meeting.figures import PrintedFigure, printed
from overview.meeting.gaps import DAYS, PrintedGaps, gaps_by_district
from overview.meeting.waiting import PrintedWaiting, waiting_by_district
from overview.scope import Scope

# What the meeting talks about, of `overview.figures.catalogue.FIGURES`, and over how many months.
SLUGS = ("contacts", "patrols", "answers", "continuity", "manning")
MONTHS = "3"


@dataclass(frozen=True, slots=True)
class Meeting:
    """All that is printed. `reader` is the account for which it was made: it shows what that account may see."""

    scope: Scope
    reader: User
    today: datetime.date
    gaps: PrintedGaps
    waiting: PrintedWaiting
    figures: tuple[PrintedFigure, ...]

    @property
    def places(self) -> str:
        """Return what it is about: the place that was chosen, else the stations or districts that are headed."""
        if self.scope.place is not None:
            return str(self.scope.place)
        standing = self.reader.standing
        whole = [one for one in self.scope.stations if one.pk in standing.stations]
        parts = [one for one in self.scope.districts if one.station not in whole]
        return ", ".join(map(str, (*whole, *parts)))

    @property
    def file_name(self) -> str:
        return f"overview-{self.today}.pdf"


def meeting_of(user: User, scope: Scope, today: datetime.date) -> Meeting:
    """Return the overview of the scope as it is today. The number of queries does not grow with the sectors."""
    period = period_of(MONTHS, today)
    return Meeting(
        scope=scope,
        reader=user,
        today=today,
        gaps=gaps_by_district(scope, find(scope, user, today, DAYS), today),
        waiting=waiting_by_district(user, scope),
        figures=tuple(printed(figure_of(slug, scope, period)) for slug in SLUGS),
    )
