"""Tell somebody something, or take it back: what other apps call."""

from __future__ import annotations

import datetime
import logging
import time
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.context import check_context
from notifications.models import Notification

if TYPE_CHECKING:
    from officers.models import User

logger = logging.getLogger(__name__)

# The bell is a courtesy: who rings it waits for a second at most, whatever the broker does. It is tried twice.
_IMPATIENT = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
# A broker that did not answer is left alone for so many seconds, so that a flood of requests does not wait for it.
_BELL_REST_SECONDS = 30.0
_bell_rests_until = 0.0


def notify(
    event: str,
    *,
    to_user: User | None = None,
    to_address: str = "",
    language: str | None = None,
    context: dict[str, Any],
    due_at: datetime.datetime | None = None,
) -> Notification:
    """Write a notification that is sent once the transaction of its cause has been committed, or never.

    `event` is `<app>.<name>`; its texts are the templates `<app>/email/<name>_subject.txt` and `…_body.txt`. They
    know `site_url` and what `context` holds: names, numbers and dates, no text that somebody wrote, which the mail
    links to. `language` is that of the account by default. Before `due_at` it is not sent.

    Raises TransactionManagementError outside a transaction, ValueError for an unfit context or for not exactly
    one recipient, ValidationError for an address that is none.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("notify() belongs into the transaction of its cause")
    if (to_user is None) == (to_address == ""):
        raise ValueError("A notification goes either to an account or to an address")
    if to_address:
        validate_email(to_address)
    check_context(context)
    now = timezone.now()
    row = Notification.objects.create(
        recipient=to_user,
        address=to_address,
        language=language or "",
        event=event,
        context=context,
        created_at=now,
        due_at=due_at or now,
        next_attempt_at=due_at or now,
    )
    if row.due_at <= now:
        _ring_once_after_commit()
    return row


def withdraw(event: str, **names: Any) -> int:
    """Take back what has not been sent, because its cause was: those of the event whose context has all of `names`.

    Returns how many. What a worker sends at this very instant is not stopped any more.
    """
    if not names:
        raise ValueError("Name what the notifications to withdraw are about")
    return Notification.objects.waiting().filter(event=event, context__contains=names).delete()[0]


def ring() -> None:
    """Tell a worker that something is due. Never fails, never takes more than about a second.

    The sweeper finds within a minute what the bell missed.
    """
    global _bell_rests_until  # noqa: PLW0603 - one broker, one memory of it a process
    if time.monotonic() < _bell_rests_until:
        return
    from notifications.tasks import deliver_due

    try:
        with current_app.connection_for_write(transport_options=_IMPATIENT) as broker:
            deliver_due.apply_async(producer=broker.Producer(), retry=False)
    except (OperationalError, OSError) as failure:
        _bell_rests_until = time.monotonic() + _BELL_REST_SECONDS
        logger.warning("The broker is away (%s): the sweeper will send", type(failure).__name__)


def _ring_once_after_commit() -> None:
    """Ring after the commit, once for any number of notifications.

    A bell that is registered already stands in this block or one around it, so it is undone by no rollback that
    would leave the caller's row.
    """
    if not any(registered[1] is ring for registered in connection.run_on_commit):
        transaction.on_commit(ring, robust=True)
