"""What a worker does: claim, send, write down what became of it.

At least once: a worker that dies between sending and writing leaves the row to the next one, which sends it again
under the same Message-ID.
"""

from __future__ import annotations

import datetime
import logging
import smtplib
import time
from collections.abc import Callable
from contextlib import suppress

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications.mail import Unwritable, compose
from notifications.models import Notification

logger = logging.getLogger(__name__)

# A run ends after so many seconds, before its task is ended; the sweeper begins the next one.
_RUN_SECONDS = 180.0
# What a mail server answers before it hangs up, whatever it was asked (RFC 5321, 3.8).
_SERVICE_NOT_AVAILABLE = 421

Clock = Callable[[], datetime.datetime]


def deliver_due(*, clock: Clock = timezone.now) -> int:
    """Send what is due at the clock's time; return how many were sent.

    Ends early where the mail server is away, so that an outage costs one row an attempt and not all of them.
    """
    ends = time.monotonic() + _RUN_SECONDS
    sent = 0
    server = get_connection()
    try:
        while time.monotonic() < ends:
            claimed = Notification.objects.claim(clock())
            if claimed is None:
                break
            try:
                sent += _deliver(claimed, server, clock)
            except _ServerAway:
                break
    finally:
        _close(server)
    return sent


def forget_sent(*, clock: Clock = timezone.now) -> int:
    """Delete what was sent long ago; return how many. Dead letters stay until somebody has looked at them."""
    return Notification.objects.forgettable(clock()).delete()[0]


class _ServerAway(Exception):
    """The mail server cannot be reached, or has hung up."""


def _deliver(claimed: Notification, server: BaseEmailBackend, clock: Clock) -> bool:
    try:
        mail = compose(claimed)
        server.open()
        server.send_messages([mail])
    except Unwritable as defect:
        _give_up(claimed, str(defect))
    except ValueError as defect:
        # An address that no mail server understands. Tried again it would fail again.
        _give_up(claimed, type(defect).__name__)
    except (smtplib.SMTPException, OSError) as failure:
        _close(server)
        if _is_refused_for_good(failure):
            _give_up(claimed, _described(failure))
        else:
            _try_later(claimed, failure, clock)
    else:
        claimed.mark_sent(clock())
        return True
    return False


def _try_later(claimed: Notification, failure: Exception, clock: Clock) -> None:
    """Raises _ServerAway where the next mail would fail in the same way."""
    logger.warning("Notification %s waits: %s", claimed.pk, _described(failure))
    claimed.mark_failed(_described(failure), clock())
    if not _is_about_mail(failure) or _code(failure) == _SERVICE_NOT_AVAILABLE:
        raise _ServerAway from failure


def _give_up(claimed: Notification, error: str) -> None:
    logger.error("Notification %s is a dead letter: %s", claimed.pk, error)
    claimed.mark_dead(error)


def _is_refused_for_good(failure: Exception) -> bool:
    """Say whether the server will never take this mail for this recipient: an answer of 500 or above.

    A refused login or sender is our own mistake. It is tried again: an administrator mends it meanwhile.
    """
    return _is_about_mail(failure) and _code(failure) >= 500


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


def _close(server: BaseEmailBackend) -> None:
    """Hang up. A server that is gone does not matter any more."""
    with suppress(smtplib.SMTPException, OSError):
        server.close()
