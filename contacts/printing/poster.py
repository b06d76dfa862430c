"""The window poster, A4 or A3, with 3 mm bleed and crop marks: to be read from the other side of the street."""

from __future__ import annotations

from typing import Any

from contacts.printing.facts import Facts
from contacts.printing.pictures import portrait
from contacts.printing.sizes import BOLD, PLAIN, name_step

SIZES = ("a4", "a3")
MOST_HOURS = 3
# As in print-poster.css, at A4: points, and the millimetres of the words. A3 is the same drawn larger.
NAME_SIZES, SECTOR_SIZES = (48, 42, 36, 30, 25, 20), (28, 23, 19, 16)
PHONE_SIZES, EMAIL_SIZES = (40, 34, 28, 22), (17, 14, 12, 10, 8)
WIDTH = 178


def context(facts: Facts, size: str) -> dict[str, Any]:
    """Return what the template needs besides code and address; `size` is one of SIZES. One query."""
    said = facts.said
    return {
        "size": size,
        "portrait": portrait(facts.officer),
        "hours": facts.hours[:MOST_HOURS],
        "has_more_hours": len(facts.hours) > MOST_HOURS,
        "name_step": name_step(said.name, NAME_SIZES, WIDTH, 38),
        "sector_step": name_step(facts.sector.name, SECTOR_SIZES, 150, 22),
        "phone_step": name_step(said.phone.replace(" ", "x"), PHONE_SIZES, WIDTH, 20, BOLD),
        "email_step": name_step(said.email.replace("@", " @"), EMAIL_SIZES, WIDTH, 14, PLAIN),
    }
