"""Target groups: whom a sector's officers are there for, described, with an agreed interval of contact.

Rule: handbook, The target group: nobody is overlooked, attention follows the estimated need.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import in_reach_of
from sectors.models import Sector, Station

if TYPE_CHECKING:
    from officers.models import User

# The handbook's nine; their names are translated, those that a head adds stand as they were written.
HANDBOOK_GROUPS = {
    "young": _("Children and young adults"),
    "exposed-housing": _("Residents of particularly exposed housing areas"),
    "gangs": _("Gang-related individuals"),
    "trade": _("Tradespeople"),
    "clubs": _("Clubs and associations"),
    "road-users": _("Road-users"),
    "housing-associations": _("Housing associations and co-operative housing societies"),
    "house-owners": _("House owners' associations"),
    "homeless": _("Homeless people"),
}


class TargetGroupQuerySet(models.QuerySet["TargetGroup"]):
    def of_station(self, station: Station | int) -> TargetGroupQuerySet:
        """Return the handbook's groups and those that the station's head added, without the retired."""
        return self.filter(Q(station=None) | Q(station=station), retired_at=None)

    def headed_by(self, user: User) -> TargetGroupQuerySet:
        """Return the groups that `user` added or could have: those of the stations that they head."""
        return self.filter(station__in=user.standing.stations)


class TargetGroup(models.Model):
    """A group of citizens. The handbook's nine belong to every station, others to the one whose head added them.

    A group is never deleted: entries name it. Retired, it is offered no more.
    """

    station = models.ForeignKey(
        Station,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="target_groups",
        verbose_name=_("station"),
    )
    slug = models.SlugField(_("slug"), max_length=60)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects = TargetGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        ordering = ("position", "name")
        constraints = [
            models.UniqueConstraint(
                Coalesce("station", Value(0), output_field=models.BigIntegerField()),
                "slug",
                name="targetgroup_slug_once",
                violation_error_message=_("The station has a group of this name."),
            ),
        ]

    def __str__(self) -> str:
        return str(HANDBOOK_GROUPS[self.slug]) if self.is_of_handbook else self.name

    @property
    def is_of_handbook(self) -> bool:
        return self.station_id is None and self.slug in HANDBOOK_GROUPS


class GroupInSectorQuerySet(models.QuerySet["GroupInSector"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> GroupInSectorQuerySet:
        """Return those of one's present sectors, of the districts and of the stations that one heads."""
        return self.filter(in_reach_of(user, at=at))


class GroupInSector(models.Model):
    """What a sector has agreed for a target group: description, estimated need, interval of contact.

    A sector without this row for a group has not agreed on anything: the matrix says so.
    """

    class Need(models.IntegerChoices):
        LOW = 1, _("low")
        MEDIUM = 2, _("medium")
        HIGH = 3, _("high")

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="groups", verbose_name=_("sector"))
    group = models.ForeignKey(
        TargetGroup, models.PROTECT, related_name="in_sectors", verbose_name=_("target group")
    )
    description = models.TextField(
        _("description"),
        blank=True,
        max_length=4000,
        help_text=_("Who they are here, where they meet, what matters to them."),
    )
    need = models.PositiveSmallIntegerField(_("estimated need"), choices=Need, default=Need.MEDIUM)
    interval_days = models.PositiveSmallIntegerField(
        _("agreed interval of contact"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("In days: after so many without a contact the group counts as neglected."),
    )
    agreed_at = models.DateTimeField(_("agreed"), default=timezone.now, editable=False)

    objects = GroupInSectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("target group of a sector")
        verbose_name_plural = _("target groups of sectors")
        ordering = ("sector", "group")
        constraints = [
            models.UniqueConstraint(fields=("sector", "group"), name="groupinsector_once"),
            models.CheckConstraint(
                condition=Q(interval_days__gte=1, interval_days__lte=365),
                name="groupinsector_interval_within_a_year",
                violation_error_message=_("Agree on an interval between 1 and 365 days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector}: {self.group}"


class GroupStatus(models.Model):
    """How things stand with a group in a sector, as somebody saw it on a day. Added to, never changed."""

    in_sector = models.ForeignKey(GroupInSector, models.PROTECT, related_name="statuses")
    note = models.TextField(_("status"), max_length=4000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("status of a target group")
        verbose_name_plural = _("statuses of target groups")
        ordering = ("-at",)
