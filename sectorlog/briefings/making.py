"""Making briefings: each weekday morning by itself, and by heads for any period (handbook, 11)."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from notifications.sending import notify
from officers.models import Assignment, Leadership, User
from sectorlog.models import Briefing
from sectors.models import District

# When the morning's sheet is made, by the clock of the place; and after how long nobody looks further back.
MORNING, LONGEST_GAP = datetime.time(6, 30), datetime.timedelta(days=7)
SATURDAY = 5
LONGEST = datetime.timedelta(days=31)


def make_morning_briefings(now: datetime.datetime | None = None) -> int:
    """Make the sheet of this morning for every district and tell its head and officers. Returns how many were made.

    On a weekday, from half past six on; at any other time nothing. Run twice, the second makes nothing.
    """
    instant = timezone.localtime(now or timezone.now())
    ends = timezone.make_aware(datetime.datetime.combine(instant.date(), MORNING))
    if instant.weekday() >= SATURDAY or instant < ends:
        return 0
    return sum(_make_morning(district, ends) for district in District.objects.select_related("station"))


@transaction.atomic
def _make_morning(district: District, ends: datetime.datetime) -> bool:
    briefing, is_new = Briefing.objects.get_or_create(
        district=district, ends_at=ends, made_by=None, defaults={"begins_at": _since(district, ends)}
    )
    if is_new:
        for user in readers_of(district, ends):
            notify("sectorlog.briefing_made", to_user=user, context=_context(briefing))
    return is_new


def _since(district: District, ends: datetime.datetime) -> datetime.datetime:
    """Return where the last morning's sheet ended: Monday's covers the weekend, and no missed day is lost."""
    mornings = Briefing.objects.filter(
        district=district, made_by=None, ends_at__lt=ends, ends_at__gte=ends - LONGEST_GAP
    )
    last = mornings.order_by("-ends_at").values_list("ends_at", flat=True).first()
    if last is not None:
        return last
    day = timezone.localdate(ends) - datetime.timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day -= datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, MORNING))


def readers_of(district: District, at: datetime.datetime) -> list[User]:
    """Return the accounts of the district's head and of the officers who are appointed in it."""
    heads = Leadership.objects.active_at(at).filter(district=district)
    officers = Assignment.objects.active_at(at).filter(sector__district=district)
    told = Q(pk__in=heads.values("user")) | Q(pk__in=officers.values("officer__user"))
    return list(User.objects.filter(told, is_active=True).order_by("pk"))


def make(district: District, first: datetime.date, last: datetime.date, *, by: User) -> Briefing:
    """Make a sheet of the days from `first` to `last`, both included. Nobody is told."""
    midnight = datetime.time()
    begins = timezone.make_aware(datetime.datetime.combine(first, midnight))
    ends = timezone.make_aware(datetime.datetime.combine(last + datetime.timedelta(days=1), midnight))
    briefing: Briefing = Briefing.objects.create(
        district=district, begins_at=begins, ends_at=ends, made_by=by
    )
    return briefing


def _context(briefing: Briefing) -> dict[str, object]:
    # The mail finds the page in its own language from the default's.
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("sectorlog:briefing_detail", args=[briefing.uuid])
    return {"district": briefing.district.name, "day": timezone.localdate(briefing.ends_at), "path": path}
