"""Sectors in whose log nobody has written for longer than usual there.

Usual is the mean gap between two entries, of the last `MONTHS` months that were counted (`MonthCount`), from the
first of them in which the sector had an entry at all.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Min, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.statement import Part, Row, part
from overview.attention.wording import Words, day_text
from overview.models import CountedMonth, Measure, MonthCount
from overview.scope import in_attention
from sectorlog.models import LogEntry
from sectors.models import Boundary, Sector

KIND = ItemKind.SILENCE
# That nobody writes is told of a sector, and of nobody.
SUBJECT = ""
MONTHS = 12
# So many gaps as are usual may pass, but never less than a week, nor more than two months: a log that is hardly
# kept is not in order because that is usual.
GAPS, SHORTEST_DAYS, LONGEST_DAYS = 4, 7, 60
WAITING = """
SELECT pk, pk, started, started + allowed * interval '1 day'
FROM (SELECT pk, coalesce(last, in_force) AS started,
        least(%s, greatest(%s, coalesce(%s * (%s - first_month)::float / entries, 0))) AS allowed
      FROM ({rows}) AS one (pk, last, in_force, entries, first_month)) AS two
WHERE started + allowed * interval '1 day' <= %s
"""


def waiting(asked: Asked) -> Part | None:
    entries = LogEntry.objects.filter(sector=OuterRef("pk")).order_by("-happened_at", "-pk")
    drawn = Boundary.objects.filter(sector=OuterRef("pk"), release__period__isnull=False)
    months = CountedMonth.objects.order_by("-month").values("month")[MONTHS - 1 : MONTHS]
    counted = (
        MonthCount.objects.filter(measure=Measure.ENTRIES, sector=OuterRef("pk"))
        .filter(month__gte=Coalesce(Subquery(months), Value(datetime.date.min)))
        .order_by()
        .values("sector")
    )
    rows = (
        Sector.objects.in_force_at(asked.now)
        .filter(in_attention(asked.user).condition, asked.within(""))
        .annotate(
            last=Subquery(entries.values("happened_at")[:1]),
            in_force=Subquery(drawn.order_by("release__period").values("release__period__startswith")[:1]),
            number_of_entries=Subquery(counted.annotate(sum=Sum("value")).values("sum")),
            first_month=Subquery(counted.annotate(first=Min("month")).values("first")),
        )
        .values_list("pk", "last", "in_force", "number_of_entries", "first_month")
    )
    return part(rows, WAITING, LONGEST_DAYS, SHORTEST_DAYS, GAPS, asked.today, asked.now)


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
