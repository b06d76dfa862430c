"""The eight figures, in their order, by the name that stands in addresses (`?figure=`)."""

from __future__ import annotations

from collections.abc import Hashable
from types import ModuleType

from django.utils import timezone
from django.utils.translation import get_language

from overview.figures import (
    Figure,
    Period,
    Value,
    answers,
    contacts,
    continuity,
    evaluations,
    manning,
    mirror,
    patrols,
    visits,
)
from overview.keeping import Kept, quarter_of_an_hour
from overview.scope import Scope

_MODULES: dict[str, ModuleType] = {
    module.SLUG: module
    for module in (continuity, manning, contacts, patrols, mirror, answers, visits, evaluations)
}
FIGURES = tuple(_MODULES)
# Worked out from dated rows as they are; the others are counted each night.
ALWAYS_CURRENT = (continuity.SLUG, manning.SLUG)


def figure_of(slug: str, scope: Scope, period: Period) -> Figure:
    """Return a figure's tables and charts for a scope and a period. Raises KeyError for another name.

    Four queries at most, whatever the number of sectors and months; none while nothing has changed since the last.
    """
    module = _MODULES[slug]
    return _figures.get(_key(slug, scope, period), lambda: module.figure(scope, period))


def values_of(slug: str, scope: Scope, period: Period) -> dict[int, Value]:
    """Return each sector's one number for the map, by primary key. One query, none while nothing has changed."""
    module = _MODULES[slug]
    return _values.get(_key(slug, scope, period), lambda: module.values(scope, period))


def _key(slug: str, scope: Scope, period: Period) -> Hashable:
    """Return what the figure depends on: tenures grow and end by the clock, names are in the reader's language."""
    now = timezone.now()
    places = tuple(sector.pk for sector in (*scope.sectors, *scope.earlier))
    return (
        scope.state,
        slug,
        scope.where,
        places,
        scope.known,
        period,
        quarter_of_an_hour(now) if slug in ALWAYS_CURRENT else timezone.localdate(now),
        get_language(),
    )


_figures: Kept[Figure] = Kept(most=200)
_values: Kept[dict[int, Value]] = Kept(most=50)


def level_names(slug: str) -> tuple[str, ...]:
    """Return in words what each level of the map says, from 0 to 4; one that is not used is empty."""
    names: tuple[str, ...] = _MODULES[slug].level_names()
    return names


def name_of(slug: str) -> str:
    name: str = _MODULES[slug].name()
    return name
