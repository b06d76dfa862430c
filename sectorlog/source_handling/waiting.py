"""How many source referrals wait, and since when: what a head is told without opening any."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from sectorlog.models import SourceKey
from sectors.models import District


def waiting_by_district(districts: Collection[int], stations: Collection[int]) -> QuerySet[Any]:
    """Return these districts and those of these stations, each with `waiting`, how many, `oldest` and `has_key`.

    One query.
    """
    # A district without any referral has one without an end too, in a join.
    waiting = Q(source_referrals__erased_at=None, source_referrals__isnull=False)
    return (
        District.objects.filter(Q(pk__in=districts) | Q(station__in=stations))
        .annotate(
            waiting=Count("source_referrals", filter=waiting),
            has_key=Exists(SourceKey.objects.filter(district=OuterRef("pk"), retired_at=None)),
            oldest=Min("source_referrals__received_at", filter=waiting),
        )
        .order_by("oldest", "name")
    )
