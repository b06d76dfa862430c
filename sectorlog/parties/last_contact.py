"""When a party was last met: the newest entry that names it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import OuterRef, Subquery

from sectorlog.models import EntryParty, Party

if TYPE_CHECKING:
    from sectorlog.models import PartyQuerySet


def with_last_contact(parties: PartyQuerySet) -> PartyQuerySet:
    """Add `last_contact` to each party: one look into the index of links a party, whatever the log's size."""
    links = EntryParty.objects.filter(party=OuterRef("pk")).order_by("-happened_at")
    return cast("PartyQuerySet", parties.annotate(last_contact=Subquery(links.values("happened_at")[:1])))


def last_contact_of(party: Party) -> datetime.datetime | None:
    """Return the instant of the last contact of a party that came out of `with_last_contact`."""
    found: datetime.datetime | None = party.last_contact  # type: ignore[attr-defined]  # annotated above
    return found
