"""Addresses with a message's secret, for mails: made while the mail is, so that no row keeps them (decision 0008)."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.urls import reverse

from contacts.messages.receipts import token_of
from contacts.models import Message

register = template.Library()


@register.simple_tag
def message_status_address(message: str) -> str:
    """Return where the citizen sees what has become of the message with this UUID."""
    token = token_of(Message.objects.only("uuid").get(uuid=message))
    return settings.SITE_URL + reverse("contacts:message_status", args=[token])
