"""Target groups past their agreed interval or never met, or in its last quarter (`sectorlog.groups.neglect`)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.statement import Part, Row, part
from overview.attention.wording import Words, day_text
from sectorlog.groups.neglect import last_contacts
from sectorlog.models import GroupInSector
from sectors.instants import instant_of

KIND = ItemKind.GROUP
SUBJECT = "sectorlog.groupinsector"
# What the database keeps of last contacts is joined as a whole: cheaper than to look each one up. Who was met
# lately is left out by seconds, with a day to spare, as in `parties`.
WAITING = """
SELECT pk, sector,
    CASE WHEN last IS NULL THEN agreed - days * interval '1 day' ELSE timezone(%s, last::timestamp) END,
    CASE WHEN last IS NULL THEN agreed ELSE timezone(%s, (last + days + 1)::timestamp) END
FROM (
    SELECT one.*, timezone(%s, met.happened_at)::date AS last
    FROM ({rows}) AS one (pk, sector, target, agreed, days)
    LEFT JOIN sectorlog_groupcontact AS met ON met.sector_id = one.sector AND met.group_id = one.target
    WHERE met.happened_at IS NULL OR date_part('epoch', met.happened_at) < %s - 86400.0 * 0.75 * days
) AS two
WHERE last IS NULL OR 4 * (%s - last) >= 3 * days
"""


def waiting(asked: Asked) -> Part | None:
    rows = GroupInSector.objects.filter(asked.within_in_force(), group__retired_at=None)
    columns = rows.values_list("pk", "sector_id", "group_id", "agreed_at", "interval_days")
    zone = timezone.get_current_timezone_name()
    spared = instant_of(asked.today + datetime.timedelta(days=2)).timestamp()
    return part(columns, WAITING, zone, zone, zone, spared, asked.today)


def words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    keys = [row.pk for row in rows]
    found = list(GroupInSector.objects.filter(pk__in=keys).select_related("group", "sector").order_by())
    last = last_contacts([(one.sector_id, one.group_id) for one in found], asked.now)
    return {
        one.pk: Words(
            str(one.group),
            f"{_met(last.get((one.sector_id, one.group_id)))} {_agreed(one.interval_days)}",
            reverse("sectorlog:group_detail", args=[one.sector.slug, one.group.slug]),
        )
        for one in found
    }


def _met(last: datetime.datetime | None) -> str:
    return _("Last met on %(day)s.") % {"day": day_text(last)} if last else _("Not met yet.")


def _agreed(days: int) -> str:
    return ngettext("Agreed: every day.", "Agreed: every %(days)s days.", days) % {"days": days}
