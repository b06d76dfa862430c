"""The target groups of a station: the handbook's nine, and those that its heads add, rename, retire, bring back."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from officers.models import User
from sectorlog.models import TargetGroup
from sectorlog.models.groups import HANDBOOK_GROUPS
from sectors.models import Station
from sectors.spelling import slug_of

LONGEST_STEM = 40


def stations_to_add_to(user: User) -> QuerySet[Station]:
    """Return the stations whose catalogue `user` keeps: as its head, or as the head of one of its districts."""
    standing = user.standing
    headed = Q(pk__in=standing.stations) | Q(districts__in=standing.districts)
    return Station.objects.filter(headed).distinct().order_by("name")


def groups_kept_by(user: User) -> QuerySet[TargetGroup]:
    """Return the groups that `user` may rename, retire and bring back; never the handbook's."""
    return TargetGroup.objects.filter(station__in=stations_to_add_to(user).values("pk"))


def add(name: str, station: Station) -> TargetGroup:
    """Add a group to the catalogue. Its short name, for addresses, is told apart from all others."""
    stem = slug_of(name)[:LONGEST_STEM].strip("-") or "group"
    taken = {
        *HANDBOOK_GROUPS,
        *TargetGroup.objects.filter(slug__startswith=stem).values_list("slug", flat=True),
    }
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return TargetGroup.objects.create(station=station, name=name, slug=slug)


def retire(group: TargetGroup) -> None:
    """Offer the group no more. Entries and statuses that name it stay."""
    TargetGroup.objects.filter(pk=group.pk, retired_at=None).update(retired_at=timezone.now())


def bring_back(group: TargetGroup) -> None:
    TargetGroup.objects.filter(pk=group.pk).update(retired_at=None)
