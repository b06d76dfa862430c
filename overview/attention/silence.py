"""Sectors in whose log nobody has written for longer than usual there.

Usual is the mean gap between two entries, of the last `MONTHS` months that were counted (`MonthCount`), from the
first of them in which the sector had an entry at all.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.statement import Part, Row, part
from overview.attention.wording import Words, day_text
from overview.models import Measure
from overview.scope import in_attention
from sectorlog.models import LogEntry
from sectors.models import Sector

KIND = ItemKind.SILENCE
# That nobody writes is told of a sector, and of nobody.
SUBJECT = ""
MONTHS = 12
# So many gaps as are usual may pass, but never less than a week, nor more than two months: a log that is hardly
# kept is not in order because that is usual.
GAPS, SHORTEST_DAYS, LONGEST_DAYS = 4, 7, 60
# The months are looked up of what nobody has written in for a week at least: of a few sectors, not of all.
WAITING = """
SELECT pk, pk, started, started + allowed * interval '1 day'
FROM (SELECT pk, started,
        least(%s, greatest(%s, coalesce(%s * (%s - first_month)::float / entries, 0))) AS allowed
      FROM (SELECT pk, coalesce(last, (
                SELECT lower(release.period) FROM sectors_boundary AS drawn
                JOIN sectors_boundaryrelease AS release ON release.id = drawn.release_id
                WHERE drawn.sector_id = one.pk AND release.period IS NOT NULL
                ORDER BY release.period LIMIT 1)) AS started
            FROM ({rows}) AS one (pk, last) OFFSET 0) AS two
      LEFT JOIN LATERAL (
        SELECT sum(value) AS entries, min(month) AS first_month FROM overview_monthcount
        WHERE measure = %s AND sector_id = two.pk AND month >= coalesce(
            (SELECT month FROM overview_countedmonth ORDER BY month DESC LIMIT 1 OFFSET %s), '-infinity')
      ) AS usual ON true
      WHERE started <= %s) AS three
WHERE started + allowed * interval '1 day' <= %s
"""


def waiting(asked: Asked) -> Part | None:
    entries = LogEntry.objects.filter(sector=OuterRef("pk")).order_by("-happened_at", "-pk")
    rows = (
        Sector.objects.in_force_at(asked.now)
        .filter(in_attention(asked.user).condition, asked.within(""))
        .annotate(last=Subquery(entries.values("happened_at")[:1]))
        .values_list("pk", "last")
    )
    # A day may have 23 hours.
    recent = asked.now - datetime.timedelta(days=SHORTEST_DAYS - 1)
    allowed = (LONGEST_DAYS, SHORTEST_DAYS, GAPS, asked.today)
    return part(rows, WAITING, *allowed, Measure.ENTRIES.value, MONTHS - 1, recent, asked.now)


def words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    keys = [row.pk for row in rows]
    last = LogEntry.objects.filter(sector=OuterRef("pk")).order_by("-happened_at", "-pk")
    found = (
        Sector.objects.filter(pk__in=keys).annotate(last=Subquery(last.values("happened_at")[:1])).order_by()
    )
    return {
        key: Words(
            _("Nobody writes in the log"),
            _("The last entry is of %(day)s; that is longer ago than usual here.")
            % {"day": day_text(last_at)}
            if last_at
            else _("Nobody has written anything in it yet."),
            reverse("sectorlog:sector_overview", args=[slug]),
        )
        for key, slug, last_at in found.values_list("pk", "slug", "last")
    }
