"""When a party was last met: the newest entry that names it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import F

from sectorlog.models import Party

if TYPE_CHECKING:
    from sectorlog.models import PartyQuerySet


def with_last_contact(parties: PartyQuerySet) -> PartyQuerySet:
    """Add `last_contact` to each party: from the row that the database keeps of it, whatever the log's size."""
    return cast("PartyQuerySet", parties.annotate(last_contact=F("kept_contact__happened_at")))


def last_contact_of(party: Party) -> datetime.datetime | None:
    """Return the instant of the last contact of a party that came out of `with_last_contact`."""
    found: datetime.datetime | None = party.last_contact  # type: ignore[attr-defined]  # annotated above
    return found
