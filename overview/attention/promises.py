"""Promises to citizens whose day comes near or has passed, and who were not told what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.statement import Part, Row, part
from overview.attention.urgency import PROMISED_AHEAD
from overview.attention.wording import Words, day_text
from sectorlog.models import Promise

KIND = ItemKind.PROMISE
SUBJECT = "sectorlog.promise"
# Who promises something for the day before has a day all the same.
WAITING = """
SELECT pk, sector, least(made, due - interval '1 day'), due
FROM (SELECT pk, sector, made, timezone(%s, (due_on + 1)::timestamp) AS due
      FROM ({rows}) AS one (pk, sector, made, due_on)) AS two
"""


def waiting(asked: Asked) -> Part | None:
    near = Promise.objects.visible_to(asked.user).open()
    near = near.filter(asked.within(), due_on__lte=asked.today + PROMISED_AHEAD)
    rows = near.values_list("pk", "sector_id", "entry__happened_at", "due_on")
    return part(rows, WAITING, timezone.get_current_timezone_name())


def words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    found = Promise.objects.filter(pk__in=[row.pk for row in rows]).order_by()
    return {
        key: Words(
            what,
            _("Promised for %(day)s; nobody was told yet what came of it.") % {"day": day_text(due_on)},
            reverse("sectorlog:promise_detail", args=[uuid]),
        )
        for key, uuid, what, due_on in found.values_list("pk", "uuid", "what", "due_on")
    }
