"""The balance of a sector's means: what its contacts came to, from dialogue to arrest.

Rule: handbook, The substance and development of the method: neither extreme is applied as the only means. A mirror
for the sector's own officers and heads; no persons in it, and no ranking.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.db.models import Count
from django.db.models.functions import TruncQuarter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sectorlog.models import LogEntry, Outcome
from sectors.models import Sector

PRAGMATIC = (Outcome.DIALOGUE, Outcome.ADVICE, Outcome.CONFLICT_SOLVED, Outcome.REFERRED)
OFFENSIVE = (Outcome.WARNING, Outcome.FINE, Outcome.CHARGE, Outcome.ARREST)
# Beyond this share, of at least so many contacts, one means is as good as the only one.
EXTREME_PERCENT = 90
FEWEST_CONTACTS = 20


class Extreme(models.TextChoices):
    """The handbook's two extremes."""

    TALK = "talk", gettext_lazy("Almost nothing but talk")
    CHARGES = "charges", gettext_lazy("Almost nothing but sanctions")


@dataclass(frozen=True, slots=True)
class Balance:
    """How many contacts came to what. Entries without an outcome are none of them."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def pragmatic(self) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in PRAGMATIC)

    @property
    def offensive(self) -> int:
        return self.total - self.pragmatic

    @property
    def extreme(self) -> Extreme | None:
        """Which extreme the sector is at, None if at neither or if the contacts are too few to say so."""
        if self.total < FEWEST_CONTACTS:
            return None
        if 100 * self.pragmatic > EXTREME_PERCENT * self.total:
            return Extreme.TALK
        return Extreme.CHARGES if 100 * self.offensive > EXTREME_PERCENT * self.total else None

    def percent(self, count: int) -> int:
        """Return the share of so many contacts in whole per cent, 0 of none."""
        return round(100 * count / self.total) if self.total else 0

    @property
    def rows(self) -> list[tuple[Outcome, int, int]]:
        """Outcome, count and share in per cent, in the order from dialogue to arrest."""
        return [
            (outcome, count, self.percent(count))
            for outcome in Outcome
            for count in (self.counts.get(outcome, 0),)
        ]


@dataclass(frozen=True, slots=True)
class Quarter:
    begins: datetime.date
    balance: Balance

    @property
    def name(self) -> str:
        return _("Q%(quarter)d %(year)d") % {
            "quarter": (self.begins.month + 2) // 3,
            "year": self.begins.year,
        }


def balance(sector: Sector, begins: datetime.date, ends: datetime.date) -> tuple[Balance, list[Quarter]]:
    """Return what contacts came to from the day `begins` to the day `ends`, both included: in all, by quarter.

    Quarters without a contact are left out. One query.
    """
    found = (
        LogEntry.objects.filter(sector=sector, outcome__in=Outcome.values)
        .filter(
            happened_at__gte=_midnight(begins), happened_at__lt=_midnight(ends + datetime.timedelta(days=1))
        )
        .order_by()
        .values_list(TruncQuarter("happened_at"), "outcome")
        .annotate(contacts=Count("*"))
    )
    total: Counter[str] = Counter()
    quarters: dict[datetime.date, Counter[str]] = {}
    for quarter, outcome, contacts in found:
        total[outcome] += contacts
        quarters.setdefault(timezone.localdate(quarter), Counter())[outcome] += contacts
    return Balance(total), [Quarter(day, Balance(counts)) for day, counts in sorted(quarters.items())]


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
