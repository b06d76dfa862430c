"""What was promised to people against what the database and the mailbox hold in the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from benchmarks.under_faults.citizens import Outcome
from benchmarks.under_faults.mailbox import Mailbox
from contacts.messages.receipts import uuid_in
from contacts.models import Message, MessageEvent
from notifications.models import Notification

TO_OFFICERS, TO_CITIZEN = "contacts.message_received", "contacts.message_receipt"


@dataclass(frozen=True)
class Stored:
    """One message's row, and the Message-IDs of its notifications by event."""

    uuid: UUID
    text: str
    steps: int
    notifications: dict[str, list[str]]


def stored_messages() -> dict[UUID, Stored]:
    told: dict[str, dict[str, list[str]]] = {}
    for row in Notification.objects.all():
        told.setdefault(row.context["message"], {}).setdefault(row.event, []).append(row.message_id)
    steps = Counter(MessageEvent.objects.values_list("message__uuid", flat=True))
    return {
        uuid: Stored(uuid, text, steps[uuid], told.get(str(uuid), {}))
        for uuid, text in Message.objects.values_list("uuid", "text")
    }


def compare(outcomes: Iterable[Outcome], mailbox: Mailbox) -> dict[str, int]:
    """Return how often each promise was broken, and what may happen: deliveries twice, rows without an answer."""
    stored = stored_messages()
    texts = Counter(row.text for row in stored.values())
    answered = [outcome for outcome in outcomes if outcome.receipt]
    shown = [(outcome, stored.get(uuid_in(outcome.receipt) or UUID(int=0))) for outcome in answered]
    expected = {name for row in stored.values() for names in row.notifications.values() for name in names}
    return {
        "lost": sum(not texts[outcome.text] for outcome in answered),
        "receipts without their row": sum(row is None or row.text != outcome.text for outcome, row in shown),
        "messages twice": sum(count - 1 for count in texts.values()),
        "messages without their first step": sum(row.steps != 1 for row in stored.values()),
        "messages told to no officer": sum(not row.notifications.get(TO_OFFICERS) for row in stored.values()),
        "messages without one mail to the citizen": sum(
            len(row.notifications.get(TO_CITIZEN, [])) != 1 for row in stored.values()
        ),
        "notifications not delivered": len(expected - set(mailbox.taken)),
        "notifications not marked as sent": Notification.objects.exclude(state="sent").count(),
        "mails of what was never stored": len(set(mailbox.taken) - expected),
    }


def stored_without_answer(outcomes: Iterable[Outcome]) -> int:
    """Return how many messages stand in the database whose sender gave up before an answer came: no promise."""
    silent = {outcome.text for outcome in outcomes if not outcome.receipt}
    return Message.objects.filter(text__in=silent).count()
