"""Where something happened, kept no more exactly than is needed (handbook, How to perform the task, 10)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import models
from django.utils.translation import gettext_lazy as _

METRES_IN_DEGREE = 111_320
# A telephone does not know it better than this.
FINEST = 10
ABOUT = 100
# Where the telephone knows no more than this, it does not know.
COARSEST = 10_000


class Precision(models.TextChoices):
    EXACT = "exact", _("as exact as the phone knows")
    ABOUT = "100", _("about 100 m")
    SECTOR = "sector", _("only the sector")


@dataclass(frozen=True, slots=True)
class Place:
    """A point in EPSG:4326 on a grid of `precision` metres: what it was rounded from is not kept."""

    point: Point
    precision: int


def is_served(lat: float, lon: float) -> bool:
    """Tell whether the place, in degrees, lies in the area of this site."""
    west, south, east, north = settings.SERVICE_BOUNDS
    return bool(south <= lat <= north and west <= lon <= east)


def kept(lat: float, lon: float, accuracy: float | None, precision: str) -> Place | None:
    """Return what is kept of the place: the point to the precision that is wanted, or to what the phone knew.

    Degrees and metres. None where only the sector is wanted, and where the phone did not know where it was.
    """
    known = max(FINEST, math.ceil(accuracy or 0))
    if precision == Precision.SECTOR or known > COARSEST:
        return None
    metres = known if precision == Precision.EXACT else max(ABOUT, known)
    return Place(rounded(lat, lon, metres), metres)


def rounded(lat: float, lon: float, metres: int) -> Point:
    """Return the nearest point of a grid whose meshes are about so many metres wide and high."""
    row = metres / METRES_IN_DEGREE
    north = round(lat / row) * row
    column = row / max(math.cos(math.radians(north)), 0.01)
    return Point(round(round(lon / column) * column, 6), round(north, 6), srid=4326)
