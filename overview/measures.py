"""What the map can be coloured by: the figures, and for heads what is lacking today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from officers.models import User
from overview.figures import Period, Value, continuity, mirror
from overview.figures.catalogue import FIGURES, level_names, name_of, values_of
from overview.figures.levels import HIGHEST
from overview.gaps.finding import find_gaps
from overview.permissions import can_see_overview
from overview.scope import Reach, Scope, headed, in_figures

GAPS = "gaps"
# A sector is not better than another for it (handbook, The substance and development of the method).
NO_RANKING = (mirror.SLUG,)
# How things stand now, whatever the period.
OF_NOW = (continuity.SLUG, GAPS)


@dataclass(frozen=True, slots=True)
class Measure:
    slug: str
    name: str

    @property
    def is_ranking(self) -> bool:
        return self.slug not in NO_RANKING

    @property
    def has_period(self) -> bool:
        """Whether the number depends on the period."""
        return self.slug not in OF_NOW


@dataclass(frozen=True, slots=True)
class Level:
    """A colour of the map in words; `level` None is what is not known, or hidden."""

    level: int | None
    name: str


def measures_for(user: User) -> list[Measure]:
    """Return what the account may colour the map by, in the order of the figures."""
    figures = [Measure(slug, name_of(slug)) for slug in FIGURES]
    return [*figures, Measure(GAPS, _("Gaps today"))] if can_see_overview(user) else figures


def sectors_of(measure: Measure, user: User) -> Reach:
    """Return the sectors of which the account sees the measure."""
    return headed(user) if measure.slug == GAPS else in_figures(user)


def measured(measure: Measure, scope: Scope, period: Period, user: User) -> dict[int, Value]:
    """Return each sector's one number, by primary key."""
    return _gaps(scope, user) if measure.slug == GAPS else values_of(measure.slug, scope, period)


def legend(measure: Measure, values: dict[int, Value]) -> list[Level]:
    """Return the colours from the lowest to the highest, and none of all where some sectors have none."""
    names = _gap_levels() if measure.slug == GAPS else level_names(measure.slug)
    levels = [Level(level, name) for level, name in enumerate(names) if name]
    if any(value.level is None for value in values.values()):
        levels.append(Level(None, _("not known, or too few to show")))
    return levels


def _gaps(scope: Scope, user: User) -> dict[int, Value]:
    gaps = find_gaps(scope, user, timezone.localdate(), days=1)
    count = Counter(gap.sector.pk for gap in gaps if gap.sector)
    return {sector.pk: _gap_value(count[sector.pk]) for sector in scope.sectors}


def _gap_value(count: int) -> Value:
    words = ngettext("%(count)d gap", "%(count)d gaps", count) % {"count": count}
    return Value(count, words if count else _("no gap"), min(count, HIGHEST))


def _gap_levels() -> Iterator[str]:
    yield _("no gap")
    for count in range(1, HIGHEST):
        yield ngettext("%(count)d gap", "%(count)d gaps", count) % {"count": count}
    yield _("%(count)d gaps and more") % {"count": HIGHEST}
