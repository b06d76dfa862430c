"""A message is closed with what came of it, and opened again where it was not over."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.utils import timezone

from contacts.messages.officer_mails import take_back
from contacts.models import Message, MessageEvent
from officers.models import User


def close(message: Message, result: str, *, by: User, now: datetime.datetime | None = None) -> None:
    """Close the message, whose row the caller holds. From now on the days run after which its words are erased.

    Raises ValueError for a message that is not open.
    """
    if not message.is_open:
        raise ValueError(f"Message {message.pk} is not open.")
    now = now or timezone.now()
    message.closed_at, message.result = now, result
    message.erase_on = timezone.localdate(now) + datetime.timedelta(days=settings.MESSAGE_KEPT_DAYS)
    message.save(update_fields=["closed_at", "result", "erase_on"])
    message.events.create(kind=MessageEvent.Kind.CLOSED, by=by, at=now)
    take_back(message)


def reopen(message: Message, *, by: User, now: datetime.datetime | None = None) -> None:
    """Open a closed message again: it is kept as long as it is open.

    Raises ValueError for one that is open, was taken back, or whose words are erased.
    """
    if not can_be_reopened(message):
        raise ValueError(f"Message {message.pk} cannot be opened again.")
    message.closed_at, message.result, message.erase_on = None, "", None
    message.save(update_fields=["closed_at", "result", "erase_on"])
    message.events.create(kind=MessageEvent.Kind.REOPENED, by=by, at=now or timezone.now())


def can_be_reopened(message: Message) -> bool:
    return message.closed_at is not None and message.withdrawn_at is None and message.erased_at is None
