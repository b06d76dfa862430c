"""Challenges of which nobody has written for long: `sectorlog.challenges.story`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.statement import Part, Row, part
from overview.attention.urgency import SILENT_AFTER, SOON_DAYS
from overview.attention.wording import Words, day_text
from sectorlog.challenges.story import with_last_sign
from sectorlog.models import Challenge

KIND = ItemKind.CHALLENGE
SUBJECT = "sectorlog.challenge"
WAITING = "SELECT pk, sector, last, last + %s FROM ({rows}) AS one (pk, sector, last) WHERE last <= %s"


def waiting(asked: Asked) -> Part | None:
    listed_before = asked.now + datetime.timedelta(days=SOON_DAYS) - SILENT_AFTER
    still = Challenge.objects.visible_to(asked.user).open().filter(asked.within())
    still = still.filter(opened_at__lte=listed_before)
    rows = with_last_sign(still).values_list("pk", "sector_id", "last_sign")
    return part(rows, WAITING, SILENT_AFTER, listed_before)


def words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    last = {row.pk: row.started for row in rows}
    found = Challenge.objects.filter(pk__in=last).order_by()
    return {
        one.pk: Words(
            one.title,
            _("Nobody has written of it since %(day)s.") % {"day": day_text(last[one.pk])},
            reverse("sectorlog:challenge_detail", args=[one.uuid]),
        )
        for one in found.only("uuid", "title")
    }
