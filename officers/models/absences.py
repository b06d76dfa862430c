"""Absences, and who covers a sector meanwhile (handbook, How to perform the task: co-operation in holidays)."""

from __future__ import annotations

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officers.models.accounts import User
from officers.models.assignments import in_sight
from officers.models.people import Officer
from officers.models.terms import Term, TermQuerySet
from sectors.models import Sector


class AbsenceQuerySet(TermQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> AbsenceQuerySet:
        """Return what heads see of their officers, a reviewer all, and one's own."""
        standing = user.standing_at(at)
        if standing.is_reviewer:
            return self
        return self.filter(officer__in=Officer.objects.visible_to(user, at=at))


class Absence(Term):
    """An officer is away for a period. Why is nobody's business here: no reason is stored."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="absences", verbose_name=_("officer"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("officer", "period")
        constraints = [
            *Term.Meta.constraints,
            ExclusionConstraint(
                name="absence_once_at_a_time",
                expressions=[("officer", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at=None),
                violation_error_message=_(
                    "This officer is away in this period already. Change that absence."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.officer)


class CoverQuerySet(TermQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> CoverQuerySet:
        """Return those of heads' sectors, of responsible officers' sectors, and one's own."""
        standing = user.standing_at(at)
        return (
            self
            if standing.is_reviewer
            else self.filter(in_sight(standing, "sector") | Q(officer__user=user))
        )


class Cover(Term):
    """Who answers for a sector while its responsible officer is away, for all or part of the absence.

    The covering officer may come from another district or station. The database holds the period within the
    absence's, and lets nobody cover for themselves or while they are away themselves. A covering officer who falls
    ill later covers no longer (`officers.responsibility`).
    """

    absence = models.ForeignKey(Absence, models.PROTECT, related_name="covers", verbose_name=_("absence"))
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="covers", verbose_name=_("sector"))
    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="covers", verbose_name=_("covering officer")
    )

    objects = CoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")
        ordering = ("sector", "period")
        constraints = [
            *Term.Meta.constraints,
            ExclusionConstraint(
                name="cover_one_per_sector",
                expressions=[("sector", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at=None),
                violation_error_message=_(
                    "Somebody covers this sector in this period already. End that first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} – {self.sector}"
