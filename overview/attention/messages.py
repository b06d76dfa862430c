"""Messages that nobody has answered, near 72 hours or past them, and answers that came back.

Neither a word of a message nor its sender is fetched.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import Message, MessageEvent
from contacts.templatetags.deadlines import deadline
from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.statement import Part, Row, part
from overview.attention.wording import Words, day_text
from sectors.instants import instant_text

KIND = ItemKind.MESSAGE
SUBJECT = "contacts.message"
CAME_BACK = "SELECT pk, sector, back - interval '72 hours', back FROM ({rows}) AS one (pk, sector, back)"


def unanswered(asked: Asked) -> Part | None:
    """Return what the 72-hour clock warned of; for the head of a district what is overdue (design, 6)."""
    waiting = Message.objects.visible_to(asked.user).unanswered()
    near = waiting.filter(asked.messages, warn_at__lte=asked.now)
    rows = near.values_list("pk", "sector_id", "received_at", "due_at")
    return part(rows, "SELECT pk, sector, received, due FROM ({rows}) AS one (pk, sector, received, due)")


def came_back(asked: Asked) -> Part | None:
    """Return the open messages whose last answer came back, as the inbox marks them (`contacts.messages.inbox`)."""
    kinds = (MessageEvent.Kind.ANSWERED, MessageEvent.Kind.BOUNCED)
    outcomes = MessageEvent.objects.filter(message=OuterRef("pk"), kind__in=kinds).order_by("-at", "-pk")
    answered = Message.objects.visible_to(asked.user).open().filter(answered_at__isnull=False)
    rows = (
        answered.filter(asked.messages)
        .annotate(last_outcome=Subquery(outcomes.values("kind")[:1]))
        .filter(last_outcome=MessageEvent.Kind.BOUNCED)
        .annotate(came_back_at=Subquery(outcomes.values("at")[:1]))
        .values_list("pk", "sector_id", "came_back_at")
    )
    return part(rows, CAME_BACK)


def unanswered_words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    return {
        key: Words(
            title,
            _("No answer yet: the sender was to have one by %(instant)s.") % {"instant": deadline(due)}
            if due <= asked.now
            else _("No answer yet: the sender is to have one by %(instant)s.") % {"instant": deadline(due)},
            url,
        )
        for key, title, url, due in _facts(rows)
    }


def came_back_words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    days = {row.pk: row.due for row in rows}
    return {
        key: Words(
            title,
            _("The answer came back on %(day)s: it could not be delivered.") % {"day": day_text(days[key])},
            url,
        )
        for key, title, url, _due in _facts(rows)
    }


def _facts(rows: Sequence[Row]) -> list[tuple[int, str, str, datetime.datetime]]:
    found = Message.objects.filter(pk__in=[row.pk for row in rows]).order_by()
    return [
        (
            key,
            _("Message of %(instant)s") % {"instant": instant_text(received)},
            reverse("contacts:message_detail", args=[uuid]),
            due,
        )
        for key, uuid, received, due in found.values_list("pk", "uuid", "received_at", "due_at")
    ]
