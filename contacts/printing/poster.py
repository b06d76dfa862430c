"""The window poster, A4 or A3, with 3 mm bleed and crop marks: to be read from the other side of the street."""

from __future__ import annotations

from typing import Any

from contacts.printing.facts import Facts
from contacts.printing.pictures import portrait
from contacts.printing.sizes import longest_word, step

SIZES = ("a4", "a3")
MOST_HOURS = 4


def context(facts: Facts, size: str) -> dict[str, Any]:
    """Return what the template needs besides code and address; `size` is one of SIZES. One query."""
    said = facts.said
    return {
        "size": size,
        "portrait": portrait(facts.officer),
        "hours": facts.hours[:MOST_HOURS],
        "has_more_hours": len(facts.hours) > MOST_HOURS,
        "name_step": max(step(said.name, 26, 52, 80), step("x" * longest_word(said.name), 15, 20, 26)),
        "sector_step": step(facts.sector.name, 30, 70),
        "email_step": step(said.email, 34, 60),
    }
