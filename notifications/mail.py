"""The text of a notification, made when it is sent, in the recipient's language."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError
from django.template import Context, Engine
from django.utils import timezone, translation

from notifications.models import Notification
from notifications.words import Unwritable, Words, words_of

# Longer than any name; a header of this length is passed on by every mail server.
_NAME_LIMIT = 100


def compose(notification: Notification) -> EmailMessage:
    """Return the mail. Raises Unwritable, so that a broken template is a dead letter and no endless loop."""
    if notification.is_for_closed_account:
        raise Unwritable("ClosedAccount")
    if not notification.to_address:
        raise Unwritable("NoAddress")
    try:
        mail = _mail(notification)
        # Made here, so that what is wrong shows now and not in the middle of talking to the mail server.
        mail.message()
    except (Unwritable, OperationalError, InterfaceError):
        # While the database is away nothing can be said of the mail: its row is claimed again later.
        raise
    except Exception as defect:
        raise Unwritable(type(defect).__name__) from defect
    return mail


def render(notification: Notification, part: str, further: Mapping[str, Any]) -> str:
    """Return a part of the notification's text, in its language, with what has been fetched `further`."""
    app, _, name = notification.event.partition(".")
    template = Engine.get_default().get_template(f"{app}/email/{name}_{part}.txt")
    known = {**notification.context, **further, "site_url": settings.SITE_URL}
    with translation.override(notification.to_language), timezone.override(None):
        # Plain text: an apostrophe in a name stays one.
        return template.render(Context(known, autoescape=False))


def one_line(text: str) -> str:
    """Return the text without line breaks and other characters that end or forge a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _mail(notification: Notification) -> EmailMessage:
    with translation.override(notification.to_language):
        words = words_of(notification)
    subject = one_line(render(notification, "subject", words.context))
    body = render(notification, "body", words.context)
    if not subject or not body.strip():
        raise Unwritable("EmptyMail")
    headers = {"Message-ID": notification.message_id, "Auto-Submitted": "auto-generated", **words.headers}
    return EmailMessage(
        subject,
        body,
        words.returns_to or settings.DEFAULT_FROM_EMAIL,
        [notification.to_address],
        headers=headers | _sender(words),
        reply_to=[words.reply_to] if words.reply_to else None,
    )


def _sender(words: Words) -> dict[str, str]:
    """Return the header that names the sender, where it is not the plain address that bounces go to as well."""
    name = one_line(words.sender_name)[:_NAME_LIMIT]
    if not name and not words.returns_to:
        return {}
    site_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return {"From": formataddr((name or site_name, address))}
