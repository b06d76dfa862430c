"""Who could take care of a message: the accounts of those who work in its sector, and of its heads."""

from __future__ import annotations

import datetime

from django.db.models import Q, QuerySet

from officers.models import Absence, Assignment, Cover, Leadership, User
from sectors.models import Sector


def working_in(sector: Sector, at: datetime.datetime) -> QuerySet[User]:
    """Return the accounts that read and answer the sector's messages: responsible, attached, covering; by name.

    Nobody who is away: whoever is to take care of something is there to do it.
    """
    away = Absence.objects.active_at(at)
    appointed = Assignment.objects.active_at(at).filter(sector=sector)
    covers = Cover.objects.active_at(at).filter(sector=sector, absence__in=away)
    in_sector = Q(officer__in=appointed.values("officer")) | Q(officer__in=covers.values("officer"))
    there = User.objects.filter(in_sector, is_active=True).exclude(officer__in=away.values("officer"))
    return there.order_by("name", "pk")


def heads_of(sector: Sector, at: datetime.datetime) -> QuerySet[User]:
    """Return the accounts of the heads of the sector's district; those of its station where it has none."""
    leads = Leadership.objects.active_at(at).filter(station=sector.station_id)
    for part in (leads.filter(district=sector.district_id), leads.filter(district=None)):
        heads = User.objects.filter(leaderships__in=part, is_active=True).distinct().order_by("pk")
        if heads.exists():
            return heads
    return User.objects.none()
