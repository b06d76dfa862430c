"""Challenges: what troubles a sector, how it goes on, and how it ended (handbook, How to perform the task, 10)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import Unit, in_reach_of
from sectorlog.models.groups import TargetGroup
from sectorlog.models.parties import Party, flagged_to
from sectorlog.models.retention import Reviewed, ReviewedQuerySet
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User


class ChallengeQuerySet(ReviewedQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> ChallengeQuerySet:
        return self.filter(in_reach_of(user, at=at))

    def flagged_to(self, user: User, at: datetime.datetime) -> ChallengeQuerySet:
        """Return what is flagged for a unit whose contact `user` is in the challenge's sector."""
        return self.filter(flagged_to(user, at))

    def open(self) -> ChallengeQuerySet:
        return self.filter(closed_at=None)


class Challenge(Reviewed):
    """A trouble that lasts: described, weighed, followed by notes and entries, closed with what came of it."""

    class Severity(models.IntegerChoices):
        MINOR = 1, _("minor")
        SERIOUS = 2, _("serious")
        GRAVE = 3, _("grave")

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="challenges", verbose_name=_("sector"))
    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(_("description"), max_length=8000, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, default=Severity.SERIOUS)
    groups = models.ManyToManyField(
        TargetGroup, blank=True, related_name="challenges", verbose_name=_("target groups concerned")
    )
    parties = models.ManyToManyField(
        Party, blank=True, related_name="challenges", verbose_name=_("parties concerned")
    )
    flagged_for = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shared with the unit"),
        help_text=_("The unit's contact person in the sector can read this."),
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("opened by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    result = models.TextField(_("result"), max_length=4000, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ("-severity", "-opened_at")
        indexes = [models.Index(fields=("sector", "closed_at"), name="challenge_of_sector")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(result=""),
                name="challenge_closed_with_result",
                violation_error_message=_("Say what came of it before you close the challenge."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgressNote(models.Model):
    """A step of a challenge's history, in words. Added to, never changed."""

    challenge = models.ForeignKey(Challenge, models.CASCADE, related_name="notes")
    text = models.TextField(_("what happened"), max_length=4000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ("-at",)
