"""Who is organised how: a station has districts, a district has sectors (handbook, How to perform the task, 1)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sectors.spelling import slug_of

if TYPE_CHECKING:
    from officers.models import User


class StationQuerySet(models.QuerySet["Station"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> StationQuerySet:
        """Return the stations that `user` heads at the instant `at`, now by default; an administrator's are all."""
        standing = user.standing_at(at)
        return self if standing.sees_all_accounts else self.filter(pk__in=standing.stations)

    def headed_by(self, user: User) -> StationQuerySet:
        """Return what `user` may act on as a station's head: to see is not to change."""
        return self.filter(pk__in=user.standing.stations)


class Station(models.Model):
    """A police station and what a citizen needs to reach it when no single officer can be named.

    Made by an administrator, or by `import_boundaries --create-station`. Several stations live side by side.
    """

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("street address"), max_length=200, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class DistrictQuerySet(models.QuerySet["District"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> DistrictQuerySet:
        """Return a station head's districts and the ones headed; all for administrator and reviewer."""
        standing = user.standing_at(at)
        if standing.sees_all_accounts:
            return self
        return self.filter(Q(station__in=standing.stations) | Q(pk__in=standing.districts))

    def headed_by(self, user: User) -> DistrictQuerySet:
        """Return what `user` may act on as a station's head."""
        return self.filter(station__in=user.standing.stations)


class District(models.Model):
    """A local police district: the part of a station's area under one head, reached when a sector is vacant."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="districts", verbose_name=_("station"))
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name in addresses"), max_length=60)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("local police district")
        verbose_name_plural = _("local police districts")
        ordering = ("station", "name")
        constraints = [
            models.UniqueConstraint(
                fields=("station", "slug"),
                name="district_slug_once_per_station",
                violation_error_message=_("This station has a district with this short name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SectorQuerySet(models.QuerySet["Sector"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> SectorQuerySet:
        """Return what heads and analysts have of their station or district, officers of their present sectors."""
        standing = user.standing_at(at)
        if standing.is_reviewer:
            return self
        return self.filter(
            Q(station__in=standing.stations | standing.stations_as("analyst"))
            | Q(district__in=standing.districts)
            | Q(pk__in=standing.sectors)
        )

    def headed_by(self, user: User) -> SectorQuerySet:
        """Return what `user` may act on as a station's head."""
        return self.filter(station__in=user.standing.stations)

    def in_force_at(self, instant: datetime.datetime) -> SectorQuerySet:
        """Return the sectors that a boundary release in force at `instant` draws."""
        return self.filter(boundaries__release__period__contains=instant)


class SectorManager(models.Manager.from_queryset(SectorQuerySet)):  # type: ignore[misc]  # built at run time
    def create_numbered(self, *, district: District, number: int, name: str) -> Sector:
        """Create a sector whose slug is made from its name, and told apart by its number where the name is taken."""
        stem = slug_of(name)[:60] or "sector"
        candidates = (stem, f"{stem}-{number}", f"{stem}-{number}-{district.station.slug}")
        taken = set(self.filter(slug__in=candidates).values_list("slug", flat=True))
        slug = next(candidate for candidate in candidates if candidate not in taken)
        return self.create(station=district.station, district=district, number=number, name=name, slug=slug)


class Sector(models.Model):
    """The smallest part of the city, with one responsible officer whom people know by name.

    A sector keeps its identity (station and number) while its boundaries change from release to release; it is
    in force while a release in force draws it. Sectors are never deleted once a release has been published.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="sectors", verbose_name=_("station"))
    district = models.ForeignKey(
        District, models.PROTECT, related_name="sectors", verbose_name=_("local police district")
    )
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("short name in addresses"), max_length=150, unique=True)

    objects = SectorManager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ("station", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("station", "number"),
                name="sector_number_once_per_station",
                violation_error_message=_("This station has a sector with this number already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("contacts:sector_detail", args=[self.slug])
