"""Loading the demonstration's sector log. What is there already stays."""

from __future__ import annotations

from django.db import transaction

from sectors.models import Station


@transaction.atomic
def load_log(station: Station) -> None:
    """Write the demonstration's log, unless the station has one."""
