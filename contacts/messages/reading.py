"""The first of those who work in the sector has seen a message: its sender is told "read"."""

from __future__ import annotations

import datetime

from django.utils import timezone

from contacts.models import Message, MessageEvent
from officers.models import User


def mark_read(message: Message, *, by: User, now: datetime.datetime | None = None) -> bool:
    """Note that `by` has seen the message; tell whether they are the first. Can be said any number of times.

    One conditional update decides who is first, so the caller need not hold the row.
    """
    now = now or timezone.now()
    unread = Message.objects.filter(pk=message.pk, read_at=None, withdrawn_at=None, erased_at=None)
    if not unread.update(read_at=now):
        return False
    message.read_at = now
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.READ, by=by, at=now)
    return True
