"""The directory of partners: whom the police work with outside (handbook: SSP, press, media). Internal."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sectors.models import District, Station

if TYPE_CHECKING:
    from officers.models import User


class PartnerContactQuerySet(models.QuerySet["PartnerContact"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> PartnerContactQuerySet:
        """Return those of the stations in which one works."""
        return self.filter(station__in=user.standing_at(at).home)

    def headed_by(self, user: User, *, at: datetime.datetime | None = None) -> PartnerContactQuerySet:
        """Return those one keeps: a station's head all of it, a district's head those of the district."""
        standing = user.standing_at(at)
        return self.filter(Q(station__in=standing.stations) | Q(district__in=standing.districts))


class PartnerContact(models.Model):
    """A person or office outside the police: for a station, or one of its districts. Kept by the heads."""

    class Kind(models.TextChoices):
        SSP = "ssp", _("SSP (schools, social services, police)")
        MUNICIPALITY = "municipality", _("municipality")
        SOCIAL = "social", _("social services")
        SCHOOL = "school", _("schools and youth clubs")
        HOUSING = "housing", _("housing")
        PRESS = "press", _("press and media")
        TRADE = "trade", _("trade")
        OTHER = "other", _("other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="partner_contacts", verbose_name=_("station")
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partner_contacts",
        verbose_name=_("local police district"),
        help_text=_("Empty: all of the station."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    organisation = models.CharField(_("organisation"), max_length=150)
    name = models.CharField(_("name"), max_length=100, blank=True)
    role = models.CharField(_("function"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.CharField(_("when and what for"), max_length=500, blank=True)
    confirmed_on = models.DateField(_("last confirmed"), default=timezone.localdate)

    objects = PartnerContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("kind", "organisation", "name")
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""),
                name="partnercontact_can_be_reached",
                violation_error_message=_("Give a telephone number or an e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.organisation) if part)
