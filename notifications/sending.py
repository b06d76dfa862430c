"""Tell somebody something, or take it back: what other apps call."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone

from notifications import bell
from notifications.context import check_context
from notifications.models import Notification, TextNumber

if TYPE_CHECKING:
    from officers.models import User


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
    links to. `language` is that of the account by default. Before `due_at` it is not sent. An account that has
    confirmed a telephone gets a text message besides, of the events in TEXT_MESSAGE_EVENTS.

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
    row = _written(event, to_user, to_address, language, context, due_at, Notification.Channel.EMAIL)
    if to_user is not None and _is_told_by_text_too(event, to_user):
        _written(event, to_user, "", language, context, due_at, Notification.Channel.SMS)
    return row


def notify_by_text(event: str, *, to_user: User, context: dict[str, Any]) -> Notification:
    """Write a text message and no e-mail; its text is the template `<app>/email/<name>_sms.txt`.

    Raises TransactionManagementError outside a transaction, ValueError for an unfit context.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A text message belongs into the transaction of its cause"
        )
    check_context(context)
    return _written(event, to_user, "", None, context, None, Notification.Channel.SMS)


def _is_told_by_text_too(event: str, user: User) -> bool:
    if event not in settings.TEXT_MESSAGE_EVENTS or not settings.SMS_GATEWAY_URL:
        return False
    return TextNumber.objects.filter(user=user, confirmed_at__isnull=False).exists()


def _written(
    event: str,
    to_user: User | None,
    to_address: str,
    language: str | None,
    context: dict[str, Any],
    due_at: datetime.datetime | None,
    channel: str,
) -> Notification:
    now = timezone.now()
    row = Notification.objects.create(
        recipient=to_user,
        address=to_address,
        language=language or "",
        channel=channel,
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
    """Tell a worker that something is due; see `notifications.bell`."""
    from notifications.tasks import deliver_due

    bell.ring(deliver_due)


def _ring_once_after_commit() -> None:
    """Ring after the commit, once for any number of notifications.

    A bell that is registered already stands in this block or one around it, so it is undone by no rollback that
    would leave the caller's row.
    """
    if not any(registered[1] is ring for registered in connection.run_on_commit):
        transaction.on_commit(ring, robust=True)
