"""Roles beside the line: staff roles, and the units' contacts in sectors."""

from __future__ import annotations

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from officers.models.accounts import User
from officers.models.assignments import in_sight
from officers.models.terms import Term, TermQuerySet
from sectors.models import Sector, Station


class StaffRoleQuerySet(TermQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> StaffRoleQuerySet:
        """Return all for administrator and reviewer, and one's own."""
        return self if user.standing_at(at).sees_all_accounts else self.filter(user=user)


class StaffRole(Term):
    """A dated role of an account: handbook editor, analyst, system administrator, data-protection reviewer."""

    class Role(models.TextChoices):
        EDITOR = "editor", _("Handbook editor")
        ANALYST = "analyst", _("Analyst")
        ADMINISTRATOR = "administrator", _("System administrator")
        REVIEWER = "reviewer", _("Data-protection reviewer")

    user = models.ForeignKey(User, models.PROTECT, related_name="staff_roles", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=13, choices=Role)
    station = models.ForeignKey(
        Station,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_roles",
        verbose_name=_("station"),
        help_text=_("Of an editor or analyst. Administrators and reviewers have all stations."),
    )

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        ordering = ("role", "user", "period")
        constraints = [
            *Term.Meta.constraints,
            ExclusionConstraint(
                name="staffrole_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("station", 0), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This account has this role in this period already."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=("editor", "analyst"), station__isnull=False)
                | Q(role__in=("administrator", "reviewer"), station=None),
                name="staffrole_station_fits",
                violation_error_message=_(
                    "Editors and analysts work for a station; administrators and reviewers for all of them."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Unit(models.Model):
    """A special unit that sectors work with: Gang Division, Burglary Group, Traffic Division …"""

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class LiaisonQuerySet(TermQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> LiaisonQuerySet:
        standing = user.standing_at(at)
        return self if standing.is_reviewer else self.filter(in_sight(standing, "sector") | Q(user=user))


class Liaison(Term):
    """The contact person between a unit and a sector, for example where gangs are active (handbook, The task)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="liaisons", verbose_name=_("account"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="liaisons", verbose_name=_("unit"))
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="liaisons", verbose_name=_("sector"))

    objects = LiaisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("liaison")
        verbose_name_plural = _("liaisons")
        ordering = ("sector", "unit", "period")
        constraints = [
            *Term.Meta.constraints,
            ExclusionConstraint(
                name="liaison_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("sector", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This account is the unit's contact in this sector already."),
            ),
        ]

    def __str__(self) -> str:
        # The address that was typed, not the name: the account may be anybody's, whom the station does not know.
        return f"{self.user.email}: {self.unit} – {self.sector}"
