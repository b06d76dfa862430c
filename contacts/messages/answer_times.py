"""How long people waited for an answer, by district: counted each night, published by `contacts.publishing.told`."""

from __future__ import annotations

import datetime
import statistics
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from contacts.messages.clock import time_between
from contacts.models import AnswerTime, Message
from sectors.models import Sector

HOUR = datetime.timedelta(hours=1)


def count_answer_times(now: datetime.datetime | None = None) -> int:
    """Count the districts' answer times of the last `ANSWER_TIMES_DAYS` days anew; return of how many districts.

    From when a message was received to its first answer, by e-mail or telephone, in hours of the 72-hour clock. A
    message counts when it was answered within those days, for the district that its sector is in now. Left out are
    messages that were taken back, advertising and abuse, and those whose sender wanted no answer. What nobody has
    answered yet counts once it is answered: nothing is known of its wait before. A district without an answer has
    no row; one with fewer than `AnswerTime.FEWEST` has one that is not published.
    """
    now = now or timezone.now()
    until = timezone.localdate(now)
    since = until - datetime.timedelta(days=settings.ANSWER_TIMES_DAYS)
    hours = _hours_by_district(now - datetime.timedelta(days=settings.ANSWER_TIMES_DAYS), now)
    with transaction.atomic():
        AnswerTime.objects.exclude(district__in=hours).delete()
        for district, waits in hours.items():
            AnswerTime.objects.update_or_create(
                district_id=district,
                defaults={
                    "since": since,
                    "until": until,
                    "answered": len(waits),
                    "median_hours": statistics.median(waits),
                    "p90_hours": percentile_90(waits),
                },
            )
    return len(hours)


def percentile_90(values: list[float]) -> float:
    """Return what nine of ten values do not exceed, between two neighbours in proportion (as percentile_cont)."""
    return statistics.quantiles(values, n=10, method="inclusive")[-1] if len(values) > 1 else values[0]


def _hours_by_district(since: datetime.datetime, until: datetime.datetime) -> dict[int, list[float]]:
    districts = dict(Sector.objects.values_list("pk", "district"))
    answered = (
        Message.objects.filter(answered_at__gte=since, answered_at__lte=until, withdrawn_at=None)
        .exclude(answer_by=Message.AnswerBy.NONE)
        .exclude(result=Message.Result.SPAM)
    )
    found: dict[int, list[float]] = defaultdict(list)
    # The filter leaves no empty `answered_at`.
    rows: Any = answered.order_by().values_list("sector", "received_at", "answered_at")
    for sector, received_at, answered_at in rows.iterator():
        found[districts[sector]].append(time_between(received_at, answered_at) / HOUR)
    return dict(found)
