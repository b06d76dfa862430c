"""Entries and challenges that are made from a citizen's message: begun with its words, and tied to it."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.messages.follow_ups import FollowUp, tells_follow_ups
from contacts.models import Message
from contacts.permissions import must_say_why
from sectorlog.models import Challenge, LogEntry, MessageFollowUp

if TYPE_CHECKING:
    from officers.models import User


def message_to_follow(user: User, named: str) -> Message | None:
    """Return the message of this UUID, if the account works in its sector and its sender has not taken it back."""
    try:
        key = uuids.UUID(named)
    except ValueError:
        return None
    readable = (
        Message.objects.visible_to(user).filter(erased_at=None, withdrawn_at=None).select_related("sector")
    )
    message = readable.filter(uuid=key).first()
    return None if message is None or must_say_why(user, message) else message


def follow_up(named: str, made: LogEntry | Challenge, by: User) -> None:
    """Tie what was made to the message it was made from; a message that is out of reach by now is left out."""
    message = message_to_follow(by, named)
    if message is None or message.sector_id != made.sector_id:
        return
    kind = "entry" if isinstance(made, LogEntry) else "challenge"
    MessageFollowUp.objects.get_or_create(**{kind: made}, defaults={"message": message, "by": by})


def message_behind(entry: LogEntry, user: User) -> Message | None:
    """Return the message that the entry was made from, if the account reads it."""
    return Message.objects.visible_to(user).filter(follow_ups__entry=entry).first()


@tells_follow_ups
def made_from(message: Message, user: User) -> Iterator[FollowUp]:
    """Tell the entries and challenges made from a message that the account may read. Two queries."""
    entries = LogEntry.objects.visible_to(user).filter(from_message__message=message)
    for entry in entries.select_related("from_message"):
        url = reverse("sectorlog:entry_detail", args=[entry.uuid])
        yield FollowUp(_("Log entry"), url, entry.from_message.at)
    challenges = Challenge.objects.visible_to(user).filter(from_message__message=message)
    for challenge in challenges.select_related("from_message"):
        url = reverse("sectorlog:challenge_detail", args=[challenge.uuid])
        yield FollowUp(challenge.title, url, challenge.from_message.at)
