"""An officer called the sender. It answers the message if they spoke with each other."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.messages.noting import note
from contacts.messages.officer_mails import take_back
from contacts.models import Exchange, Message, MessageEvent
from officers.models import User


def note_call(
    message: Message,
    *,
    by: User,
    spoke: bool,
    text: str = "",
    form_token: UUID,
    now: datetime.datetime | None = None,
) -> Exchange:
    """Note a telephone call, on a row that the caller holds; the same form token notes it once.

    With `spoke` it is an answer, which the sender sees as a call without its words. A call in vain is for the
    officers alone: the clock goes on. Raises ValueError for a message that is not open.
    """
    now = now or timezone.now()
    if not spoke:
        told = _("Called, and nobody was reached.")
        return note(message, f"{told}\n{text}".strip(), by=by, form_token=form_token, now=now)
    if sent := message.exchanges.filter(form_token=form_token).first():
        return sent
    if not message.is_open:
        raise ValueError(f"Message {message.pk} is not open.")
    call = message.exchanges.create(kind=Exchange.Kind.CALL, text=text, by=by, at=now, form_token=form_token)
    if message.answered_at is None:
        message.answered_at = now
        message.save(update_fields=["answered_at"])
        take_back(message, "message_warning", "message_overdue")
    message.events.create(kind=MessageEvent.Kind.ANSWERED, by=by, at=now)
    return call
