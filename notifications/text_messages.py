"""Text messages, besides e-mails: for who has confirmed a telephone, where the site has a gateway that sends them.

What sends them is a class that the setting TEXT_MESSAGE_BACKEND names; `HttpGateway` is the one that comes along.
A text says that something waits and where, never what: telephones show it on a locked screen.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

from notifications.failures import Refused, TryLater
from notifications.mail import one_line, render
from notifications.models import Notification, TextNumber
from notifications.words import Unwritable, words_of

# What fits into one text message of the plain alphabet. With a very long SITE_URL the gateway sends it in two.
TEXT_LIMIT = 160
# The one event that goes to a number which nobody has confirmed yet: it brings the code by which they do.
CODE_EVENT = "notifications.text_code"
_TIMEOUT_SECONDS = 10
# Answers of a gateway about its own state or our token, not about this text: an administrator mends it, or time.
_TRY_AGAIN = frozenset({401, 403, 408, 425, 429})


class TextBackend(Protocol):
    """What sends a text message."""

    def send(self, *, to: str, text: str, reference: str) -> None:
        """Send `text` to the international number `to`; a `reference` seen before is the same text once more.

        Raises Refused for what will never be taken, TryLater for what may be.
        """


def is_offered() -> bool:
    """Tell whether this site sends text messages at all."""
    return bool(settings.SMS_GATEWAY_URL)


class TextMessages:
    """The channel of text messages: made when it is sent, in the recipient's language."""

    def send(self, notification: Notification) -> None:
        """Send the notification's text. Raises Unwritable, Refused, TryLater."""
        to, text = _number(notification), compose_text(notification)
        backend: TextBackend = import_string(settings.TEXT_MESSAGE_BACKEND)()
        backend.send(to=to, text=text, reference=str(notification.uuid))

    def close(self) -> None:
        """Nothing stays open between two texts."""


def compose_text(notification: Notification) -> str:
    """Return the text. Raises Unwritable."""
    if notification.is_for_closed_account:
        raise Unwritable("ClosedAccount")
    try:
        text = one_line(render(notification, "sms", words_of(notification).context))
    except (Unwritable, OperationalError, InterfaceError):
        # As with a mail: while the database is away its row waits.
        raise
    except Exception as defect:
        raise Unwritable(type(defect).__name__) from defect
    if not text:
        raise Unwritable("EmptyText")
    return text


def _number(notification: Notification) -> str:
    number = TextNumber.objects.filter(user=notification.recipient_id).first()
    if number is None or (number.confirmed_at is None and notification.event != CODE_EVENT):
        raise Unwritable("NoNumber")
    return number.phone


class HttpGateway:
    """Posts JSON to SMS_GATEWAY_URL: `{"to", "from", "text", "reference"}`, with SMS_GATEWAY_TOKEN as bearer.

    An answer of 200 to 299 says that it was taken.
    """

    def send(self, *, to: str, text: str, reference: str) -> None:
        """Raises Refused, TryLater."""
        try:
            with _opener().open(_request(to, text, reference), timeout=_TIMEOUT_SECONDS):
                return
        except urllib.error.HTTPError as answer:
            answer.close()
            self._refuse(answer.code)
        except urllib.error.URLError as failure:
            kind = type(failure.reason) if isinstance(failure.reason, Exception) else type(failure)
            raise TryLater(kind.__name__, is_away=True) from failure
        except (OSError, http.client.HTTPException) as failure:
            raise TryLater(type(failure).__name__, is_away=True) from failure

    def _refuse(self, code: int) -> None:
        if 400 <= code < 500 and code not in _TRY_AGAIN:
            raise Refused(f"GatewayRefused {code}")
        raise TryLater(f"GatewayAway {code}", is_away=True)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to nobody else than to whom it was given."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect)


def _request(to: str, text: str, reference: str) -> urllib.request.Request:
    """Raises TryLater where the setting is no web address: files and the like are not opened."""
    if urlsplit(settings.SMS_GATEWAY_URL).scheme not in ("http", "https"):
        raise TryLater("NoWebAddress", is_away=True)
    body = {"to": to, "from": settings.SMS_SENDER, "text": text, "reference": reference}
    headers = {"Content-Type": "application/json", "Idempotency-Key": reference}
    if settings.SMS_GATEWAY_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
    # The scheme was looked at above.
    return urllib.request.Request(  # noqa: S310
        settings.SMS_GATEWAY_URL, json.dumps(body).encode(), headers, method="POST"
    )
