"""Boundary releases: the division of a station's area into sectors, drafted, checked and published on a date."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import IsValid
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sectors.models.organisation import Sector, Station

if TYPE_CHECKING:
    from officers.models import User


class BoundaryReleaseQuerySet(models.QuerySet["BoundaryRelease"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> BoundaryReleaseQuerySet:
        """Return the releases of the stations that one heads or works in; a reviewer's are all."""
        standing = user.standing_at(at)
        return self if standing.is_reviewer else self.filter(station__in=standing.stations | standing.home)

    def drafts(self) -> BoundaryReleaseQuerySet:
        return self.filter(period=None)

    def active_at(self, instant: datetime.datetime) -> BoundaryReleaseQuerySet:
        return self.filter(period__contains=instant)

    def in_force_from(self, instant: datetime.datetime) -> BoundaryReleaseQuerySet:
        """Return the releases that are in force at `instant` or come into force later."""
        return self.filter(Q(period__endswith__gt=instant) | Q(period__upper_inf=True))


class BoundaryRelease(models.Model):
    """One division of a station's area into sectors.

    Begins as a draft (`period` empty), imported from a file or drawn on the map. Publishing gives it a period and
    ends that of its predecessor in the same transaction; from then on neither it nor its boundaries change. Which
    release is in force follows from the clock alone: no job has to run at the instant of the change.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="releases", verbose_name=_("station"))
    name = models.CharField(_("name"), max_length=100)
    source = models.CharField(_("drawn from"), max_length=200, blank=True)
    period = DateTimeRangeField(_("in force"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # Set when every address knows its sector by this release; empty while the worker is on its way.
    resectored_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BoundaryReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("boundary release")
        verbose_name_plural = _("boundary releases")
        ordering = ("station", "-created_at")
        constraints = [
            ExclusionConstraint(
                name="release_one_in_force_per_station",
                expressions=[("station", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("Another release of this station is in force in this period."),
            ),
            models.CheckConstraint(
                condition=Q(period__isnull=True)
                | Q(
                    period__isempty=False,
                    period__lower_inc=True,
                    period__upper_inc=False,
                    published_at__isnull=False,
                ),
                name="release_published_has_beginning",
                violation_error_message=_("A published release needs an instant at which it begins."),
            ),
        ]
        permissions = [("publish_boundaryrelease", "Can publish a boundary release")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.period is None

    def state_at(self, instant: datetime.datetime) -> str:
        """Return "draft", "scheduled", "active" or "past"."""
        if self.period is None:
            return "draft"
        if self.period.lower > instant:
            return "scheduled"
        if self.period.upper is not None and self.period.upper <= instant:
            return "past"
        return "active"

    @property
    def state(self) -> str:
        return self.state_at(timezone.now())


class BoundaryQuerySet(models.QuerySet["Boundary"]):
    def active_at(self, instant: datetime.datetime) -> BoundaryQuerySet:
        return self.filter(release__period__contains=instant)


class Boundary(models.Model):
    """Where one sector lies in one release: a valid multipolygon in degrees (EPSG:4326).

    The database refuses to change or delete the boundaries of a release that has been published.
    """

    release = models.ForeignKey(BoundaryRelease, models.CASCADE, related_name="boundaries")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="boundaries", verbose_name=_("sector"))
    area = models.MultiPolygonField(_("area"), srid=4326)

    objects = BoundaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")
        ordering = ("sector__number",)
        constraints = [
            models.UniqueConstraint(
                fields=("release", "sector"),
                name="boundary_once_per_release_and_sector",
                violation_error_message=_("This release draws this sector already."),
            ),
            models.CheckConstraint(
                condition=IsValid("area"),
                name="boundary_area_is_valid",
                violation_error_message=_("The boundary crosses itself. Move the point where it does."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.sector)


class Neighbour(models.Model):
    """Two sectors that touch in a release, across districts too; kept in both directions.

    Computed when a release is published: cover in holidays is asked of neighbours first (handbook, The sectors).
    """

    release = models.ForeignKey(BoundaryRelease, models.CASCADE, related_name="neighbours")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="neighbour_links")
    other = models.ForeignKey(Sector, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("release", "sector", "other"), name="neighbour_once_per_release"),
            models.CheckConstraint(condition=~Q(sector=F("other")), name="neighbour_is_another_sector"),
        ]

    def __str__(self) -> str:
        return f"{self.sector} – {self.other}"
