"""A message comes in: the row, its first step and everybody's notifications, together or not at all."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from contacts import limits
from contacts.messages import routing
from contacts.messages.clock import DUE_AFTER, WARN_AFTER, instant_after
from contacts.models import Message, MessageEvent
from notifications.sending import notify
from sectors.models import Sector

# So many receipts a day go to one address: nobody fills a stranger's mailbox with this form.
RECEIPTS_A_DAY = 5
_DAY = datetime.timedelta(days=1)


def receive(
    sector: Sector,
    *,
    form_token: UUID,
    text: str,
    place: str = "",
    name: str = "",
    answer_by: str,
    email: str = "",
    phone: str = "",
    language: str,
    seemed_urgent: bool = False,
    now: datetime.datetime | None = None,
) -> tuple[Message, bool]:
    """Write the message and whom it is told to, and return it; False if this form's message was there already.

    The same form token sent twice, one after the other or at the same instant, makes one message. What is given
    must be clean: the database refuses a message that says nothing, or that cannot be answered as asked for.
    """
    instant = now or timezone.now()
    values: dict[str, Any] = {
        "sector": sector,
        "text": text,
        "place": place,
        "name": name,
        "answer_by": answer_by,
        "email": email,
        "phone": phone,
        "language": language,
        "seemed_urgent": seemed_urgent,
        "received_at": instant,
        "warn_at": instant_after(instant, WARN_AFTER),
        "due_at": instant_after(instant, DUE_AFTER),
    }
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(form_token=form_token, defaults=values)
        if is_new:
            MessageEvent.objects.create(message=message, kind=MessageEvent.Kind.RECEIVED, at=instant)
            _tell_officers(message, instant)
            _send_receipt(message, instant)
    return message, is_new


def path_for_officers(message: Message) -> str:
    """Return the page of the inbox that shows the message, in the default language."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("contacts:message_detail", args=[message.uuid])


def facts(message: Message) -> dict[str, Any]:
    """Return what a mail to officers says of a message: no word of the citizen's."""
    return {
        "message": str(message.uuid),
        "sector": message.sector.name,
        "due_at": message.due_at,
        "path": path_for_officers(message),
    }


def _tell_officers(message: Message, instant: datetime.datetime) -> None:
    told = routing.recipients(message.sector, instant)
    context = facts(message) | {"is_vacant": routing.is_unanswered(message.sector, instant)}
    for user in told:
        notify("contacts.message_received", to_user=user, context=context)
    if not told and (address := _caretaker_address(message.sector)):
        notify("contacts.message_received", to_address=address, context=context)


def _caretaker_address(sector: Sector) -> str:
    """Return where a person reads mail when nobody of the sector has an account; empty if there is no such place."""
    return sector.district.email or sector.station.email


def _send_receipt(message: Message, instant: datetime.datetime) -> None:
    """Write the mail with the link to the status page, which is made when the mail is (decision 0008)."""
    if message.answer_by != Message.AnswerBy.EMAIL or not message.email:
        return
    if limits.allowed("receipt", _mailbox(message.email), limit=RECEIPTS_A_DAY, window=_DAY, now=instant):
        context = {
            "message": str(message.uuid),
            "due_at": message.due_at,
            "emergency_number": settings.EMERGENCY_NUMBER,
            "police_number": settings.POLICE_NUMBER,
        }
        notify(
            "contacts.message_receipt", to_address=message.email, language=message.language, context=context
        )


def _mailbox(email: str) -> str:
    """Return what names the mailbox: what stands behind a plus, as anybody may invent it, leads to the same one."""
    name, _at, domain = email.casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"
