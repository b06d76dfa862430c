"""What is odd about where a party is."""

from __future__ import annotations

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from sectors import division
from sectors.division import Division
from sectors.models import Sector


def question(place: Point, sector: Sector, current: Division | None = None) -> str:
    """Return what to ask about a place that does not lie in the sector, "" where there is nothing to ask.

    In the division in force by default; who asks for many places brings it along.
    """
    current = current or division.current()
    if sector.slug not in current.by_slug:
        return ""
    owner = current.owner(place.x, place.y)
    if owner is None:
        sentence = _("This place lies outside all sectors. Does the party belong to %(sector)s even so?")
        return sentence % {"sector": sector}
    if owner.id == sector.pk:
        return ""
    sentence = _("This place lies in %(owner)s. Does the party belong to %(sector)s even so?")
    return sentence % {"owner": f"{owner.number} {owner.name}", "sector": sector}
