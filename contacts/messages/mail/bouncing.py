"""An answer did not arrive: its page says so, and the officer who wrote it is told to call instead."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from contacts.messages.mail.replying import EVENT, exchange_of
from contacts.messages.mail.threads import reference_of
from contacts.messages.receiving import facts
from contacts.models import Exchange, Message, MessageEvent
from notifications.models import Notification
from notifications.sending import notify
from notifications.undelivered import when_undelivered


@transaction.atomic
def mark_bounced(exchange: Exchange, now: datetime.datetime | None = None) -> bool:
    """Note that the answer did not arrive and tell its author; say whether that was news.

    A mail server may say so several times, of each of several recipients.
    """
    instant = now or timezone.now()
    message = (
        Message.objects.select_for_update(of=("self",)).select_related("sector").get(pk=exchange.message_id)
    )
    known = MessageEvent.objects.filter(message=message, kind=MessageEvent.Kind.BOUNCED, at__gte=exchange.at)
    if message.withdrawn_at or message.erased_at or known.exists():
        return False
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.BOUNCED, to=exchange.by, at=instant)
    if exchange.by is not None and exchange.by.is_active:
        context = facts(message) | {"reference": reference_of(message), "has_phone": bool(message.phone)}
        notify("contacts.answer_bounced", to_user=exchange.by, context=context)
    return True


@when_undelivered(EVENT)
def _mark_undelivered(notification: Notification) -> None:
    exchange = exchange_of(notification)
    if exchange is not None:
        mark_bounced(exchange)
