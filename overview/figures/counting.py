"""Counts the months into `MonthCount`: set by set in the database, one transaction a month.

Three rules, so that the past stays as it was and each entry counts once. The running month and the one before are
counted anew, as they stand: there most entries come in. An earlier month is settled. It is counted anew once more,
and from then on what the log says of it only grows: of what was counted and what is found the greater number stays,
since entries and parties are erased when their time is over (`sectorlog.retention`), and an erasure takes back
nothing that was done. And since a mistake would stay as well, a settled month waits with each entry until its author
cannot correct it any more, neither what it says nor when it happened; the night after counts it. All this holds for
a count of all months, too. It goes by the clock that is passed in: a night whose clock runs ahead does not wait.

Patrols, answers and evaluations are not erased: they are counted as they stand, however long ago.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from contacts.messages.clock import time_between
from contacts.models import Evaluation, Message
from overview.figures import Period
from overview.figures.periods import FIRST_YEAR, first_of, months_of, moved
from overview.figures.releasing import released
from overview.figures.statements import BEGINS, STATEMENTS, WRITTEN_LATELY
from overview.models import CountedMonth, Measure, MonthCount
from sectorlog.models import LogEntry, Outcome
from sectorlog.models.entries import CORRECTABLE_FOR
from sectors.instants import instant_of

# Erased in time: the numbers of earlier months do not fall with them.
OF_THE_LOG = (Measure.ENTRIES, Measure.CONTACTS, Measure.OUTCOMES, Measure.VISITS)
# "72" is in time: the clock of contacts.messages.clock has not run out.
WITHIN_HOURS = (24, 48, 72)
LATER = "later"
# What was being written or corrected while a count ran was not seen by it.
SLACK = datetime.timedelta(hours=1)
# An entry that was written so long ago stays as it is.
CHANGES_FOR = CORRECTABLE_FOR + SLACK
BATCH = 10_000
# The number of the advisory lock; the month is its second half.
LOCK = 7_031


def count(months: Iterable[datetime.date], now: datetime.datetime | None = None) -> int:
    """Count these months (their first days) at the instant `now`; returns how many. Twice is the same as once.

    Who counts a month that is being counted waits until that is over.
    """
    now = now or timezone.now()
    counted = 0
    for month in months:
        _count_month(month, now)
        counted += 1
    return counted


def count_due(now: datetime.datetime | None = None) -> int:
    """Count what each night is to count; returns how many months.

    The running month and all back to the one before that of the last count, and each earlier month of an entry that
    was written since or could still be corrected then. Where nothing was ever counted, everything is. What was
    counted later than `now` was counted by a clock that ran ahead: it is not the last count.
    """
    now = now or timezone.now()
    last = CountedMonth.objects.filter(counted_at__lte=now).order_by("-month").first()
    if last is None:
        return count(all_months(now), now)
    this_month = first_of(timezone.localdate(now))
    oldest = moved(min(last.month, this_month), -1)
    months = set(months_of(Period(oldest, this_month)))
    months |= _months_written_since(last.counted_at - CHANGES_FOR, this_month)
    return count(sorted(months), now)


def all_months(now: datetime.datetime) -> list[datetime.date]:
    """Return each month from the first of which anything is known to the running one. One step into an index each."""
    with connection.cursor() as cursor:
        cursor.execute(BEGINS)
        (first,) = cursor.fetchone()
    months = Evaluation.objects.order_by("month").values_list("month", flat=True)[:1]
    known = [*([timezone.localdate(first)] if first else []), *months, timezone.localdate(now)]
    earliest = max(min(known), datetime.date(FIRST_YEAR, 1, 1))
    return months_of(Period(first_of(earliest), first_of(timezone.localdate(now))))


@transaction.atomic
def _count_month(month: datetime.date, now: datetime.datetime) -> None:
    """Count one month. Readers see the numbers of before until all are written."""
    settles_at = instant_of(moved(month, 2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, month.year * 12 + month.month])
        was_settled = CountedMonth.objects.filter(month=month, counted_at__gte=settles_at).exists()
        kept = OF_THE_LOG if was_settled and now >= settles_at else ()
        MonthCount.objects.filter(month=month).exclude(measure__in=kept).delete()
        bounds: dict[str, Any] = {
            "month": month,
            "begins": instant_of(month),
            "ends": instant_of(moved(month, 1)),
            "now": now,
            "outcomes": Outcome.values,
            **(_changing(now) if now >= settles_at else {"from_pk": None, "written_since": None}),
        }
        for statement in STATEMENTS:
            cursor.execute(statement, bounds)
    for measure, read in _IN_PYTHON.items():
        MonthCount.objects.bulk_create(
            MonthCount(sector_id=sector, month=month, measure=measure, key=key, value=value)
            for (sector, key), value in sorted(read(month, now).items())
        )
    CountedMonth.objects.update_or_create(month=month, defaults={"counted_at": now})


def _answers(month: datetime.date, _now: datetime.datetime) -> Counter[tuple[int, str]]:
    """Return the first answers of a month by sector and by how long they took.

    Counted as `contacts.messages.answer_times` does: without what was taken back, advertising and abuse, and those
    who wanted no answer; in the month of the answer, for the sector that the message is in now.
    """
    answered = (
        Message.objects.filter(
            answered_at__gte=instant_of(month), answered_at__lt=instant_of(moved(month, 1))
        )
        .filter(withdrawn_at=None)
        .exclude(answer_by=Message.AnswerBy.NONE)
        .exclude(result=Message.Result.SPAM)
    )
    rows: Any = answered.order_by().values_list("sector", "received_at", "answered_at")
    return Counter((sector, bucket(time_between(received, at))) for sector, received, at in rows.iterator())


def bucket(waited: datetime.timedelta) -> str:
    """Return the key of an answer that took so long by the 72-hour clock."""
    limits = (str(hours) for hours in WITHIN_HOURS if waited <= datetime.timedelta(hours=hours))
    return next(limits, LATER)


_IN_PYTHON: dict[Measure, Callable[[datetime.date, datetime.datetime], Counter[tuple[int, str]]]] = {
    Measure.ANSWERS: _answers,
    Measure.EVALUATIONS: released,
}


def _changing(now: datetime.datetime) -> dict[str, Any]:
    """Return since when entries were written that may still change, and the primary key before all of these."""
    since = now - CHANGES_FOR
    return {"from_pk": _written_since(since)[0], "written_since": since}


def _months_written_since(since: datetime.datetime, until: datetime.date) -> set[datetime.date]:
    """Return the months, up to `until`, of entries that were written since."""
    _from_pk, months = _written_since(since)
    return {month for month in months if datetime.date(FIRST_YEAR, 1, 1) <= month <= until}


def _written_since(since: datetime.datetime) -> tuple[int, set[datetime.date]]:
    """Return a primary key that none of the entries lies before that were written since, and their months.

    Goes back from the newest by the primary key, in which entries are written, until a whole batch is older: it
    costs what was written, not what there is.
    """
    found: set[datetime.date] = set()
    lowest = (LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    zone = timezone.get_default_timezone_name()
    with connection.cursor() as cursor:
        while True:
            bounds = {"below": lowest, "since": since, "batch": BATCH, "zone": zone}
            cursor.execute(WRITTEN_LATELY, bounds)
            looked_at, months = cursor.fetchone()
            lowest = looked_at or lowest
            if not months:
                return lowest, found
            found.update(months)
