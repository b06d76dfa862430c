"""Joint efforts: what several sectors and units do together (handbook, The task: targeted efforts)."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import Liaison, Unit, in_reach_of
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User


class EffortQuerySet(models.QuerySet["Effort"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> EffortQuerySet:
        """Return efforts in at least one of the sectors whose log one reads, and those with a task of one's own.

        A task opens the effort to the contact in one of its sectors of a unit that takes part: while both run.
        """
        through = Effort.sectors.through.objects.filter(in_reach_of(user, at=at))
        own = EffortTask.objects.filter(who=user).of_contacts(user, at=at)
        return self.filter(Q(pk__in=through.values("effort")) | Q(pk__in=own.values("effort")))

    def running(self) -> EffortQuerySet:
        return self.filter(closed_at=None)


class Effort(models.Model):
    """A joint effort: a goal, the sectors and units that take part, a plan of tasks, an evaluation at the end."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    goal = models.TextField(
        _("goal"), max_length=4000, help_text=_("What will be different when it is done?")
    )
    sectors = models.ManyToManyField(Sector, related_name="efforts", verbose_name=_("sectors"))
    units = models.ManyToManyField(Unit, blank=True, related_name="efforts", verbose_name=_("units"))
    begins_on = models.DateField(_("begins"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("planned by"),
    )
    evaluation = models.TextField(_("evaluation"), max_length=8000, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = EffortQuerySet.as_manager()

    class Meta:
        verbose_name = _("joint effort")
        verbose_name_plural = _("joint efforts")
        ordering = ("-begins_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                name="effort_ends_after_it_begins",
                violation_error_message=_("An effort ends on the day it begins, or later."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(evaluation=""),
                name="effort_closed_with_evaluation",
                violation_error_message=_("Write an evaluation before you close the effort."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EffortTaskQuerySet(models.QuerySet["EffortTask"]):
    def open(self) -> EffortTaskQuerySet:
        """Return those that are still to be done, of efforts that run."""
        return self.filter(done_at=None, effort__closed_at=None)

    def of_contacts(self, user: User, *, at: datetime.datetime | None = None) -> EffortTaskQuerySet:
        """Return open tasks of efforts where `user` is the contact, in one of its sectors, of a unit taking part."""
        contact = Liaison.objects.active_at(at or timezone.now()).filter(
            user=user,
            user__is_active=True,
            sector__efforts=OuterRef("effort"),
            unit__efforts=OuterRef("effort"),
        )
        return self.open().filter(Exists(contact))


class EffortTask(models.Model):
    """A task of an effort's plan: what, who, by when; `unit` where a unit does it, whoever that will be."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    effort = models.ForeignKey(Effort, models.CASCADE, related_name="tasks", verbose_name=_("joint effort"))
    what = models.CharField(_("what"), max_length=200)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = EffortTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task of an effort")
        verbose_name_plural = _("tasks of efforts")
        ordering = ("done_at", "due_on", "pk")
