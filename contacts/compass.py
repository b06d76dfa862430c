"""Directions in words, for those who do not see the map."""

from __future__ import annotations

import math

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DIRECTIONS = (
    _("to the north"),
    _("to the north-east"),
    _("to the east"),
    _("to the south-east"),
    _("to the south"),
    _("to the south-west"),
    _("to the west"),
    _("to the north-west"),
)


def direction(here: tuple[float, float], there: tuple[float, float]) -> str | Promise:
    """Return the compass direction from one point to another, each (longitude, latitude) in degrees."""
    east = (there[0] - here[0]) * math.cos(math.radians(here[1]))
    north = there[1] - here[1]
    eighth = round(math.degrees(math.atan2(east, north)) / 45)
    return DIRECTIONS[eighth % 8]
