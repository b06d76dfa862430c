"""The eight figures, in their order, by the name that stands in addresses (`?figure=`)."""

from __future__ import annotations

from types import ModuleType

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

    Three queries at most, whatever the number of sectors and months.
    """
    figure: Figure = _MODULES[slug].figure(scope, period)
    return figure


def values_of(slug: str, scope: Scope, period: Period) -> dict[int, Value]:
    """Return each sector's one number for the map, by primary key. One query."""
    values: dict[int, Value] = _MODULES[slug].values(scope, period)
    return values


def level_names(slug: str) -> tuple[str, ...]:
    """Return in words what each level of the map says, from 0 to 4; one that is not used is empty."""
    names: tuple[str, ...] = _MODULES[slug].level_names()
    return names


def name_of(slug: str) -> str:
    name: str = _MODULES[slug].name()
    return name
