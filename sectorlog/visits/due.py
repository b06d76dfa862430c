"""Who is to be visited: parties whose agreed interval has passed (handbook, How to perform the task, 8 and 10).

An interval runs from the last contact; who was never met is due from the day on which they were entered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from sectorlog.models import Party
from sectorlog.parties.last_contact import last_contact_of, with_last_contact
from sectors.models import Sector

# So many days before its day a visit belongs to the round: who is near is worth the steps.
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a party stands on the day `today`. `due_on` is None where no interval is agreed, or it has gone."""

    party: Party
    last_contact: datetime.datetime | None
    due_on: datetime.date | None
    today: datetime.date

    @property
    def days_over(self) -> int:
        """Return for how many days the visit is due; negative: it is due in so many days."""
        return (self.today - self.due_on).days if self.due_on else -1

    @property
    def days_left(self) -> int:
        return -self.days_over

    @property
    def state(self) -> str:
        """Return "due", "soon", "later", or "open" where nothing is agreed."""
        if self.due_on is None:
            return "open"
        if self.days_over >= 0:
            return "due"
        return "soon" if self.days_over >= -SOON_DAYS else "later"

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed."""
        return self.due_on is not None and self.due_on < self.today


def visit_of(party: Party, today: datetime.date) -> Visit:
    """Return where a party that came out of `with_last_contact` stands."""
    last = last_contact_of(party)
    is_open = party.interval_days is None or party.gone_at is not None or party.merged_into_id is not None
    return Visit(party, last, None if is_open else _due_on(party, last), today)


def due_visits(
    sectors: Iterable[Sector], today: datetime.date | None = None, *, within_days: int = 0
) -> list[Visit]:
    """Return the visits that are due in the sectors on the day `today`, or become so `within_days`.

    The longest due first. One query for all sectors; the sectors of the parties come with them.
    """
    today = today or timezone.localdate()
    last_day = today + datetime.timedelta(days=within_days)
    parties = Party.objects.due_by(last_day).filter(sector__in=list(sectors)).select_related("sector")
    visits = [visit_of(party, today) for party in with_last_contact(parties)]
    due = [visit for visit in visits if visit.due_on and visit.due_on <= last_day]
    return sorted(due, key=lambda visit: (visit.due_on, visit.party.name))


def _due_on(party: Party, last: datetime.datetime | None) -> datetime.date:
    if last is None:
        return timezone.localdate(party.created_at)
    return timezone.localdate(last) + datetime.timedelta(days=party.interval_days or 0)
