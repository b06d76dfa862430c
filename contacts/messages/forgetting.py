"""Words that nobody needs any more are erased: of messages that were closed, or taken back, long enough ago."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from contacts.messages.erasing import erase_words
from contacts.models import Message

MOST_IN_A_RUN = 5000


def erase_due(now: datetime.datetime | None = None) -> int:
    """Erase the words of the messages whose day has come, unless they are open again; return of how many.

    Each in a transaction of its own, if it is due still and in nobody else's hands: the next night takes the rest.
    """
    now = now or timezone.now()
    over = Q(closed_at__isnull=False) | Q(withdrawn_at__isnull=False)
    due = Message.objects.filter(over, erase_on__lte=timezone.localdate(now), erased_at=None)
    erased = 0
    for key in list(due.order_by("erase_on").values_list("pk", flat=True)[:MOST_IN_A_RUN]):
        with transaction.atomic():
            message = due.filter(pk=key).select_for_update(of=("self",), skip_locked=True).first()
            if message is not None:
                erase_words(message, now)
                erased += 1
    return erased
