"""The words of a message go when nobody needs them any more; that it came in, and what became of it, stays."""

from __future__ import annotations

import datetime

from django.db import transaction

from contacts.messages.officer_mails import ALL, take_back
from contacts.models import Exchange, Message, MessageEvent
from notifications.models import Notification


def erase_words(message: Message, now: datetime.datetime) -> None:
    """Erase all that the citizen wrote and was written, and how to reach them. Once; changes nothing afterwards."""
    with transaction.atomic():
        locked = Message.objects.select_for_update().get(pk=message.pk)
        if locked.erased_at is None:
            _erase(locked, now)
    message.refresh_from_db()


def _erase(message: Message, now: datetime.datetime) -> None:
    message.text = message.place = message.name = message.email = message.phone = ""
    message.erased_at = now
    message.save(update_fields=["text", "place", "name", "email", "phone", "erased_at"])
    Exchange.objects.filter(message=message, erased_at=None).update(text="", mail_id="", erased_at=now)
    # Of a message without words nobody needs to be told any more.
    take_back(message, *ALL)
    # What was sent to the citizen holds their address for a while.
    mails = Notification.objects.filter(context__contains={"message": str(message.uuid)}, recipient=None)
    mails.delete()
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.ERASED, at=now)
