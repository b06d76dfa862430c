"""How long sectors keep their responsible officer, and who has said that they leave.

Frequent replacement frustrates the surroundings (handbook, Sector responsible officers). The figures are worked out
from the dated appointments alone; one query serves any number of sectors.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from officers.models import Assignment
from sectors.models import District, Sector

YEAR = datetime.timedelta(days=365.25)
WINDOW = 3 * YEAR


@dataclass(frozen=True, slots=True)
class Tenure:
    """One officer's time as responsible officer of a sector, without a break. `ends` is None while it is open."""

    officer_id: int
    officer: str
    begins: datetime.datetime
    ends: datetime.datetime | None
    hand_over_on: datetime.date | None = None

    def holds_at(self, instant: datetime.datetime) -> bool:
        return self.begins <= instant and (self.ends is None or instant < self.ends)


@dataclass(frozen=True, slots=True)
class Departure:
    """The present officer is to leave. `successor` is who begins next, if anybody is named; maybe after a gap."""

    ends: datetime.datetime | None
    hand_over_on: datetime.date | None
    successor: Tenure | None

    @property
    def leaves_gap(self) -> bool:
        """Nobody is responsible for some time after it."""
        return self.ends is not None and (self.successor is None or self.successor.begins > self.ends)


@dataclass(frozen=True, slots=True)
class Continuity:
    """A sector's figures at an instant. `changes` of the officer happened within the last `years`, three at most."""

    at: datetime.datetime
    present: Tenure | None = None
    changes: int = 0
    years: float = 0.0
    departure: Departure | None = None

    @property
    def tenure(self) -> datetime.timedelta | None:
        """How long the present officer has been responsible; None while the sector is vacant."""
        return self.at - self.present.begins if self.present else None

    @property
    def months(self) -> int | None:
        """The tenure in whole months of the calendar."""
        return months_between(self.present.begins, self.at) if self.present else None

    @property
    def changes_a_year(self) -> float | None:
        """None where no officer has ever been appointed."""
        return rate(self.changes, self.years) if self.years else None


@dataclass(frozen=True, slots=True)
class DistrictContinuity:
    """A district's figures: its sectors together. The median tenure is of those that have an officer."""

    district: District
    sectors: int
    vacant: int
    departing: int
    median_months: float | None
    changes_a_year: float | None


def continuity_of(sectors: Collection[Sector], at: datetime.datetime | None = None) -> dict[int, Continuity]:
    """Return each sector's figures at the instant, now by default, by primary key. One query."""
    instant = at or timezone.now()
    tenures = _tenures(sectors)
    return {sector.pk: figures(tenures.get(sector.pk, ()), instant) for sector in sectors}


def by_district(sectors: Iterable[Sector], known: dict[int, Continuity]) -> list[DistrictContinuity]:
    """Return the figures of the districts, in the order in which their sectors come."""
    grouped: dict[District, list[Continuity]] = defaultdict(list)
    for sector in sectors:
        grouped[sector.district].append(known[sector.pk])
    return [_district(district, of_sectors) for district, of_sectors in grouped.items()]


def figures(tenures: Sequence[Tenure], at: datetime.datetime) -> Continuity:
    """Work out a sector's figures from its responsible officers' tenures, in the order of time."""
    if not tenures or tenures[0].begins > at:
        return Continuity(at)
    opens = max(tenures[0].begins, at - WINDOW)
    changes = sum(
        opens < later.begins <= at and earlier.officer_id != later.officer_id
        for earlier, later in pairwise(tenures)
    )
    present = next((tenure for tenure in tenures if tenure.holds_at(at)), None)
    return Continuity(at, present, changes, (at - opens) / YEAR, _departure(present, tenures))


def rate(changes: int, years: float) -> float:
    """Return the changes a year. Less than a year counts as one: a single change in a week is no trend."""
    return changes / max(years, 1.0)


def months_between(begins: datetime.datetime, ends: datetime.datetime) -> int:
    """Return the whole months from one instant to the other, on the calendar of the place."""
    first, last = timezone.localtime(begins), timezone.localtime(ends)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - ((last.day, last.time()) < (first.day, first.time()))


def months_text(months: float) -> str:
    """Return a number of months as people say it: "2 years and 3 months"."""
    years, rest = divmod(int(months), 12)
    in_months = ngettext("%(count)d month", "%(count)d months", rest) % {"count": rest}
    in_years = ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    if years and rest:
        return _("%(years)s and %(months)s") % {"years": in_years, "months": in_months}
    if years or rest:
        return in_years if years else in_months
    return _("less than a month")


def joined(terms: Iterable[Tenure]) -> list[Tenure]:
    """Join what one officer holds on end, for example an appointment that was made longer by a second one."""
    tenures: list[Tenure] = []
    for term in terms:
        last = tenures[-1] if tenures else None
        if last and last.officer_id == term.officer_id and last.ends == term.begins:
            tenures[-1] = Tenure(term.officer_id, term.officer, last.begins, term.ends, term.hand_over_on)
        else:
            tenures.append(term)
    return tenures


def _departure(present: Tenure | None, tenures: Sequence[Tenure]) -> Departure | None:
    if present is None or (present.ends is None and present.hand_over_on is None):
        return None
    later = (tenure for tenure in tenures if tenure.begins > present.begins)
    return Departure(present.ends, present.hand_over_on, next(later, None))


def _district(district: District, of_sectors: list[Continuity]) -> DistrictContinuity:
    months = [continuity.months for continuity in of_sectors if continuity.months is not None]
    years = sum(continuity.years for continuity in of_sectors)
    return DistrictContinuity(
        district,
        len(of_sectors),
        vacant=sum(continuity.present is None for continuity in of_sectors),
        departing=sum(continuity.departure is not None for continuity in of_sectors),
        median_months=median(months) if months else None,
        changes_a_year=_district_rate(of_sectors) if years else None,
    )


def _district_rate(of_sectors: list[Continuity]) -> float:
    """Return the changes a year of one sector of the district, on average over the time that is known."""
    known = [continuity for continuity in of_sectors if continuity.years]
    return sum(c.changes for c in known) / sum(max(c.years, 1.0) for c in known)


def _tenures(sectors: Collection[Sector]) -> dict[int, list[Tenure]]:
    terms: dict[int, list[Tenure]] = defaultdict(list)
    rows = Assignment.objects.valid().filter(role=Assignment.Role.RESPONSIBLE, sector__in=sectors)
    for sector, officer_id, officer, period, hand_over_on in rows.order_by("period").values_list(
        "sector_id", "officer_id", "officer__name", "period", "hand_over_on"
    ):
        terms[sector].append(Tenure(officer_id, officer, period.lower, period.upper, hand_over_on))
    return {sector: joined(of_sector) for sector, of_sector in terms.items()}
