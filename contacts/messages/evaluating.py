"""The citizen says of a closed matter whether they got help: once, and so that nobody can tell who said it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from contacts.models import Evaluation, Message


class NotToBeEvaluated(Exception):
    """It was evaluated before, is open again, was taken back, erased, or closed as advertising or abuse."""


def is_to_be_evaluated(message: Message) -> bool:
    """Say whether the citizen is asked: after it was closed, once, and as long as what they wrote is kept."""
    return (
        message.closed_at is not None
        and message.withdrawn_at is None
        and message.erased_at is None
        and message.result != Message.Result.SPAM
        and not message.was_evaluated
    )


def evaluate(
    message: Message, *, got_help: str, easy_to_reach: str, now: datetime.datetime | None = None
) -> None:
    """Note what was answered, `Evaluation.Said` or empty, apart from the message. Once for each message.

    The month is that of the answer. The month of the closing would narrow down which messages it can be of, and an
    answer that comes late would stand out in the figures of a month that had been told already.

    Raises NotToBeEvaluated.
    """
    month = timezone.localdate(now).replace(day=1)
    with transaction.atomic():
        # Of two at the same instant the second waits here, and sees that it is the second.
        locked = Message.objects.select_for_update().get(pk=message.pk)
        if not is_to_be_evaluated(locked):
            raise NotToBeEvaluated
        locked.was_evaluated = True
        locked.save(update_fields=["was_evaluated"])
        said = {"got_help": got_help, "easy_to_reach": easy_to_reach}
        Evaluation.objects.create(sector_id=locked.sector_id, month=month, **said)
