"""Appointments: who leads a station or district, and who is responsible for or attached to a sector, and when."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officers.models.accounts import User
from officers.models.people import Officer
from officers.models.terms import Term, TermQuerySet
from sectors.models import District, Sector, Station

if TYPE_CHECKING:
    from officers.standing import Standing


class LeadershipQuerySet(TermQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> LeadershipQuerySet:
        """Return all for administrator and reviewer, and one's own."""
        return self if user.standing_at(at).sees_all_accounts else self.filter(user=user)


class Leadership(Term):
    """Who heads a station or one of its districts, and when (handbook, How to perform the task, 2)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="leaderships", verbose_name=_("account"))
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="leaderships", verbose_name=_("station")
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leaderships",
        verbose_name=_("local police district"),
        help_text=_("Empty: head of the whole station."),
    )

    objects = LeadershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("leadership")
        verbose_name_plural = _("leadership")
        ordering = ("station", "district", "period")
        constraints = [
            *Term.Meta.constraints,
            ExclusionConstraint(
                name="leadership_one_station_head",
                expressions=[("station", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(district=None, withdrawn_at=None),
                violation_error_message=_("This station has another head in this period. End that first."),
            ),
            ExclusionConstraint(
                name="leadership_one_district_head",
                expressions=[("district", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This district has another head in this period. End that first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.district or self.station}"


class AssignmentQuerySet(TermQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> AssignmentQuerySet:
        """Return those of heads' stations or districts, of responsible officers' sectors, and one's own."""
        standing = user.standing_at(at)
        return (
            self
            if standing.is_reviewer
            else self.filter(in_sight(standing, "sector") | Q(officer__user=user))
        )


def in_sight(standing: Standing, sector: str) -> Q:
    """Return the condition that rows of the sector at the path `sector` are the account's to read (design, 6)."""
    return (
        Q(**{f"{sector}__station__in": standing.stations})
        | Q(**{f"{sector}__district__in": standing.districts})
        | Q(**{f"{sector}__in": standing.responsible})
    )


class Assignment(Term):
    """An officer's appointment to a sector for a period.

    Made by the station head in the admin. It ends, it is never deleted, and once it has begun its beginning
    stays: who was answerable at a past instant has one answer for ever. The database refuses anything else.
    An appointment that has not begun can be withdrawn.
    """

    class Role(models.TextChoices):
        RESPONSIBLE = "responsible", _("Responsible officer")
        ATTACHED = "attached", _("Attached officer")

    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="assignments", verbose_name=_("officer")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="assignments", verbose_name=_("sector"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    is_stand_in = models.BooleanField(
        _("stand-in"),
        default=False,
        help_text=_("An attached officer who answers when the responsible one is away and nobody covers."),
    )
    hand_over_on = models.DateField(
        _("hand-over on"),
        null=True,
        blank=True,
        help_text=_("The day on which a departing officer introduces the successor."),
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("sector", "role", "period")
        constraints = [
            *Term.Meta.constraints,
            ExclusionConstraint(
                name="assignment_one_responsible_per_sector",
                expressions=[("sector", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(role="responsible", withdrawn_at=None),
                violation_error_message=_(
                    "This sector has a responsible officer in this period. "
                    "End that appointment first, or let this one begin when it ends."
                ),
            ),
            ExclusionConstraint(
                name="assignment_once_per_officer_and_sector",
                expressions=[
                    ("sector", RangeOperators.EQUAL),
                    ("officer", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This officer is appointed to this sector in this period already."),
            ),
            ExclusionConstraint(
                name="assignment_one_stand_in_per_sector",
                expressions=[("sector", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(is_stand_in=True, withdrawn_at=None),
                violation_error_message=_("This sector has another stand-in in this period. End that first."),
            ),
            models.CheckConstraint(
                condition=Q(is_stand_in=False) | Q(role="attached"),
                name="assignment_stand_in_is_attached",
                violation_error_message=_("Only an attached officer can be the stand-in."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} – {self.sector}"
