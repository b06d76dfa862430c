"""The citizen takes a message back."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from contacts.messages.erasing import erase_words
from contacts.messages.officer_mails import CALLS_TO_ACT, take_back
from contacts.models import Message, MessageEvent

# For how long the words of a message that somebody has read are kept after it was taken back.
KEPT_AFTER_READING = datetime.timedelta(days=30)


def withdraw(message: Message, now: datetime.datetime) -> None:
    """Take a message back. What nobody has read is erased at once, what somebody has after 30 days. Once.

    Officers who have not been told of it yet are not told any more.
    """
    with transaction.atomic():
        locked = Message.objects.select_for_update().get(pk=message.pk)
        if locked.withdrawn_at is None and locked.erased_at is None:
            _withdraw(locked, now)
    message.refresh_from_db()


def _withdraw(message: Message, now: datetime.datetime) -> None:
    message.withdrawn_at = now
    if message.read_at is not None:
        last_day = timezone.localdate(now + KEPT_AFTER_READING)
        message.erase_on = min(message.erase_on or last_day, last_day)
    message.save(update_fields=["withdrawn_at", "erase_on"])
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.WITHDRAWN, at=now)
    take_back(message, *CALLS_TO_ACT, "message_received", "message_added", "message_receipt")
    if message.read_at is None:
        erase_words(message, now)
