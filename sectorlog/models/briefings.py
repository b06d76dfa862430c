"""Briefing sheets: what changed in a district over a period (handbook, How to perform the task, 11)."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sectors.models import District, Sector

if TYPE_CHECKING:
    from officers.models import User

# Times near the calendar's ends cannot be told in local time: one such row would break the list.
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def visible_to(self, user: User) -> BriefingQuerySet:
        """Return those of the districts that one heads, as district's or station's head, or has a sector in."""
        standing = user.standing
        own = Sector.objects.filter(pk__in=standing.sectors).values("district")
        return self.filter(
            Q(district__in=standing.districts)
            | Q(district__station__in=standing.stations)
            | Q(district__in=own)
        )


class Briefing(models.Model):
    """A district's sheet for a period. It holds the period alone: what changed is read anew for each reader.

    So nothing is copied out of the log, each reader sees what their rights show, and what is erased is gone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(
        District, models.PROTECT, related_name="briefings", verbose_name=_("local police district")
    )
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
        help_text=_("Empty: made in the morning by itself."),
    )

    objects = BriefingQuerySet.as_manager()

    class Meta:
        verbose_name = _("briefing sheet")
        verbose_name_plural = _("briefing sheets")
        ordering = ("-ends_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="briefing_ends_after_it_begins",
                violation_error_message=_("The period ends later than it begins."),
            ),
            models.CheckConstraint(
                condition=Q(begins_at__gte=EARLIEST),
                name="briefing_begins_in_our_time",
                violation_error_message=_("This day is too long ago. Choose a later one."),
            ),
            models.UniqueConstraint(
                fields=("district", "ends_at"),
                condition=Q(made_by=None),
                name="briefing_once_each_morning",
            ),
        ]

    def __str__(self) -> str:
        return str(self.district)
