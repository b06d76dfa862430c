"""What waits for somebody: one list of it all, the most urgent first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from sectors.models import Sector


class ItemKind(models.TextChoices):
    """What can wait."""

    MESSAGE = "message", _("Messages")
    PROMISE = "promise", _("Promises")
    REFERRAL = "referral", _("Referrals to the head")
    GROUP = "group", _("Target groups")
    CHALLENGE = "challenge", _("Challenges")
    PARTY = "party", _("Parties")
    SILENCE = "silence", _("Silent logs")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits, since the day `since` or until it; `urgency` of 1 and more: it is past its time.

    `title` names it, `what` says in a sentence how long it waits; `url` leads to where it is mended. `subject` and
    `key` are its model and primary key, for the read log.
    """

    kind: ItemKind
    sector: Sector | None
    urgency: float
    since: datetime.date
    title: str
    what: str
    url: str
    subject: str = ""
    key: int = 0

    @property
    def is_past(self) -> bool:
        return self.urgency >= 1
