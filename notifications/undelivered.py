"""Telling an app that one of its notifications has become a dead letter, so that somebody acts on it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from notifications.models import Notification

logger = logging.getLogger(__name__)

React = Callable[["Notification"], None]
_reactions: dict[str, React] = {}


def when_undelivered(event: str) -> Callable[[React], React]:
    """Say what an app does when a notification of the event could not be delivered."""

    def register(react: React) -> React:
        _reactions[event] = react
        return react

    return register


def tell_undelivered(notification: Notification) -> None:
    """Let the app react, in the transaction that makes the letter dead. A defect of it leaves the letter dead."""
    react = _reactions.get(notification.event)
    if react is None:
        return
    try:
        with transaction.atomic():
            react(notification)
    except Exception as defect:  # whatever an app does wrong must not make an endless loop of this
        logger.error(
            "Notification %s: nobody was told that it is dead: %s", notification.pk, type(defect).__name__
        )
