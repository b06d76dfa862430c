"""Handing mails to the mail server, over one connection for many; what its answers mean."""

from __future__ import annotations

import smtplib
from contextlib import suppress

from django.core.mail import get_connection

from notifications.failures import Refused, TryLater
from notifications.mail import compose
from notifications.models import Notification

# What a mail server answers before it hangs up, whatever it was asked (RFC 5321, 3.8).
_SERVICE_NOT_AVAILABLE = 421


class MailServer:
    def __init__(self) -> None:
        self._connection = get_connection()

    def send(self, notification: Notification) -> None:
        """Send the notification's mail. Raises Unwritable, Refused, TryLater."""
        mail = compose(notification)
        try:
            self._connection.open()
            self._connection.send_messages([mail])
        except ValueError as defect:
            # An address that no mail server understands. Tried again it would fail again.
            raise Refused(type(defect).__name__, is_address=True) from defect
        except (smtplib.SMTPException, OSError) as failure:
            self.close()
            if _is_refused_for_good(failure):
                is_address = isinstance(failure, smtplib.SMTPRecipientsRefused)
                raise Refused(_described(failure), is_address=is_address) from failure
            raise TryLater(_described(failure), is_away=_is_away(failure)) from failure

    def close(self) -> None:
        """Hang up. A server that is gone does not matter any more."""
        with suppress(smtplib.SMTPException, OSError):
            self._connection.close()


def _is_refused_for_good(failure: Exception) -> bool:
    """Say whether the server will never take this mail for this recipient: an answer of 500 or above.

    A refused login or sender is our own mistake. It is tried again: an administrator mends it meanwhile.
    """
    return _is_about_mail(failure) and _code(failure) >= 500


def _is_away(failure: Exception) -> bool:
    return not _is_about_mail(failure) or _code(failure) == _SERVICE_NOT_AVAILABLE


def _is_about_mail(failure: Exception) -> bool:
    return isinstance(failure, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)


def _described(failure: Exception) -> str:
    """Return the kind of failure and the server's code. Never its words: they can repeat addresses and content."""
    code = _code(failure)
    return f"{type(failure).__name__} {code}" if code else type(failure).__name__


def _code(failure: Exception) -> int:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return min((code for code, _ in failure.recipients.values()), default=0)
    return failure.smtp_code if isinstance(failure, smtplib.SMTPResponseException) else 0
