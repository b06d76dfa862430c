"""The sector's leaflet: A4 landscape, printed on both sides and folded once to A5."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from contacts.printing.facts import Facts
from contacts.printing.hours import RegularHours
from contacts.printing.pictures import portrait
from contacts.printing.sizes import BOLD, PLAIN, height_mm, how_many, lines, name_step
from contacts.printing.streets import streets_of
from sectors import division
from sectors.sector_drawing import drawing_of

MOST_STREETS_DRAWN, MOST_HOURS = 14, 5
# Four columns of sixteen lines; a longer name takes two.
MOST_STREET_LINES, LETTERS_A_LINE = 64, 20
# The map is smaller where the list below it is longer.
MANY_STREETS, SOME_STREETS = 44, 24
# As in print-leaflet.css: points, and the millimetres of a page's words.
NAME_SIZES, SECTOR_SIZES, EMAIL_SIZES = (30, 26, 22, 19, 16, 14), (20, 17, 14, 12), (12, 10.5, 9, 8, 7)
WIDTH = 124
# What telephone, e-mail, QR code and headings take of the page that says how to reach the officer.
REACH_HEIGHT, REACH_TAKEN = 186, 103
# Letters of the sentence above, and of what hours need besides their place: the widest in any language.
LEAD_LETTERS, WHEN_LETTERS = 170, 70


def context(facts: Facts) -> dict[str, Any]:
    """Return what the template needs besides code and address. Five queries at most."""
    sector, current, said = facts.sector, division.current(), facts.said
    hours = facts.hours[: _hours_that_fit(facts)]
    streets = streets_of(sector.id, MOST_STREET_LINES, LETTERS_A_LINE)
    count = len(streets.names)
    return {
        "portrait": portrait(facts.officer),
        "map": drawing_of(sector.id, timezone.now(), most_streets=MOST_STREETS_DRAWN),
        "map_size": "small" if count > MANY_STREETS else "medium" if count > SOME_STREETS else "large",
        "streets": streets,
        "neighbours": current.neighbours(sector) if sector in current.sectors else (),
        "hours": hours,
        "has_more_hours": len(facts.hours) > len(hours),
        "name_step": name_step(said.name, NAME_SIZES, WIDTH, 26),
        "sector_step": name_step(sector.name, SECTOR_SIZES, WIDTH - 18, 18),
        "email_step": name_step(said.email.replace("@", " @"), EMAIL_SIZES, WIDTH, 10, PLAIN),
    }


def _hours_that_fit(facts: Facts) -> int:
    lead = lines("x" * (LEAD_LETTERS + len(facts.sector.name)), 11, WIDTH, 0.57)
    room = REACH_HEIGHT - REACH_TAKEN - height_mm(lead, 11, 1.35)
    return min(how_many([_height(row) for row in facts.hours], room), MOST_HOURS)


def _height(row: RegularHours) -> float:
    when = lines("x" * WHEN_LETTERS, 11, WIDTH, BOLD) if row.until else 1
    return height_mm(when, 11, 1.35) + height_mm(lines(row.where, 10, WIDTH), 10, 1.35) + 2
