"""The clock strikes: at 48 hours who answers is reminded, at 72 the head is told (decision 0016).

Each message once, however many workers look, and however late: a row is claimed with what is true at that instant.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from contacts.messages.colleagues import heads_of
from contacts.messages.officer_mails import tell
from contacts.messages.routing import recipients
from contacts.models import Message, MessageEvent
from contacts.models.messages import MessageQuerySet
from officers.models import User

# One run looks at no more; the next one follows ten minutes later.
MOST_IN_A_RUN = 1000


def remind(now: datetime.datetime | None = None) -> int:
    """Remind who answers of the messages that nobody has answered in 48 hours; return of how many."""
    now = now or timezone.now()
    waiting = Message.objects.unanswered().filter(warn_at__lte=now, warned_at=None)
    return _each(waiting.order_by("warn_at"), lambda message: _remind(message, now))


def escalate(now: datetime.datetime | None = None) -> int:
    """Tell the heads of the messages that nobody has answered in 72 hours; return of how many."""
    now = now or timezone.now()
    overdue = Message.objects.overdue_at(now).filter(escalated_at=None)
    return _each(overdue.order_by("due_at"), lambda message: _escalate(message, now))


def _each(due: MessageQuerySet, act: Callable[[Message], None]) -> int:
    """Do the act on each message in a transaction of its own, if it is due still and in no other worker's hands."""
    done = 0
    for key in list(due.values_list("pk", flat=True)[:MOST_IN_A_RUN]):
        with transaction.atomic():
            related = ("sector__district", "sector__station", "assigned_to")
            free = (
                due.filter(pk=key).select_related(*related).select_for_update(of=("self",), skip_locked=True)
            )
            message = free.first()
            if message is not None:
                act(message)
                done += 1
    return done


def _remind(message: Message, now: datetime.datetime) -> None:
    message.warned_at = now
    message.save(update_fields=["warned_at"])
    message.events.create(kind=MessageEvent.Kind.WARNED, at=now)
    for officer in _who_is_reminded(message, now):
        tell("message_warning", officer, message)


def _who_is_reminded(message: Message, now: datetime.datetime) -> list[User]:
    """Return who answers for the sector, and who has the message in hand; each once."""
    officers = {officer.pk: officer for officer in recipients(message.sector, now)}
    if message.assigned_to is not None:
        officers.setdefault(message.assigned_to.pk, message.assigned_to)
    return list(officers.values())


def _escalate(message: Message, now: datetime.datetime) -> None:
    message.escalated_at = now
    message.save(update_fields=["escalated_at"])
    message.events.create(kind=MessageEvent.Kind.ESCALATED, at=now)
    for head in heads_of(message.sector, now):
        tell("message_overdue", head, message)
