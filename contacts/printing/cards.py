"""Business cards: ten of 85 × 55 mm on a sheet of A4 with crop marks, in all languages at once.

Nothing runs to the edge of a card, so the cards lie side by side without bleed: a guillotine cuts between them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from contacts.printing.facts import Facts
from contacts.printing.sizes import longest_word, step

PER_SHEET = 10


def context(facts: Facts) -> dict[str, Any]:
    """Return what the template needs besides code and address. Raises ValueError without a responsible officer."""
    officer = facts.officer
    if officer is None:
        raise ValueError("There are no cards of a post that is vacant.")
    place = f"{officer.title} {facts.sector.name} {facts.sector.station.name}"
    return {
        "officer": officer,
        "places": range(PER_SHEET),
        "languages": [code for code, _name in settings.LANGUAGES],
        "name_step": max(step(officer.name, 21, 46, 75), step("x" * longest_word(officer.name), 21, 25, 29)),
        "place_step": step(place, 75, 120, 200),
        "email_step": step(officer.email, 24, 52, 90),
    }
