"""Which releases a head can compare with today."""

from __future__ import annotations

from django.utils import timezone

from officers.models import User
from sectors.models import BoundaryRelease, District
from sectors.models.boundaries import BoundaryReleaseQuerySet


def releases_of(user: User) -> BoundaryReleaseQuerySet:
    """Return the releases of the stations that the account heads, or heads a district of."""
    standing = user.standing
    through = District.objects.filter(pk__in=standing.districts).values("station")
    visible = BoundaryRelease.objects.visible_to(user)
    return visible.filter(station__in=standing.stations) | visible.filter(station__in=through)


def to_come(user: User) -> BoundaryReleaseQuerySet:
    """Return drafts and scheduled releases: first what has a date, the soonest first, then the newest draft."""
    begins_later = releases_of(user).filter(period__startswith__gt=timezone.now())
    found = releases_of(user).drafts() | begins_later
    return found.select_related("station").order_by("period", "-created_at", "-pk")
