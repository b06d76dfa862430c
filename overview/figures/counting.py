"""Counts the months into `MonthCount`: set by set in the database, one transaction a month.

Two rules, so that the past stays as it was. The running month and the one before are counted anew, as they stand:
entries are corrected for a day and come in late from telephones. In an earlier month, what the log says only grows:
of what was counted and what is found the greater number stays, since entries and parties are erased when their time
is over (`sectorlog.retention`), and an erasure takes back nothing that was done. Patrols, answers and evaluations are
not erased: they are counted as they stand, however long ago.
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
from sectors.instants import instant_of

# Erased in time: the numbers of earlier months do not fall with them.
OF_THE_LOG = (Measure.ENTRIES, Measure.CONTACTS, Measure.OUTCOMES, Measure.VISITS)
# "72" is in time: the clock of contacts.messages.clock has not run out.
WITHIN_HOURS = (24, 48, 72)
LATER = "later"
# What was being written while the last count ran was not seen by it.
SLACK = datetime.timedelta(hours=1)
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

    The running month and all back to the one before that of the last count, and each earlier month into which
    something was entered in the log since. Where nothing was ever counted, everything is.
    """
    now = now or timezone.now()
    last = CountedMonth.objects.order_by("-month").first()
    if last is None:
        return count(all_months(now), now)
    this_month = first_of(timezone.localdate(now))
    oldest = moved(min(last.month, this_month), -1)
    months = set(months_of(Period(oldest, this_month)))
    return count(sorted(months | _months_written_since(last.counted_at - SLACK, this_month)), now)


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
    is_settled = month < moved(first_of(timezone.localdate(now)), -1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, month.year * 12 + month.month])
        kept = OF_THE_LOG if is_settled else ()
        MonthCount.objects.filter(month=month).exclude(measure__in=kept).delete()
        bounds: dict[str, Any] = {
            "month": month,
            "begins": instant_of(month),
            "ends": instant_of(moved(month, 1)),
            "now": now,
            "outcomes": Outcome.values,
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


def _months_written_since(since: datetime.datetime, until: datetime.date) -> set[datetime.date]:
    """Return the months, up to `until`, of entries that were written later than `since`.

    Goes back from the newest by the primary key, in which entries are written, until a whole batch is older: it
    costs what was written, not what there is.
    """
    found: set[datetime.date] = set()
    below = (LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                WRITTEN_LATELY,
                {
                    "below": below,
                    "since": since,
                    "batch": BATCH,
                    "zone": timezone.get_default_timezone_name(),
                },
            )
            lowest, months = cursor.fetchone()
            if not months:
                break
            found.update(months)
            below = lowest
    return {month for month in found if datetime.date(FIRST_YEAR, 1, 1) <= month <= until}
