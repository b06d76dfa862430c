"""Sectors that nobody is responsible for: shown, never an error (handbook, Sector responsible officers)."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef

from officers.models import Assignment


def answered_at(instant: datetime.datetime) -> Exists:
    """Return the condition that a sector has a responsible officer at the instant."""
    responsible = Assignment.objects.active_at(instant).filter(role=Assignment.Role.RESPONSIBLE)
    return Exists(responsible.filter(sector=OuterRef("pk")))
