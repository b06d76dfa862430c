"""Mails to officers about messages: which sector, by when, and a link. Never a word of what a citizen wrote."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from contacts.messages.receiving import facts
from contacts.models import Message
from notifications.sending import notify, withdraw
from officers.models import User

# What is not worth telling any more once a message is answered, closed or in other hands.
CALLS_TO_ACT = ("message_assigned", "message_moved", "message_warning", "message_overdue")
# All that is said of one message, to officers and to the citizen.
ALL = (
    *CALLS_TO_ACT,
    "message_received",
    "message_added",
    "message_mail_came",
    "message_receipt",
    "message_reply",
    "answer_bounced",
    "attachments_left_out",
)


def tell(event: str, to: User, message: Message, **more: Any) -> None:
    """Write to an officer about one message. `event` without the app: "message_assigned".

    Raises TransactionManagementError outside the transaction of its cause.
    """
    context = facts(message) | {"is_answered": message.answered_at is not None} | more
    notify(f"contacts.{event}", to_user=to, context=context)


def take_back(message: Message, *events: str) -> None:
    """Take back the mails about the message that have not been sent: a mail server may have been away for a day."""
    for event in events or CALLS_TO_ACT:
        withdraw(f"contacts.{event}", message=str(message.uuid))


def path_to(route: str) -> str:
    """Return the address in the site's own language: from there the page leads to the reader's."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse(route)
