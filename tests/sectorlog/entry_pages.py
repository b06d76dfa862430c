"""What the tests of entries have in common: an officer at work, and what their telephone sends."""

import uuid
from typing import Any

from sectorlog.models import FormVersion
from sectors.models import Sector
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory, first_form

JSON = {"accept": "application/json"}
NEW = "/log/entries/new/"


def officer_of(sector: Sector, **appointment: Any) -> Any:
    """Return the account of an officer who works in the sector."""
    officer = OfficerFactory(station=sector.station, user=UserFactory())
    AssignmentFactory(sector=sector, officer=officer, **appointment)
    return officer.user


def typed(sector: Sector, version: FormVersion | None = None, /, **more: Any) -> dict[str, Any]:
    """Return what a browser sends of a quick entry."""
    return {
        "uuid": str(uuid.uuid4()),
        "sector": sector.slug,
        "form": (version or first_form()).pk,
        "text": "Talked with the owner.",
        **more,
    }
