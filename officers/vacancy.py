"""Sectors that nobody is responsible for: shown, never an error (handbook, Sector responsible officers)."""

from __future__ import annotations

import datetime
from typing import cast

from django.db.models import Exists, OuterRef
from django.utils import timezone

from officers.models import Assignment, User
from sectors.models import Sector
from sectors.models.organisation import SectorQuerySet


def answered_at(instant: datetime.datetime) -> Exists:
    """Return the condition that a sector has a responsible officer at the instant."""
    responsible = Assignment.objects.active_at(instant).filter(role=Assignment.Role.RESPONSIBLE)
    return Exists(responsible.filter(sector=OuterRef("pk")))


def vacant_sectors(user: User) -> SectorQuerySet:
    """Return the sectors in force now that the account may see and that nobody is responsible for."""
    now = timezone.now()
    seen = Sector.objects.in_force_at(now).visible_to(user)
    return cast("SectorQuerySet", seen.exclude(answered_at(now)))
