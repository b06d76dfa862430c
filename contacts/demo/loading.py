"""Loading the public side of the demonstration. What is there already stays: twice is the same as once."""

from __future__ import annotations

from django.db import transaction

from sectors.models import Station


@transaction.atomic
def load_public_side(station: Station) -> None:
    """Make hours, notices, events, partners and messages, in each sector that has none."""
