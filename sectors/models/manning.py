"""Manning: what a sector's number of officers rests on, and how many it is to have.

Rule: handbook, The sectors: crime strain, particularly exposed housing areas, special circumstances and places,
population; at least two persons a sector; a changed basis may lead to a changed number.
"""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sectors.models.organisation import Sector, Station

if TYPE_CHECKING:
    from officers.models import User

LEAST_OFFICERS = 2


class ManningNorm(models.Model):
    """How much of each criterion asks for one officer at a station. The head sets it; it makes the proposals."""

    station = models.OneToOneField(
        Station, models.CASCADE, related_name="manning_norm", verbose_name=_("station")
    )
    inhabitants = models.PositiveIntegerField(
        _("inhabitants per officer"), default=6000, validators=[MinValueValidator(1)]
    )
    reported_crimes = models.PositiveIntegerField(
        _("reported crimes a year per officer"), default=400, validators=[MinValueValidator(1)]
    )
    exposed_residents = models.PositiveIntegerField(
        _("residents of exposed housing areas per officer"), default=2000, validators=[MinValueValidator(1)]
    )
    special_places = models.PositiveIntegerField(
        _("special places per officer"), default=8, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("manning norm")
        verbose_name_plural = _("manning norms")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    inhabitants__gt=0, reported_crimes__gt=0, exposed_residents__gt=0, special_places__gt=0
                ),
                name="manningnorm_positive",
                violation_error_message=_("Each figure of the norm must be 1 or more."),
            )
        ]

    def __str__(self) -> str:
        return str(self.station)

    def proposal(self, basis: ManningBasis) -> int:
        """Return how many officers the figures ask for: the mean of the four, rounded up, at least two."""
        officers = (
            basis.inhabitants / self.inhabitants
            + basis.reported_crimes / self.reported_crimes
            + basis.exposed_residents / self.exposed_residents
            + basis.special_places / self.special_places
        ) / 4
        return max(LEAST_OFFICERS, math.ceil(officers))


class ManningBasisQuerySet(models.QuerySet["ManningBasis"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> ManningBasisQuerySet:
        return self.filter(sector__in=Sector.objects.visible_to(user, at=at))

    def on(self, day: datetime.date) -> ManningBasisQuerySet:
        """Return the basis that holds on a day, one a sector: the latest that has begun."""
        return self.filter(holds_from__lte=day).order_by("sector", "-holds_from").distinct("sector")


class ManningBasis(models.Model):
    """The dated figures of a sector that its manning rests on, with the reason, and the number that was decided.

    Written by the station head. `required` is empty until the head has decided on the proposal; from then on the
    row does not change, and a later one takes its place. The database refuses anything else.
    """

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="manning_bases", verbose_name=_("sector"))
    holds_from = models.DateField(_("holds from"))
    reported_crimes = models.PositiveIntegerField(
        _("crime strain"), help_text=_("Reported crimes in the last twelve months.")
    )
    exposed_residents = models.PositiveIntegerField(
        _("exposed housing areas"), help_text=_("Residents of particularly exposed housing areas.")
    )
    special_places = models.PositiveIntegerField(
        _("special circumstances and places"),
        help_text=_("How many: nightlife, stations, schools, institutions, meeting places."),
    )
    inhabitants = models.PositiveIntegerField(_("population"), help_text=_("Inhabitants of the sector."))
    reason = models.TextField(
        _("reason"), max_length=2000, help_text=_("What has changed, and how it is known.")
    )
    required = models.PositiveSmallIntegerField(
        _("required officers"),
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_OFFICERS)],
        help_text=_("At least two. Empty: not decided yet."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    objects = ManningBasisQuerySet.as_manager()

    class Meta:
        verbose_name = _("manning basis")
        verbose_name_plural = _("manning bases")
        ordering = ("sector", "-holds_from")
        constraints = [
            models.UniqueConstraint(
                fields=("sector", "holds_from"),
                name="manningbasis_once_per_day",
                violation_error_message=_("This sector has a manning basis from this day already."),
            ),
            models.CheckConstraint(
                condition=Q(required=None) | Q(required__gte=LEAST_OFFICERS),
                name="manningbasis_at_least_two",
                violation_error_message=_("A sector has at least two officers."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="manningbasis_has_reason",
                violation_error_message=_("Write the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector}, {self.holds_from}"
