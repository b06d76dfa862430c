"""The contributions of a station's handbook as its editors work them off: the oldest first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from handbook.models import Chapter, Contribution, ContributionStep
from handbook.models.contributions import ContributionQuerySet
from officers.models import User
from sectors.models import Station

OPEN, DECIDED = "open", "decided"


def queue(user: User, station: Station) -> ContributionQuerySet:
    """Return what the editor or reviewer sees of what was contributed to the handbook."""
    of_station = Contribution.objects.visible_to(user).filter(passage__station=station)
    return of_station.exclude(state=Contribution.State.WITHDRAWN)


def in_order(found: ContributionQuerySet, show: str) -> ContributionQuerySet:
    """Return the open ones, longest waiting first, or those that are decided, the newest first.

    Each row says since when a question is open (`asked_at`), when the last one was answered (`answered_at`), and who
    has taken it up (`taken_up_by`).
    """
    if show == DECIDED:
        found = found.exclude(state__in=Contribution.OPEN).order_by("-decided_at", "-pk")
    else:
        found = found.open().order_by("submitted_at", "pk")
    kinds = ContributionStep.Kind
    return found.annotate(
        asked_at=_last(kinds.ASKED, "at"),
        answered_at=_last(kinds.ANSWERED, "at"),
        taken_up_by=_last(kinds.TAKEN_UP, "by__name"),
    )


def with_places(found: ContributionQuerySet) -> QuerySet[Contribution]:
    """Fetch along what the rows say besides: place in the handbook, sector."""
    chapters = Prefetch("passage__chapter", Chapter.objects.with_text())
    return found.select_related("passage__station", "sector").prefetch_related(chapters)


def chapters_of(found: ContributionQuerySet) -> Iterable[Chapter]:
    """Return the chapters that something was contributed to, in their order, those that were left out too."""
    keys = found.order_by().values("passage__chapter")
    return Chapter.objects.filter(pk__in=keys).with_text().order_by("left_out_at", "position")


def _last(kind: str, name: str) -> Subquery:
    steps = ContributionStep.objects.filter(contribution=OuterRef("pk"), kind=kind)
    return Subquery(steps.order_by("-pk").values(name)[:1])
