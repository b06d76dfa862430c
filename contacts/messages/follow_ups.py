"""What was made from a message in the apps above this one. They know messages; messages do not know them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contacts.models import Message

if TYPE_CHECKING:
    from officers.models import User


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something made from a message: what it is called, where it is read, and when it was made."""

    title: str
    url: str
    at: datetime.datetime


Teller = Callable[[Message, "User"], Iterable[FollowUp]]
_tellers: list[Teller] = []


def tells_follow_ups(teller: Teller) -> Teller:
    """Register a function that tells what was made from a message, as far as the account may read it."""
    _tellers.append(teller)
    return teller


def follow_ups_of(message: Message, user: User) -> list[FollowUp]:
    """Return what was made from the message and `user` may read, the oldest first."""
    found = (one for teller in _tellers for one in teller(message, user))
    return sorted(found, key=lambda one: one.at)
