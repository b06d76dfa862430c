"""Who takes care of a message: said by the responsible officer or the station's head, told to whom it is."""

from __future__ import annotations

import datetime

from django.utils import timezone

from contacts.messages.officer_mails import tell
from contacts.models import Message, MessageEvent
from officers.models import User


def assign(message: Message, to: User, *, by: User, now: datetime.datetime | None = None) -> bool:
    """Give the message, whose row the caller holds, into somebody's hands; they are told, unless it is `by`.

    Returns whether anything changed. Raises ValueError for a message that is not open.
    """
    if not message.is_open:
        raise ValueError(f"Message {message.pk} is not open.")
    if message.assigned_to_id == to.pk:
        return False
    _put(message, to, by=by, now=now or timezone.now())
    if to.pk != by.pk:
        tell("message_assigned", to, message, by=str(by))
    return True


def release(message: Message, *, by: User | None = None, now: datetime.datetime | None = None) -> bool:
    """Take the message out of anybody's hands: whoever answers for the sector takes care of it again.

    Without `by` it happened by itself: who took care of it works there no more.
    """
    if message.assigned_to_id is None:
        return False
    _put(message, None, by=by, now=now or timezone.now())
    return True


def _put(message: Message, to: User | None, *, by: User | None, now: datetime.datetime) -> None:
    message.assigned_to = to
    message.save(update_fields=["assigned_to"])
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.ASSIGNED, by=by, to=to, at=now)
