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

    @property
    def singular(self) -> str:
        """The kind of a single thing."""
        return str(_SINGULAR[self])


_SINGULAR = {
    ItemKind.MESSAGE: _("Message"),
    ItemKind.PROMISE: _("Promise"),
    ItemKind.REFERRAL: _("Referral"),
    ItemKind.GROUP: _("Target group"),
    ItemKind.CHALLENGE: _("Challenge"),
    ItemKind.PARTY: _("Party of interest"),
    ItemKind.SILENCE: _("Sector log"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits, since the day `since` or until it; `urgency` of 1 and more: it is past its time.

    `title` names it, `late` says in a sentence by how much it is past its time, or how long there is left, `story`
    what there is to know; `url` leads to where it is mended. `subject` and `key` are its model and primary key, for
    the read log (`overview.attention.noting`).
    """

    kind: ItemKind
    sector: Sector | None
    urgency: float
    since: datetime.date
    title: str
    late: str
    story: str
    url: str
    subject: str = ""
    key: int = 0

    @property
    def what(self) -> str:
        """How long it waits, in words."""
        return f"{self.late} {self.story}"

    @property
    def is_past(self) -> bool:
        return self.urgency >= 1
