"""Business cards: ten of 85 × 55 mm on a sheet of A4 with crop marks, in all languages at once.

Nothing runs to the edge of a card, so the cards lie side by side without bleed: a guillotine cuts between them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from contacts.printing.facts import Facts
from contacts.printing.sizes import BOLD, height_mm, lines, name_step, step
from officers.responsibility import PublicOfficer

PER_SHEET = 10
# As in print-cards.css: points, and millimetres of what they stand in.
NAME_SIZES, NAME_WIDTH, NAME_HEIGHT = (14, 12, 10.5, 9, 8, 7), 64, 11
BODY_SIZES, BODY_WIDTH, BODY_HEIGHT = (8, 7.5, 7, 6.5, 6, 5.5, 5), 49, 31.5
PHONE_TIMES = 1.375
# Two lines in each language, with the rule above them.
NOTES_HEIGHT = 11


def context(facts: Facts) -> dict[str, Any]:
    """Return what the template needs besides code and address. Raises ValueError without a responsible officer."""
    officer = facts.officer
    if officer is None:
        raise ValueError("There are no cards of a post that is vacant.")
    return {
        "officer": officer,
        "places": range(PER_SHEET),
        "languages": [code for code, _name in settings.LANGUAGES],
        "name_step": name_step(officer.name, NAME_SIZES, NAME_WIDTH, NAME_HEIGHT),
        "body_step": step(BODY_SIZES, lambda size: _body_height(facts, officer, size) <= BODY_HEIGHT),
    }


def _body_height(facts: Facts, officer: PublicOfficer, size: float) -> float:
    plain = (officer.title, facts.sector.station.name, officer.email)
    count = sum(lines(text, size, BODY_WIDTH) for text in plain)
    count += lines(facts.sector.name, size, BODY_WIDTH, BOLD)
    phone = size * PHONE_TIMES
    phone_height = height_mm(lines(officer.phone, phone, BODY_WIDTH, BOLD), phone)
    return height_mm(count, size) + phone_height + NOTES_HEIGHT
