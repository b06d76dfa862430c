"""What a worker does: claim, send, write down what became of it.

At least once: a worker that dies between sending and writing leaves the row to the next one, which sends it again
under the same Message-ID, or, a text message, under the same reference.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Callable
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from notifications import undeliverable
from notifications.failures import Refused, TryLater
from notifications.mail_server import MailServer
from notifications.models import PAUSES, Notification
from notifications.text_messages import TextMessages
from notifications.undelivered import tell_undelivered
from notifications.words import Unwritable

logger = logging.getLogger(__name__)

# A run ends after so many seconds, before its task is ended; the sweeper begins the next one.
_RUN_SECONDS = 180.0

Clock = Callable[[], datetime.datetime]


class Channel(Protocol):
    def send(self, notification: Notification) -> None:
        """Send it. Raises Unwritable, Refused, TryLater."""

    def close(self) -> None: ...


def deliver_due(*, clock: Clock = timezone.now) -> int:
    """Send what is due at the clock's time; return how many were sent.

    Leaves a channel alone that is away, so that an outage costs one row an attempt and not all of them; the other
    channel goes on.
    """
    ends = time.monotonic() + _RUN_SECONDS
    sent = 0
    channels: dict[str, Channel] = {
        Notification.Channel.EMAIL: MailServer(),
        Notification.Channel.SMS: TextMessages(),
    }
    present = dict(channels)
    try:
        while present and time.monotonic() < ends:
            claimed = Notification.objects.filter(channel__in=present).claim(clock())
            if claimed is None:
                break
            try:
                sent += _deliver(claimed, present[claimed.channel], clock)
            except _ChannelAway:
                del present[claimed.channel]
    finally:
        for channel in channels.values():
            channel.close()
    return sent


def forget_sent(*, clock: Clock = timezone.now) -> int:
    """Delete what was sent long ago; return how many. Dead letters stay until somebody has looked at them."""
    now = clock()
    undeliverable.forget_mended(now)
    return Notification.objects.forgettable(now).delete()[0]


class _ChannelAway(Exception):
    """The mail server or the gateway cannot be reached, or has hung up."""


def _deliver(claimed: Notification, channel: Channel, clock: Clock) -> bool:
    """Raises _ChannelAway where the next one would fail in the same way."""
    try:
        channel.send(claimed)
    except Unwritable as defect:
        _give_up(claimed, str(defect))
    except Refused as refusal:
        if refusal.is_address:
            undeliverable.note(claimed, clock())
        _give_up(claimed, str(refusal))
    except TryLater as failure:
        _try_later(claimed, str(failure), clock)
        if failure.is_away:
            raise _ChannelAway from failure
    else:
        claimed.mark_sent(clock())
        undeliverable.note_taken(claimed, clock())
        return True
    return False


def _try_later(claimed: Notification, error: str, clock: Clock) -> None:
    if claimed.attempts >= len(PAUSES):
        _give_up(claimed, error)
        return
    logger.warning("Notification %s waits: %s", claimed.pk, error)
    claimed.mark_failed(error, clock())


def _give_up(claimed: Notification, error: str) -> None:
    logger.error("Notification %s is a dead letter: %s", claimed.pk, error)
    with transaction.atomic():
        claimed.mark_dead(error)
        if Notification.objects.dead().filter(pk=claimed.pk).exists():
            tell_undelivered(claimed)
