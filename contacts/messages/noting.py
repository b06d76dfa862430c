"""What officers tell each other about a message. Its sender never sees it."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.utils import timezone

from contacts.models import Exchange, Message
from officers.models import User


def note(
    message: Message, text: str, *, by: User, form_token: UUID, now: datetime.datetime | None = None
) -> Exchange:
    """Add an internal note, on a row that the caller holds; the same form token adds it once.

    Raises ValueError for a message that is not open.
    """
    if sent := message.exchanges.filter(form_token=form_token).first():
        return sent
    if not message.is_open:
        raise ValueError(f"Message {message.pk} is not open.")
    return message.exchanges.create(
        kind=Exchange.Kind.NOTE, text=text, by=by, at=now or timezone.now(), form_token=form_token
    )
