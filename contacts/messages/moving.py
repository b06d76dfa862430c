"""A message that was left for the wrong sector goes to the right one of the station. The clock goes on."""

from __future__ import annotations

import datetime

from django.utils import timezone

from contacts.messages.officer_mails import tell
from contacts.messages.routing import recipients
from contacts.models import Message, MessageEvent
from officers.models import User
from sectors.models import Sector


def move(message: Message, to: Sector, *, by: User, now: datetime.datetime | None = None) -> bool:
    """Move the message, whose row the caller holds, and tell who answers there. Nobody has it in hand then.

    Returns whether anything changed. Raises ValueError for a message that is not open, or for a sector of another
    station: nobody there has agreed to answer for this one.
    """
    now = now or timezone.now()
    if not message.is_open:
        raise ValueError(f"Message {message.pk} is not open.")
    if to.station_id != message.sector.station_id:
        raise ValueError(f"{to} belongs to another station.")
    if to.pk == message.sector_id:
        return False
    left = message.sector
    message.sector, message.assigned_to = to, None
    message.save(update_fields=["sector", "assigned_to"])
    message.events.create(kind=MessageEvent.Kind.MOVED, by=by, from_sector=left, at=now)
    for officer in recipients(to, now):
        if officer.pk != by.pk:
            tell("message_moved", officer, message, by=str(by), from_sector=str(left))
    return True
