"""What the citizen sees of what became of their message: nothing of what officers say among themselves."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from contacts.models import Exchange, Message, MessageEvent
from officers.models import User

# The steps that concern the citizen; the others stand in the row itself or are the officers' own.
_EVENTS = (MessageEvent.Kind.MOVED, MessageEvent.Kind.BOUNCED, MessageEvent.Kind.REOPENED)
_EXCHANGES = (Exchange.Kind.ADDED, Exchange.Kind.MAIL, Exchange.Kind.REPLY, Exchange.Kind.CALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: a word for it, when, who did it if that is told, and what was written."""

    what: str
    at: datetime.datetime
    who: str = ""
    text: str = ""
    is_erased: bool = False


def steps_of(message: Message) -> list[Step]:
    """Return what has happened to the message, the oldest first. Two queries."""
    return sorted([*_of_row(message), *_of_events(message), *_said(message)], key=lambda step: step.at)


def _of_row(message: Message) -> list[Step]:
    instants = (
        ("received", message.received_at),
        ("read", message.read_at),
        ("closed", message.closed_at),
        ("withdrawn", message.withdrawn_at),
        ("erased", message.erased_at),
    )
    return [Step(what, at) for what, at in instants if at]


def _of_events(message: Message) -> list[Step]:
    events = MessageEvent.objects.filter(message=message, kind__in=_EVENTS)
    return [Step(kind, at) for kind, at in events.order_by("at", "pk").values_list("kind", "at")]


def _said(message: Message) -> list[Step]:
    exchanges = Exchange.objects.filter(message=message, kind__in=_EXCHANGES).select_related("by__officer")
    return [_said_once(exchange) for exchange in exchanges.order_by("at", "pk")]


def _said_once(exchange: Exchange) -> Step:
    # Of a call it is told that it took place; what was noted of it is the officers' own.
    text = "" if exchange.kind == Exchange.Kind.CALL else exchange.text
    who = public_name(exchange.by)
    return Step(exchange.kind, exchange.at, who, text, is_erased=exchange.erased_at is not None)


def public_name(user: User | None) -> str:
    """Return the name by which the public knows an account; empty if it does not."""
    officer = getattr(user, "officer", None)
    return officer.name if officer else ""
