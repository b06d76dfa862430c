"""The sector's leaflet: A4 landscape, printed on both sides and folded once to A5."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from contacts.printing.facts import Facts
from contacts.printing.pictures import portrait
from contacts.printing.sizes import longest_word, step
from contacts.printing.streets import streets_of
from sectors import division
from sectors.sector_drawing import drawing_of

MOST_STREETS_LISTED, MOST_STREETS_DRAWN, MOST_HOURS = 96, 14, 5


def context(facts: Facts) -> dict[str, Any]:
    """Return what the template needs besides code and address. Five queries at most."""
    sector, current = facts.sector, division.current()
    name = facts.said.name
    neighbours = current.neighbours(sector) if sector in current.sectors else ()
    return {
        "portrait": portrait(facts.officer),
        "map": drawing_of(sector.id, timezone.now(), most_streets=MOST_STREETS_DRAWN),
        "streets": streets_of(sector.id, MOST_STREETS_LISTED),
        "neighbours": neighbours,
        "hours": facts.hours[:MOST_HOURS],
        "has_more_hours": len(facts.hours) > MOST_HOURS,
        "name_step": max(step(name, 26, 50, 80), step("x" * longest_word(name), 13, 18, 26)),
        "sector_step": step(sector.name, 40, 90),
        "email_step": step(facts.said.email, 30, 60),
    }
