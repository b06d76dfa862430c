"""What stands in an inbox, in which order, and how much of it there is."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Left

from contacts.models import Exchange
from contacts.models.messages import MessageQuerySet
from officers.models import User
from officers.responsibility import answerable
from sectors.models import Sector

EXCERPT = 160
# What a list needs no citizen's word for.
WORDS = ("text", "place", "name", "email", "phone")


def rows_for(user: User, messages: MessageQuerySet) -> MessageQuerySet:
    """Return the messages with what a row of the list says: most urgent first, the words of one's own sectors only.

    `said_more` tells what the sender has written again about after an answer; for a head, who is asked for a reason
    first, `excerpt` and `sender` never leave the database.
    """
    mine = Q(sector__in=user.standing.sectors)
    said = Exchange.objects.filter(message=OuterRef("pk")).exclude(kind=Exchange.Kind.NOTE)
    from_citizen = Q(answered_at__isnull=False, last_said__in=list(Exchange.FROM_CITIZEN))
    return (
        messages.annotate(
            last_said=Subquery(said.order_by("-at", "-pk").values("kind")[:1]),
            said_more=Case(When(from_citizen, then=Value(True)), default=Value(False)),
            excerpt=_only_if(mine, Left("text", EXCERPT)),
            sender=_only_if(mine, F("name")),
        )
        .select_related("sector", "assigned_to")
        .defer(*WORDS)
    )


def _only_if(condition: Q, words: Any) -> Case:
    return Case(When(condition, then=words), default=Value(""), output_field=CharField())


def in_order(messages: MessageQuerySet, *, is_closed: bool) -> MessageQuerySet:
    """Order rows: overdue ones and those due soonest, then what was added to, then the rest; closed ones by day."""
    if is_closed:
        return messages.order_by(Coalesce("closed_at", "withdrawn_at").desc(), "-pk")
    rank = Case(When(answered_at=None, then=Value(0)), When(said_more=True, then=Value(1)), default=Value(2))
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
    overdue = Q(answered_at=None, due_at__lte=now)
    return messages.open().aggregate(
        open=Count("pk"), mine=Count("pk", filter=of_mine), overdue=Count("pk", filter=overdue)
    )


def figures_of(sectors: Any, now: datetime.datetime) -> list[Sector]:
    """Return the sectors with how many of their messages are open (`waiting`) and overdue (`late`). One query."""
    is_open = Q(messages__closed_at=None, messages__withdrawn_at=None, messages__isnull=False)
    overdue = is_open & Q(messages__answered_at=None, messages__due_at__lte=now)
    return list(
        sectors.select_related("district__answer_time", "station")
        .annotate(
            waiting=Count("messages", filter=is_open, distinct=True),
            late=Count("messages", filter=overdue, distinct=True),
        )
        .order_by("station__name", "number")
    )
