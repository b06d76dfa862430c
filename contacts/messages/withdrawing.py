"""The citizen takes a message back."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from contacts.messages.erasing import erase_words
from contacts.messages.officer_mails import ALL, take_back
from contacts.models import Message, MessageEvent
from notifications.models import Notification

# For how long the words of a message that somebody has read are kept after it was taken back.
KEPT_AFTER_READING = datetime.timedelta(days=30)


def withdraw(message: Message, now: datetime.datetime) -> None:
    """Take a message back. What nobody has read is erased at once, what somebody has after 30 days. Once.

    What has not been sent about it, to officers or to the citizen, is not sent any more.
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
    take_back(message, *ALL)
    # A dead letter to the citizen is a call to send it once more: there is nothing to send.
    undelivered = Notification.objects.dead().filter(recipient=None)
    undelivered.filter(context__contains={"message": str(message.uuid)}).delete()
    if message.read_at is None:
        erase_words(message, now)
