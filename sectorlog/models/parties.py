"""Parties of interest: whom a sector's officers know and visit, and who speaks for them (handbook, 8 and 10)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import Unit, in_reach_of
from sectorlog.models.groups import TargetGroup
from sectorlog.models.retention import Reviewed, ReviewedQuerySet
from sectors.instants import instant_of
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User


class ContactPersonQuerySet(ReviewedQuerySet):
    """Contact persons, by the day on which they are reviewed."""


class PartyQuerySet(ReviewedQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> PartyQuerySet:
        """Return those of one's present sectors, and of the districts and stations that one heads."""
        return self.filter(in_reach_of(user, at=at))

    def flagged_to(self, user: User, at: datetime.datetime) -> PartyQuerySet:
        """Return what is flagged for a unit whose contact `user` is in the party's sector."""
        return self.filter(flagged_to(user, at))

    def current(self) -> PartyQuerySet:
        """Leave out what has left the sector and what was found to be another one."""
        return self.filter(gone_at=None, merged_into=None)

    def due_by(self, day: datetime.date) -> PartyQuerySet:
        """Return those whose visit is due by the day, and some that are due on the next.

        What is kept is the hour, which is another one where the clock changed since the last contact.
        """
        last = instant_of(day + datetime.timedelta(days=2))
        return self.current().filter(interval_days__isnull=False, kept_contact__visit_due_at__lt=last)


class Party(Reviewed):
    """A shop, an association, an institution, a club or a network that a sector's officers know.

    Entered by the sector's officers or imported from a file; one that turns out to be another is merged into it
    and stays as a pointer. It belongs to its sector, whatever is redrawn later.
    """

    class Kind(models.TextChoices):
        TRADE = "trade", _("tradesperson")
        HOUSING = "housing", _("housing association or co-operative")
        OWNERS = "owners", _("house owners' association")
        INSTITUTION = "institution", _("institution")
        SCHOOL = "school", _("school or day care")
        CLUB = "club", _("club or association")
        NETWORK = "network", _("network")
        OTHER = "other", _("other party")

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="parties", verbose_name=_("sector"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.OTHER)
    name = models.CharField(_("name"), max_length=150)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.PointField(_("place"), srid=4326, null=True, blank=True)
    note = models.TextField(_("what to know"), max_length=4000, blank=True)
    interval_days = models.PositiveSmallIntegerField(
        _("agreed interval of visits"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("In days. Empty: visited when there is a reason."),
    )
    groups = models.ManyToManyField(
        TargetGroup, blank=True, related_name="parties", verbose_name=_("target groups")
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
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    gone_at = models.DateTimeField(_("gone"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="merged"
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party of interest")
        verbose_name_plural = _("parties of interest")
        ordering = ("name",)
        indexes = [
            models.Index(fields=("sector", "name"), name="party_of_sector"),
            # Who is to be visited, few of all parties, is found from this index alone.
            models.Index(
                fields=("sector",),
                include=("id", "created_at", "interval_days"),
                condition=Q(interval_days__isnull=False, gone_at=None, merged_into=None),
                name="party_to_visit",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(interval_days=None) | Q(interval_days__gte=1, interval_days__lte=730),
                name="party_interval_within_two_years",
                violation_error_message=_("Agree on an interval between 1 and 730 days."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="party_is_not_its_own_double"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContactPerson(Reviewed):
    """Who speaks for a party."""

    party = models.ForeignKey(
        Party, models.CASCADE, related_name="contacts", verbose_name=_("party of interest")
    )
    name = models.CharField(_("name"), max_length=100)
    role = models.CharField(
        _("role"), max_length=100, blank=True, help_text=_("For example: Chair of the board")
    )
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True, editable=False)

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


def flagged_to(user: User, at: datetime.datetime) -> Q:
    """Return the condition that a row of a sector is flagged for a unit whose contact `user` is there at `at`."""
    from officers.models import Liaison

    held = Liaison.objects.active_at(at).filter(
        user=user, unit=OuterRef("flagged_for"), sector=OuterRef("sector")
    )
    return Q(flagged_for__isnull=False) & Q(Exists(held))
