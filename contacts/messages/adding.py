"""The citizen adds a word to what they wrote."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from contacts.messages import routing
from contacts.messages.receiving import facts
from contacts.models import Exchange, Message, MessageEvent
from notifications.sending import notify
from officers.models import User


class NotOpenToWords(Exception):
    """The message was taken back or erased, or was closed as advertising or abuse: nothing is added to it."""


def takes_words(message: Message) -> bool:
    return (
        message.withdrawn_at is None and message.erased_at is None and message.result != Message.Result.SPAM
    )


def add(message: Message, text: str, *, form_token: UUID, now: datetime.datetime | None = None) -> Exchange:
    """Add what the citizen wrote and tell whoever answers for the sector; a closed message is opened again.

    The same form token adds once. Raises NotOpenToWords.
    """
    instant = now or timezone.now()
    with transaction.atomic():
        # One after the other, so that none is added to what is taken back at this instant.
        locked = Message.objects.select_for_update().get(pk=message.pk)
        if not takes_words(locked):
            raise NotOpenToWords
        values = {"message": locked, "kind": Exchange.Kind.ADDED, "text": text, "at": instant}
        exchange, is_new = Exchange.objects.get_or_create(form_token=form_token, defaults=values)
        if is_new:
            reopen(locked, instant)
            tell_added(locked, instant)
    return exchange


def reopen(message: Message, instant: datetime.datetime) -> None:
    """Open a message again to which the citizen said something after it was closed."""
    if message.closed_at is None:
        return
    message.closed_at, message.result, message.erase_on = None, "", None
    message.save(update_fields=["closed_at", "result", "erase_on"])
    MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.REOPENED, at=instant)


def tell_added(message: Message, instant: datetime.datetime) -> None:
    """Tell who takes care of the message, and who answers for its sector, that the citizen has said more."""
    told: dict[User, None] = dict.fromkeys(routing.recipients(message.sector, instant))
    if message.assigned_to and message.assigned_to.is_active:
        told[message.assigned_to] = None
    for user in told:
        notify("contacts.message_added", to_user=user, context=facts(message))
