"""A mail comes in: the citizen's answer joins the message it belongs to, and whoever takes care of that is told."""

from __future__ import annotations

import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from contacts import limits
from contacts.messages import routing
from contacts.messages.adding import reopen, takes_words
from contacts.messages.mail.bouncing import mark_bounced
from contacts.messages.mail.reading import MOST_BYTES, ReadMail, read
from contacts.messages.mail.threads import message_keys, own_mail_ids, reference_of
from contacts.messages.receiving import facts
from contacts.models import Exchange, Message
from contacts.permissions import can_reply_message
from notifications.sending import notify
from notifications.undeliverable import note_returned
from officers.models import User

TEXT_LIMIT = 20_000
# Of one message in a day. Who writes more often than that is a program.
MAILS_A_DAY = 50
_DAY = datetime.timedelta(days=1)
_MOST_ATTACHMENTS = 1000


class Outcome(StrEnum):
    """What became of a mail. Everything but the first three keeps nothing of it."""

    ADDED = "added to its message"
    BOUNCED = "an answer did not arrive"
    RETURNED = "a mail to an account did not arrive"
    AGAIN = "was there already"
    UNKNOWN = "belongs to no message"
    AUTOMATIC = "written by a program"
    OVER = "its message was taken back, erased or put aside as abuse"
    EMPTY = "says nothing"
    TOO_MANY = "too many to one message"
    TOO_LARGE = "too large"
    UNREADABLE = "cannot be read"


def take(raw: bytes, *, now: datetime.datetime | None = None) -> Outcome:
    """Take a mail in, whatever it holds, once; say what became of it. Only the database raises."""
    if len(raw) > MOST_BYTES:
        return Outcome.TOO_LARGE
    mail = read(raw)
    if mail is None:
        return Outcome.UNREADABLE
    instant = now or timezone.now()
    if mail.is_bounce:
        return _take_bounce(raw, mail, instant)
    key = _message_of(mail)
    if key is None:
        return Outcome.UNKNOWN
    return Outcome.AUTOMATIC if mail.is_automatic else _add(key, mail, instant)


def _message_of(mail: ReadMail) -> int | None:
    """Return the primary key of the message that the mail was sent to, else of that which it answers."""
    keys = message_keys(mail.recipients)
    found = Message.objects.filter(uuid__in=keys).values_list("pk", flat=True).first()
    if found is not None:
        return found
    answered = Exchange.objects.filter(mail_id__in=own_mail_ids(mail.answers))
    return answered.values_list("message_id", flat=True).first()


def _take_bounce(raw: bytes, mail: ReadMail, instant: datetime.datetime) -> Outcome:
    """The report names the mail that did not arrive, somewhere; where it does not, it was the last answer."""
    named = own_mail_ids(raw.decode("latin-1"))
    replies = Exchange.objects.filter(kind=Exchange.Kind.REPLY).select_related("by")
    exchange = replies.filter(mail_id__in=named).first()
    if exchange is None and note_returned(named, instant):
        return Outcome.RETURNED
    if exchange is None:
        exchange = replies.filter(message=_message_of(mail)).order_by("at").last()
    if exchange is None:
        return Outcome.UNKNOWN
    return Outcome.BOUNCED if mark_bounced(exchange, instant) else Outcome.AGAIN


@transaction.atomic
def _add(key: int, mail: ReadMail, instant: datetime.datetime) -> Outcome:
    # One after the other: the same mail may come twice at the same instant.
    message = Message.objects.held(pk=key)
    refusal = _refusal(message, mail, instant)
    if refusal is not None:
        return refusal
    is_reopened = message.closed_at is not None
    exchange = Exchange.objects.create(
        message=message,
        kind=Exchange.Kind.MAIL,
        text=_shortened(mail.text, message.language),
        at=instant,
        mail_id=mail.mail_id,
        is_from_other_address=not mail.sender or mail.sender.casefold() != message.email.casefold(),
        attachments_left_out=min(mail.attachments, _MOST_ATTACHMENTS),
    )
    reopen(message, instant)
    _tell_officers(message, exchange, instant, is_reopened=is_reopened)
    _tell_sender(message, exchange, instant)
    return Outcome.ADDED


def _refusal(message: Message, mail: ReadMail, instant: datetime.datetime) -> Outcome | None:
    if not takes_words(message):
        return Outcome.OVER
    mails = Exchange.objects.filter(message=message, kind=Exchange.Kind.MAIL)
    if Exchange.objects.filter(message=message, mail_id=mail.mail_id).exists():
        return Outcome.AGAIN
    if not mail.text and not mail.attachments:
        return Outcome.EMPTY
    return Outcome.TOO_MANY if mails.filter(at__gt=instant - _DAY).count() >= MAILS_A_DAY else None


def _shortened(text: str, language: str) -> str:
    if len(text) <= TEXT_LIMIT:
        return text
    with translation.override(language):
        word = "\n\n" + gettext("(The mail was longer than this. The rest was left out.)")
    return text[: TEXT_LIMIT - len(word)] + word


def _tell_officers(
    message: Message, exchange: Exchange, instant: datetime.datetime, *, is_reopened: bool
) -> None:
    told: dict[User, None] = dict.fromkeys(routing.recipients(message.sector, instant))
    keeper = message.assigned_to
    if keeper is not None and keeper.is_active and can_reply_message(keeper, message, at=instant):
        told[keeper] = None
    context = facts(message) | {
        "reference": reference_of(message),
        "is_reopened": is_reopened,
        "attachments": exchange.attachments_left_out,
    }
    for user in told:
        notify("contacts.message_mail_came", to_user=user, context=context)


def _tell_sender(message: Message, exchange: Exchange, instant: datetime.datetime) -> None:
    """Say what was left out: once a day, and only to the address that the message came from."""
    if not exchange.attachments_left_out or exchange.is_from_other_address:
        return
    if limits.allowed("left-out", str(message.uuid), limit=1, window=_DAY, now=instant):
        context = {
            "message": str(message.uuid),
            "sector": message.sector.name,
            "reference": reference_of(message),
            "attachments": exchange.attachments_left_out,
        }
        notify(
            "contacts.attachments_left_out",
            to_address=message.email,
            language=message.language,
            context=context,
        )
