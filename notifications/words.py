"""What a mail says beyond names and dates: fetched when the mail is made, from where it is kept.

An app says for an event how (decision 0017), in a module that its `AppConfig.ready` imports:

    @words_for("contacts.message_reply")
    def reply_words(notification): return Words(context={"text": …})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notifications.models import Notification


class Unwritable(Exception):
    """A notification whose mail cannot be made, now or later. Its text says why and repeats no content."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is added to a mail. `sender_name` is shown before the site's own address; `returns_to` takes bounces."""

    context: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    sender_name: str = ""
    reply_to: str = ""
    returns_to: str = ""


Fetch = Callable[["Notification"], Words]
_fetches: dict[str, Fetch] = {}


def words_for(event: str) -> Callable[[Fetch], Fetch]:
    """Say how the words of the event are fetched. What is decorated raises Unwritable when they are gone."""

    def register(fetch: Fetch) -> Fetch:
        _fetches[event] = fetch
        return fetch

    return register


def words_of(notification: Notification) -> Words:
    """Return what is added to the notification. Raises Unwritable."""
    fetch = _fetches.get(notification.event)
    return fetch(notification) if fetch else Words()
