"""Patrols: on foot or bicycle first, in a vehicle second (handbook, How to perform the task, 6)."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officers.models import PatrolForm, in_reach_of
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User


class PatrolQuerySet(models.QuerySet["Patrol"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> PatrolQuerySet:
        return self.filter(in_reach_of(user, at=at) | Q(user=user))

    def running(self) -> PatrolQuerySet:
        return self.filter(period__upper_inf=True)


class Patrol(models.Model):
    """An officer out in a sector, from start to stop. Nobody is on two patrols at once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="patrols", verbose_name=_("officer")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="patrols", verbose_name=_("sector"))
    form = models.CharField(_("form of patrol"), max_length=7, choices=PatrolForm)
    period = DateTimeRangeField(_("from and until"))

    objects = PatrolQuerySet.as_manager()

    class Meta:
        verbose_name = _("patrol")
        verbose_name_plural = _("patrols")
        ordering = ("-period",)
        indexes = [models.Index(fields=("sector", "period"), name="patrol_of_sector")]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inc=True, period__upper_inc=False),
                name="patrol_has_beginning",
                violation_error_message=_("A patrol ends later than it begins."),
            ),
            ExclusionConstraint(
                name="patrol_one_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("You are on patrol already. Stop that one first."),
            ),
        ]
