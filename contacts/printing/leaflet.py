"""The sector's leaflet: A4 landscape, printed on both sides and folded once to A5."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from contacts.printing.facts import Facts
from contacts.printing.pictures import portrait
from contacts.printing.sizes import PLAIN, name_step
from contacts.printing.streets import streets_of
from sectors import division
from sectors.sector_drawing import drawing_of

MOST_STREETS_LISTED, MOST_STREETS_DRAWN, MOST_HOURS = 84, 14, 4
# The map is smaller where the list below it is longer.
MANY_STREETS, SOME_STREETS = 48, 24
# As in print-leaflet.css: points, and the millimetres of a page's words.
NAME_SIZES, SECTOR_SIZES, EMAIL_SIZES = (30, 26, 22, 19, 16, 14), (20, 17, 14, 12), (12, 10.5, 9, 8, 7)
WIDTH = 124


def context(facts: Facts) -> dict[str, Any]:
    """Return what the template needs besides code and address. Five queries at most."""
    sector, current, said = facts.sector, division.current(), facts.said
    streets = streets_of(sector.id, MOST_STREETS_LISTED)
    count = len(streets.names)
    return {
        "portrait": portrait(facts.officer),
        "map": drawing_of(sector.id, timezone.now(), most_streets=MOST_STREETS_DRAWN),
        "map_size": "small" if count > MANY_STREETS else "medium" if count > SOME_STREETS else "large",
        "streets": streets,
        "neighbours": current.neighbours(sector) if sector in current.sectors else (),
        "hours": facts.hours[:MOST_HOURS],
        "has_more_hours": len(facts.hours) > MOST_HOURS,
        "name_step": name_step(said.name, NAME_SIZES, WIDTH, 26),
        "sector_step": name_step(sector.name, SECTOR_SIZES, WIDTH, 16),
        "email_step": name_step(said.email.replace("@", " @"), EMAIL_SIZES, WIDTH, 10, PLAIN),
    }
