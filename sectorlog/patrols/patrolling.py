"""Patrols begin, stop, and are mended: one tap each, one at a time (handbook, How to perform the task, 6)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.sending import notify
from officers.models import Officer, PatrolForm
from sectorlog.models import Patrol

if TYPE_CHECKING:
    from officers.models import User
    from sectors.models import Sector

# Nobody is out for longer: a patrol that still runs then was forgotten, and ends by itself.
LONGEST = datetime.timedelta(hours=12)
# For so long after its end may the officer say when a patrol really ended.
MENDABLE_FOR = datetime.timedelta(hours=24)


class OnPatrolAlready(Exception):
    """The officer is out already; `patrol` is the one that runs."""

    def __init__(self, patrol: Patrol) -> None:
        super().__init__(patrol)
        self.patrol = patrol


def start(user: User, sector: Sector, form: str, at: datetime.datetime | None = None) -> Patrol:
    """Begin a patrol. Raises OnPatrolAlready, also for two taps at the same moment: the database refuses one."""
    now = at or timezone.now()
    end_forgotten(now, of=user)
    if running := running_of(user):
        raise OnPatrolAlready(running)
    try:
        with transaction.atomic():
            return Patrol.objects.create(
                user=user, sector=sector, form=form, period=DateTimeTZRange(now, None, "[)")
            )
    except IntegrityError:
        running = running_of(user)
        if running is None:
            raise
        raise OnPatrolAlready(running) from None


def running_of(user: User) -> Patrol | None:
    return Patrol.objects.running().filter(user=user).select_related("sector").first()


def usual_form(user: User) -> str:
    """Return the officer's usual form of patrol; on foot for an account without an officer."""
    form = Officer.objects.filter(user=user).values_list("patrol_form", flat=True).first()
    return str(form or PatrolForm.FOOT)


def stop(patrol: Patrol, at: datetime.datetime | None = None) -> Patrol:
    """End the patrol, after LONGEST at the latest. A second tap on Stop changes nothing."""
    with transaction.atomic():
        locked = Patrol.objects.select_for_update().get(pk=patrol.pk)
        if locked.period.upper is None:
            _end(locked, min(at or timezone.now(), locked.period.lower + LONGEST))
    return locked


def _end(patrol: Patrol, instant: datetime.datetime) -> None:
    # Stopped within the same microsecond there would be nothing left of it.
    ends = max(instant, patrol.period.lower + datetime.timedelta(seconds=1))
    patrol.period = DateTimeTZRange(patrol.period.lower, ends, "[)")
    patrol.save(update_fields=["period"])


def end_forgotten(at: datetime.datetime | None = None, *, of: User | None = None) -> int:
    """End what has run for LONGEST, at that instant, and write to the officers. Returns how many those were.

    Those that somebody is stopping at this moment are left to them.
    """
    overdue = Patrol.objects.running().filter(period__startswith__lte=(at or timezone.now()) - LONGEST)
    if of is not None:
        overdue = overdue.filter(user=of)
    with transaction.atomic():
        forgotten = list(overdue.select_for_update(of=("self",), skip_locked=True).select_related("user"))
        for patrol in forgotten:
            _end(patrol, patrol.period.lower + LONGEST)
            _ask_for_end(patrol)
    return len(forgotten)


def _ask_for_end(patrol: Patrol) -> None:
    """Write to the officer that their patrol was ended, and until when they can say when it really was."""
    # The mail finds the page in its own language from the default's.
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("sectorlog:patrol_mend", args=[patrol.uuid])
    context = {
        "began": patrol.period.lower,
        "mend_until": patrol.period.upper + MENDABLE_FOR,
        "path": path,
    }
    notify("sectorlog.patrol_ended", to_user=patrol.user, context=context)


def was_forgotten(patrol: Patrol) -> bool:
    """Whether it ended by itself and nobody has said since when it really did."""
    return patrol.period.upper is not None and patrol.period.upper - patrol.period.lower == LONGEST


def may_mend(user: User, patrol: Patrol, at: datetime.datetime | None = None) -> bool:
    """Whoever was on the patrol, for 24 hours from its end."""
    ends = patrol.period.upper
    return patrol.user_id == user.pk and ends is not None and (at or timezone.now()) < ends + MENDABLE_FOR


def mend(patrol: Patrol, ends: datetime.datetime, at: datetime.datetime | None = None) -> None:
    """Set when the patrol really ended. Raises ValidationError, with a sentence, for an end that cannot be."""
    began = patrol.period.lower
    if ends <= began:
        raise ValidationError(
            _("The patrol began on %(began)s. It ended later than that.")
            % {"began": date_format(timezone.localtime(began), "DATETIME_FORMAT")}
        )
    if ends > (at or timezone.now()):
        raise ValidationError(_("This lies in the future. Look at the date and the time."))
    if ends > began + LONGEST:
        raise ValidationError(_("A patrol lasts 12 hours at most. Look at the date and the time."))
    patrol.period = DateTimeTZRange(began, ends, "[)")
    try:
        with transaction.atomic():
            patrol.save(update_fields=["period"])
    except IntegrityError:
        raise ValidationError(
            _("Your next patrol had begun by then. Look at the date and the time.")
        ) from None
