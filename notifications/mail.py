"""The text of a notification, made when it is sent, in the recipient's language."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context, Engine
from django.utils import timezone, translation

from notifications.models import Notification


class Unwritable(Exception):
    """A notification whose mail cannot be made, now or later. Its text says why and repeats no content."""


def compose(notification: Notification) -> EmailMessage:
    """Return the mail. Raises Unwritable, so that a broken template is a dead letter and no endless loop."""
    if notification.is_for_closed_account:
        raise Unwritable("ClosedAccount")
    if not notification.to_address:
        raise Unwritable("NoAddress")
    try:
        mail = _mail(notification)
        # Headers are checked when the message is made: here, not in the middle of talking to the mail server.
        mail.message()
    except Unwritable:
        raise
    except Exception as defect:
        raise Unwritable(type(defect).__name__) from defect
    return mail


def _mail(notification: Notification) -> EmailMessage:
    with translation.override(notification.to_language), timezone.override(None):
        subject = _one_line(_render(notification, "subject"))
        body = _render(notification, "body")
    if not subject or not body.strip():
        raise Unwritable("EmptyMail")
    return EmailMessage(
        subject,
        body,
        settings.DEFAULT_FROM_EMAIL,
        [notification.to_address],
        headers={"Message-ID": notification.message_id, "Auto-Submitted": "auto-generated"},
    )


def _render(notification: Notification, part: str) -> str:
    app, _, name = notification.event.partition(".")
    template = Engine.get_default().get_template(f"{app}/email/{name}_{part}.txt")
    # Plain text: an apostrophe in a name stays one.
    context = Context({**notification.context, "site_url": settings.SITE_URL}, autoescape=False)
    return template.render(context)


def _one_line(text: str) -> str:
    """Return the text without line breaks and other characters that end or forge a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
