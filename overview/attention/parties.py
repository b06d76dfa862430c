"""Parties past their agreed interval, and whose visit is due within days: as `sectorlog.visits.due` counts."""

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
from overview.attention.urgency import SOON_DAYS
from overview.attention.wording import Words, day_text
from sectorlog.models import Party
from sectorlog.parties.last_contact import last_contact_of, with_last_contact

KIND = ItemKind.PARTY
SUBJECT = "sectorlog.party"
# The day by the calendar, told only of the parties that are due by the hour.
WAITING = """
SELECT pk, sector, timezone(%s, (day - days)::timestamp), timezone(%s, (day + 1)::timestamp)
FROM (
    SELECT pk, sector, days, coalesce(timezone(%s, met)::date + days, timezone(%s, entered)::date) AS day
    FROM ({rows}) AS one (pk, sector, entered, days, met)
) AS two
WHERE day <= %s
"""


def waiting(asked: Asked) -> Part | None:
    last_day = asked.today + datetime.timedelta(days=SOON_DAYS)
    rows = Party.objects.due_by(last_day).filter(asked.within_in_force())
    columns = rows.values_list("pk", "sector_id", "created_at", "interval_days", "kept_contact__happened_at")
    zone = timezone.get_current_timezone_name()
    return part(columns, WAITING, zone, zone, zone, zone, last_day)


def words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    found = with_last_contact(Party.objects.filter(pk__in=[row.pk for row in rows]))
    return {
        one.pk: Words(one.name, _story(one), reverse("sectorlog:party_detail", args=[one.uuid]))
        for one in found.only("uuid", "name", "interval_days", "created_at").order_by()
    }


def _story(party: Party) -> str:
    last = last_contact_of(party)
    if last is None:
        return _("Not met since it was entered on %(day)s.") % {"day": day_text(party.created_at)}
    days = party.interval_days or 0
    agreed = ngettext("Agreed: every day.", "Agreed: every %(days)s days.", days) % {"days": days}
    return f"{_('Last met on %(day)s.') % {'day': day_text(last)}} {agreed}"
