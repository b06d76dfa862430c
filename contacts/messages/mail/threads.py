"""How a mail finds the message that it belongs to: by the address it is sent to, or by what it answers.

The address is REPLY_ADDRESS with a sealed part, `answers+<seal>@police.example`. It is not the secret of the status
page: mail servers write addresses down.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from contacts.models import Message

_SALT = "contacts.messages.mail.threads"
# 80 bits behind the 128 of the UUID: 42 characters, which leave 21 of the 64 that may stand before the @.
_SEAL_BYTES = 10
_SEALED = re.compile(r"(?<![a-z2-7])[a-z2-7]{42}(?![a-z2-7])")
# More addresses than anybody writes to; those that follow are not looked at.
_FEW = 50


def reference_of(message: Message) -> str:
    """Return by which both sides name a message. It opens nothing."""
    return message.uuid.hex[:8].upper()


def reply_address(message: Message) -> str:
    """Return where the answer to a mail about the message goes; empty where the site takes none."""
    return reply_address_for(message.uuid)


def reply_address_for(key: UUID) -> str:
    """Return the same for the message with this UUID."""
    name, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    return f"{name}+{sealed(key)}@{domain}" if name else ""


def sealed(key: UUID) -> str:
    raw = key.bytes + _seal(key, settings.SECRET_KEY)
    return base64.b32encode(raw).decode().rstrip("=").lower()


def message_keys(addresses: str) -> list[UUID]:
    """Return the UUIDs of messages that genuine seals in a text full of addresses name. Asks no database."""
    found = (_opened(match.group()) for match in _first(_SEALED.finditer(addresses.lower())))
    return [key for key in found if key is not None]


def own_mail_ids(text: str) -> list[str]:
    """Return the Message-IDs of this site's own mails that stand in a text."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    own = re.compile(rf"<[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}@{re.escape(host)}>")
    return [match.group() for match in _first(own.finditer(text))]


def _first(matches: Iterable[re.Match[str]]) -> Iterable[re.Match[str]]:
    return (match for match, _number in zip(matches, range(_FEW), strict=False))


def _opened(text: str) -> UUID | None:
    raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    key = UUID(bytes=raw[:16])
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return key if any(hmac.compare_digest(raw[16:], _seal(key, secret)) for secret in keys) else None


def _seal(key: UUID, secret: str) -> bytes:
    return salted_hmac(_SALT, key.bytes, secret=secret, algorithm="sha256").digest()[:_SEAL_BYTES]
