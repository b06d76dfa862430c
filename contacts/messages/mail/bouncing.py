"""An answer did not arrive: its page says so, its author is told to call, and the inbox puts it first."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from contacts.messages.adding import reopen
from contacts.messages.mail.replying import EVENT, exchange_of
from contacts.messages.mail.threads import reference_of
from contacts.messages.receiving import facts
from contacts.messages.routing import recipients
from contacts.models import Exchange, Message, MessageEvent
from contacts.permissions import can_reply_message
from notifications.models import Notification
from notifications.sending import notify
from notifications.undelivered import when_undelivered
from officers.models import User


@transaction.atomic
def mark_bounced(exchange: Exchange, now: datetime.datetime | None = None) -> bool:
    """Note that the answer did not arrive and tell its author; say whether that was news.

    An author who works there no more, or whose account is switched off, can do nothing about it: then who answers for
    the sector is told. A message that was closed meanwhile is opened again, for it is not over. A mail server may say
    so several times, of each of several recipients.
    """
    instant = now or timezone.now()
    message = Message.objects.held(pk=exchange.message_id)
    known = MessageEvent.objects.filter(message=message, kind=MessageEvent.Kind.BOUNCED, at__gte=exchange.at)
    if message.withdrawn_at or message.erased_at or known.exists():
        return False
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.BOUNCED, to=exchange.by, at=instant)
    if message.result != Message.Result.SPAM:
        reopen(message, instant)
    context = facts(message) | {"reference": reference_of(message), "has_phone": bool(message.phone)}
    for officer in _who_is_told(exchange, message, instant):
        notify("contacts.answer_bounced", to_user=officer, context=context)
    return True


def _who_is_told(exchange: Exchange, message: Message, instant: datetime.datetime) -> tuple[User, ...]:
    author = exchange.by
    if author is not None and author.is_active and can_reply_message(author, message, at=instant):
        return (author,)
    return recipients(message.sector, instant)


@when_undelivered(EVENT)
def _mark_undelivered(notification: Notification) -> None:
    exchange = exchange_of(notification)
    if exchange is not None:
        mark_bounced(exchange)
