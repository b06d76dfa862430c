"""The secrets of links to a message: derived when they are needed, and kept nowhere (decision 0008)."""

from __future__ import annotations

import base64
import hmac
from binascii import Error as NotBase32
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from contacts.models import Message

_SALT = "contacts.messages.receipts"
# 128 bits of HMAC-SHA256 behind the 128 of the UUID: 52 characters that survive a mailbox's lower case.
_SEAL_BYTES = 16


def token_of(message: Message) -> str:
    """Return the unguessable part of the status page's address. Whoever has it reads and withdraws the message."""
    return base64.b32encode(message.uuid.bytes + _seal(message.uuid)).decode().rstrip("=").lower()


def message_of(token: str) -> Message | None:
    """Return the message that the token opens, None for any other text."""
    key = uuid_in(token)
    return None if key is None else Message.objects.select_related("sector").filter(uuid=key).first()


def uuid_in(token: str) -> UUID | None:
    """Return the message's UUID that a genuine token names, else None. Asks no database."""
    text = token.strip().upper()
    if not text.isascii() or len(text) != 52:
        return None
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except NotBase32:
        return None
    key = UUID(bytes=raw[:16])
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return key if any(hmac.compare_digest(raw[16:], _seal(key, secret)) for secret in keys) else None


def _seal(key: UUID, secret: str | None = None) -> bytes:
    return salted_hmac(_SALT, key.bytes, secret=secret, algorithm="sha256").digest()[:_SEAL_BYTES]
