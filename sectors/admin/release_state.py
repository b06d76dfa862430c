"""Where a boundary release stands in its life, in words, and what it follows."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from sectors.instants import instant_text
from sectors.models import BoundaryRelease


def state_text(release: BoundaryRelease) -> str:
    """Say whether a release is a draft, comes into force, is in force, or was."""
    if release.period is None:
        return gettext("Draft")
    begins = instant_text(release.period.lower)
    ends = instant_text(release.period.upper) if release.period.upper else ""
    state = release.state
    if state == "scheduled":
        return gettext("Comes into force on %(begins)s") % {"begins": begins}
    if state == "past":
        return gettext("Was in force from %(begins)s to %(ends)s") % {"begins": begins, "ends": ends}
    if ends:
        return gettext("In force since %(begins)s, until %(ends)s") % {"begins": begins, "ends": ends}
    return gettext("In force since %(begins)s") % {"begins": begins}


def release_url(release: BoundaryRelease) -> str:
    return reverse("admin:sectors_boundaryrelease_change", args=[release.pk])


def predecessor(release: BoundaryRelease, at: datetime.datetime | None = None) -> BoundaryRelease | None:
    """Return what `release` takes over from: for a draft the release in force at `at`, now by default."""
    siblings = BoundaryRelease.objects.filter(station=release.station_id).exclude(pk=release.pk)
    if release.period is None:
        return siblings.active_at(at or timezone.now()).first()
    return siblings.filter(period__endswith=release.period.lower).first()
