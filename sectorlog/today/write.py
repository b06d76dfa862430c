"""The one big button: write an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest

from officers.models import User
from sectorlog.today import Part
from sectors.models import Sector


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return the button, None for who works in none of the sectors. On a sector's page it is for that one."""
    own = [sector for sector in sectors if sector.pk in cast("User", request.user).standing.sectors]
    return Part("sectorlog/today/write.html", {"only": own[0] if len(own) == 1 else None}) if own else None
