"""One mail for each head and officer on Monday morning, with counts and a link alone."""

from __future__ import annotations

import datetime
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from notifications.models import Notification
from notifications.sending import notify
from officers.models import Assignment, Cover, Leadership, User
from overview.attention import ItemKind
from overview.digest.counting import Digest, digest_of

logger = logging.getLogger(__name__)

EVENT = "overview.digest"
# After the morning's briefing sheets, by the clock of the place.
MONDAY, MORNING = 0, datetime.time(6, 45)


def send_digests(now: datetime.datetime | None = None) -> int:
    """Tell each head and officer what the week begins with; return how many were told.

    On a Monday, from a quarter to seven on; at any other time nobody. An account is told once a day, as soon as there
    is something to tell, however many workers do this at once. What fails for one account is written down and keeps
    nothing from the others; it is tried again each hour of the morning.
    """
    instant = now or timezone.now()
    local = timezone.localtime(instant)
    if local.weekday() != MONDAY or local.time() < MORNING:
        return 0
    return sum(_is_told(key, local.date()) for key in _accounts(instant))


def _accounts(at: datetime.datetime) -> list[int]:
    """Return the accounts, switched on, of who heads, is appointed or covers: each once."""
    told = (
        Q(pk__in=Leadership.objects.active_at(at).values("user"))
        | Q(pk__in=Assignment.objects.active_at(at).values("officer__user"))
        | Q(pk__in=Cover.objects.active_at(at).values("officer__user"))
    )
    return list(User.objects.filter(told, is_active=True).order_by("pk").values_list("pk", flat=True))


def _is_told(key: int, day: datetime.date) -> bool:
    try:
        return _tell(key, day)
    except Exception:
        logger.exception("The Monday mail of account %s could not be written", key)
        return False


@transaction.atomic
def _tell(key: int, day: datetime.date) -> bool:
    # Of two workers the second waits here, and finds what the first wrote.
    user = User.objects.select_for_update(no_key=True).get(pk=key)
    if Notification.objects.filter(recipient=user, event=EVENT, context__contains={"day": day}).exists():
        return False
    found = digest_of(user, day)
    if found is None:
        return False
    notify("overview.digest", to_user=user, context=_context(found, day))
    return True


def _context(found: Digest, day: datetime.date) -> dict[str, object]:
    # The mail finds the page in its own language from the default's.
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("overview:home" if found.is_head else "overview:attention")
    late = {kind.value: found.late.get(kind, 0) for kind in ItemKind}
    return {
        "day": day,
        "is_head": found.is_head,
        "gaps": found.gaps,
        "late": found.total_late,
        "path": path,
        **late,
    }
