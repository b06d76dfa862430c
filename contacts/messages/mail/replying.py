"""An officer answers by e-mail, from the site: the citizen's answer comes back to the message."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from contacts.messages.mail.threads import reference_of, reply_address, reply_address_for
from contacts.messages.officer_mails import take_back
from contacts.models import Exchange, Message, MessageEvent
from notifications.models import Notification
from notifications.sending import notify
from notifications.words import Unwritable, Words, words_for
from officers.models import Officer, User

EVENT = "contacts.message_reply"
# So many of the mails that came before are named in an answer, the latest of them.
_NAMED_BEFORE = 20


class ReplyRefused(Exception):
    """What stands in the way of an answer; its text is a sentence for the officer."""


@transaction.atomic
def reply(
    message: Message, *, by: User, text: str, form_token: UUID, now: datetime.datetime | None = None
) -> Exchange:
    """Answer the message by e-mail; return what was said. The same form sent twice answers once.

    The mail leaves after the commit. Raises ReplyRefused where the citizen cannot be written to, or has taken the
    message back. Whether `by` may answer, the caller asks.
    """
    instant = now or timezone.now()
    locked = Message.objects.held(pk=message.pk)
    said = Exchange.objects.filter(form_token=form_token, message=locked).first()
    if said is not None:
        return said
    _check(locked, text)
    exchange = Exchange(message=locked, kind=Exchange.Kind.REPLY, text=text, by=by, form_token=form_token)
    exchange.at = instant
    exchange.mail_id = _announce(exchange).message_id
    exchange.save()
    MessageEvent.objects.create(message=locked, kind=MessageEvent.Kind.ANSWERED, by=by, at=instant)
    if locked.answered_at is None:
        locked.answered_at = instant
        locked.save(update_fields=["answered_at"])
    take_back(locked)
    message.answered_at = locked.answered_at
    return exchange


def _check(message: Message, text: str) -> None:
    """Raises ReplyRefused."""
    if message.withdrawn_at is not None:
        raise ReplyRefused(gettext("The sender has taken this message back. It is not answered any more."))
    if message.erased_at is not None:
        raise ReplyRefused(gettext("The words of this message are erased. It is not answered any more."))
    if not message.email:
        raise ReplyRefused(gettext("The sender gave no e-mail address. Call instead."))
    if not text.strip():
        raise ReplyRefused(gettext("Write an answer."))


def _announce(exchange: Exchange) -> Notification:
    message = exchange.message
    return notify(
        "contacts.message_reply",
        to_address=message.email,
        language=message.language,
        context={
            "exchange": str(exchange.uuid),
            "message": str(message.uuid),
            "sector": message.sector.name,
            "reference": reference_of(message),
        },
    )


@words_for(EVENT)
def reply_words(notification: Notification) -> Words:
    """Return what the officer wrote, who that is, and where an answer goes. Raises Unwritable when it is erased."""
    exchange = exchange_of(notification)
    if exchange is None or exchange.erased_at is not None or exchange.message.erased_at is not None:
        raise Unwritable("Erased")
    if exchange.message.withdrawn_at is not None:
        raise Unwritable("TakenBack")
    back_to = reply_address(exchange.message)
    officer = _officer_of(exchange)
    name = officer.name if officer else (exchange.by.name if exchange.by else "")
    station = exchange.message.sector.station
    context = {
        "text": exchange.text,
        "name": name,
        "title": officer.title if officer else "",
        "phone": officer.phone if officer else "",
        "station": str(station),
        "can_answer": bool(back_to),
        "emergency_number": settings.EMERGENCY_NUMBER,
        "police_number": settings.POLICE_NUMBER,
    }
    return Words(
        context=context,
        headers=_thread(exchange),
        sender_name=name or str(station),
        reply_to=back_to,
        returns_to=back_to,
    )


@words_for("contacts.message_receipt")
def receipt_words(notification: Notification) -> Words:
    """Let an answer to the receipt reach the message as well."""
    return Words(reply_to=reply_address_for(UUID(notification.context["message"])))


def exchange_of(notification: Notification) -> Exchange | None:
    found = Exchange.objects.select_related("message__sector__station", "by__officer")
    return found.filter(uuid=notification.context["exchange"]).first()


def _officer_of(exchange: Exchange) -> Officer | None:
    return getattr(exchange.by, "officer", None)


def _thread(exchange: Exchange) -> dict[str, str]:
    """Return the headers by which a mailbox shows the answer below what it answers. A person wrote it (RFC 3834)."""
    headers = {"Auto-Submitted": "no", "X-Auto-Response-Suppress": "All"}
    earlier = (
        exchange.message.exchanges.filter(at__lte=exchange.at).exclude(pk=exchange.pk).exclude(mail_id="")
    )
    ids = list(earlier.order_by("-at", "-pk").values_list("mail_id", "kind")[:_NAMED_BEFORE])
    if ids:
        from_citizen = [mail_id for mail_id, kind in ids if kind in Exchange.FROM_CITIZEN]
        headers["In-Reply-To"] = (from_citizen or [ids[0][0]])[0]
        headers["References"] = " ".join(mail_id for mail_id, _kind in reversed(ids))
    return headers
