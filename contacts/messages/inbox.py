"""What stands in an inbox, in which order, and how much of it there is."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Left

from contacts.models import Exchange, Message, MessageEvent
from contacts.models.messages import MessageQuerySet, overdue_at, unanswered
from officers.models import User
from officers.responsibility import answerable
from sectors.models import Sector

EXCERPT = 160
# What a list needs no citizen's word for.
WORDS = ("text", "place", "name", "email", "phone")


def rows_for(user: User, messages: MessageQuerySet) -> MessageQuerySet:
    """Return the messages with what a row of the list says: most urgent first, the words of one's own sectors only.

    `did_not_arrive` tells that the last answer came back, `said_more` what the sender has written again about after
    an answer; for a head, who is asked for a reason first, `excerpt` and `sender` never leave the database.
    """
    # Who took a message back wants it read no more: only its own page shows it, until it is erased.
    mine = Q(sector__in=user.standing.sectors, withdrawn_at=None)
    said = Exchange.objects.filter(message=OuterRef("pk")).exclude(kind=Exchange.Kind.NOTE)
    from_citizen = ~unanswered() & Q(last_said__in=list(Exchange.FROM_CITIZEN))
    return (
        messages.annotate(
            last_said=Subquery(said.order_by("-at", "-pk").values("kind")[:1]),
            last_outcome=Subquery(_outcomes().filter(message=OuterRef("pk")).values("kind")[:1]),
            did_not_arrive=_is(Q(last_outcome=MessageEvent.Kind.BOUNCED)),
            said_more=_is(from_citizen),
            excerpt=_only_if(mine, Left("text", EXCERPT)),
            sender=_only_if(mine, F("name")),
        )
        .select_related("sector", "assigned_to")
        .defer(*WORDS)
    )


def _outcomes() -> QuerySet[MessageEvent]:
    """Return answers, and what is known of their delivery, the latest first."""
    kinds = (MessageEvent.Kind.ANSWERED, MessageEvent.Kind.BOUNCED)
    return MessageEvent.objects.filter(kind__in=kinds).order_by("-at", "-pk")


def did_not_arrive(message: Message) -> bool:
    """Tell whether the last answer came back, and nobody has answered otherwise since."""
    last = _outcomes().filter(message=message).first()
    return last is not None and last.kind == MessageEvent.Kind.BOUNCED


def _is(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))


def _only_if(condition: Q, words: Any) -> Case:
    return Case(When(condition, then=words), default=Value(""), output_field=CharField())


def in_order(messages: MessageQuerySet, *, is_closed: bool) -> MessageQuerySet:
    """Order rows: answers that came back, then what waits, soonest due first, then what was added to, then the rest.

    Nobody's clock runs for an answer that came back, so it stands above those that are reminded of. Closed ones are
    ordered by day.
    """
    if is_closed:
        return messages.order_by(Coalesce("closed_at", "withdrawn_at").desc(), "-pk")
    rank = Case(
        When(did_not_arrive=True, then=Value(0)),
        When(unanswered(), then=Value(1)),
        When(said_more=True, then=Value(2)),
        default=Value(3),
    )
    return messages.order_by(rank, "due_at", "pk")


def mine(user: User) -> Q:
    """Return the condition of what `user` takes care of: assigned to them, or to nobody where they answer now."""
    officer = getattr(user, "officer", None)
    if officer is None:
        return Q(assigned_to=user)
    answering = [key for key in user.standing.sectors if answerable(key).officer_id == officer.pk]
    return Q(assigned_to=user) | Q(assigned_to=None, sector__in=answering)


def counts(messages: MessageQuerySet, of_mine: Q, now: datetime.datetime) -> dict[str, int]:
    """Return how many are open, and of those how many are one's own, and overdue. One query."""
    return messages.open().aggregate(
        open=Count("pk"), mine=Count("pk", filter=of_mine), overdue=Count("pk", filter=overdue_at(now))
    )


def figures_of(sectors: Any, now: datetime.datetime) -> list[Sector]:
    """Return the sectors with how many of their messages are open (`waiting`) and overdue (`late`). One query."""
    is_open = Q(messages__closed_at=None, messages__withdrawn_at=None, messages__isnull=False)
    overdue = Q(messages__isnull=False) & overdue_at(now, "messages__")
    return list(
        sectors.select_related("district__answer_time", "station")
        .annotate(
            waiting=Count("messages", filter=is_open, distinct=True),
            late=Count("messages", filter=overdue, distinct=True),
        )
        .order_by("station__name", "number")
    )
