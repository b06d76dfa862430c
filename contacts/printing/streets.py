"""The streets of a sector as a leaflet lists them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from sectors.models import Address

# The alphabet goes on after z: æ, ø, å.
_AFTER_Z = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


@dataclass(frozen=True, slots=True)
class StreetName:
    """A street of the sector; `is_part`: some of its doors are in another one."""

    name: str
    is_part: bool


@dataclass(frozen=True, slots=True)
class Streets:
    """Names in the order of the alphabet, and how many smaller streets are left out."""

    names: tuple[StreetName, ...]
    left_out: int


def streets_of(sector_id: int, most_lines: int, letters: int) -> Streets:
    """Return the streets with the most doors: as many as fit on so many lines of so many letters. One query."""
    doors: Counter[str] = Counter()
    all_doors: Counter[str] = Counter()
    counted = Address.objects.filter(sector=sector_id).values("street")
    rows = counted.annotate(doors=Count("*")).values_list("street__name", "doors", "street__address_count")
    for name, here, everywhere in rows:
        doors[name] += here
        all_doors[name] += everywhere
    chosen, taken = [], 0
    for name, _count in doors.most_common():
        # A street that is shared has a mark behind its name.
        taken += math.ceil((len(name) + 2) / letters)
        if taken > most_lines:
            break
        chosen.append(name)
    chosen.sort(key=lambda name: name.casefold().translate(_AFTER_Z))
    return Streets(
        tuple(StreetName(name, doors[name] < all_doors[name]) for name in chosen), len(doors) - len(chosen)
    )
