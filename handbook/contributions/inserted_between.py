"""What was inserted into a handbook in a period and still stands: the booklet marks it."""

from __future__ import annotations

import datetime

from handbook.models import Contribution
from handbook.models.contributions import ContributionQuerySet
from sectors.models import Station


def inserted_between(
    station: Station, start: datetime.datetime, end: datetime.datetime
) -> ContributionQuerySet:
    """Return what was inserted from the instant `start` on and before `end`, in the handbook's order.

    What was taken out again is not among it; what was worded anew is, by the day of its insertion.
    """
    found = Contribution.objects.inserted().filter(
        passage__station=station, decided_at__gte=start, decided_at__lt=end
    )
    in_order = ("passage__chapter__position", "passage__position", "decided_at", "pk")
    return found.with_wording().select_related("passage__chapter", "sector").order_by(*in_order)
