"""Tell the heads, once, that records of theirs come up for review: how many and where to look, nothing of them."""

from __future__ import annotations

import datetime
from collections import Counter

from django.db import transaction
from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notification
from notifications.sending import notify
from officers.models import User
from sectorlog.models import RecordKind
from sectorlog.retention.reviewing import NOTICE, TABLES
from sectorlog.source_handling.sealing import head_of
from sectors.models import District

EVENT = "sectorlog.review_due"


@transaction.atomic
def tell_heads() -> int:
    """Notify the head of each district where something newly comes due within 30 days. Returns how many were told.

    What came due since the last time is new: a night without this task loses nothing.
    """
    last = timezone.localdate() + NOTICE
    told = Notification.objects.filter(event=EVENT).order_by("-created_at").first()
    since = timezone.localdate(told.created_at) + NOTICE if told else datetime.date.min
    newly = _newly_due(since, last)
    counts: Counter[User] = Counter()
    for district in District.objects.filter(pk__in=newly):
        if head := head_of(district):
            counts[head.user] += newly[district.pk]
    for user, count in counts.items():
        notify(EVENT, to_user=user, context={"count": count, "path": reverse("sectorlog:retention_list")})
    return len(counts)


def _newly_due(since: datetime.date, last: datetime.date) -> Counter[int]:
    """Return how many records of each district come due after `since`, up to `last`."""
    newly: Counter[int] = Counter()
    for kind in RecordKind:
        model, sector = TABLES[kind]
        rows = model._default_manager.filter(review_on__gt=since, review_on__lte=last).order_by()
        newly.update(dict(rows.values_list(F(f"{sector}__district_id")).annotate(Count("pk"))))
    return newly
