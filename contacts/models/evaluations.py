"""What people say of their officer: after a closed message, and in the station's own surveys. Of nobody by name.

The handbook (Practical circumstances) lets the station evaluate the method itself.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import StaffRole
from sectors.models import Sector, Station

if TYPE_CHECKING:
    from officers.models import User

# Fewer answers than these are told to nobody: one could know who gave them.
FEWEST_ANSWERS = 5


class Evaluation(models.Model):
    """What one person answered after their message was closed: two questions, or one of them.

    Anonymous: no message, nobody, no day, and keys in no order. That it was given stands in the message's row.
    """

    class Said(models.TextChoices):
        YES = "yes", _("yes")
        PARTLY = "partly", _("partly")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="evaluations", verbose_name=_("sector"))
    month = models.DateField(_("month"), help_text=_("Its first day."))
    got_help = models.CharField(_("got help"), max_length=6, choices=Said, blank=True)
    easy_to_reach = models.CharField(_("easy to reach"), max_length=6, choices=Said, blank=True)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        indexes = [models.Index(fields=("month", "sector"), name="evaluation_of_month")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(got_help="", easy_to_reach=""),
                name="evaluation_says_something",
                violation_error_message=_("Answer one of the two questions."),
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="evaluation_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class SurveyRoundQuerySet(models.QuerySet["SurveyRound"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> SurveyRoundQuerySet:
        """Return those of the stations in which one works or heads something, and of an analyst's."""
        standing = user.standing_at(at)
        return self.filter(station__in=standing.home | standing.stations_as(StaffRole.Role.ANALYST))

    def open_on(self, day: datetime.date) -> SurveyRoundQuerySet:
        return self.filter(opens_on__lte=day, closes_on__gte=day)


class SurveyRound(models.Model):
    """Some weeks in which a station asks the people of its sectors the same three questions as the time before."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="survey_rounds", verbose_name=_("station")
    )
    name = models.CharField(_("name"), max_length=60, help_text=_("Such as: Spring 2027."))
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey round")
        verbose_name_plural = _("survey rounds")
        ordering = ("-opens_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="surveyround_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first one."),
            ),
            models.UniqueConstraint(
                fields=("station", "name"),
                name="surveyround_name_once",
                violation_error_message=_("The station has a round of this name already."),
            ),
            ExclusionConstraint(
                name="surveyround_one_at_a_time",
                expressions=[
                    ("station", RangeOperators.EQUAL),
                    (
                        Func(
                            F("opens_on"),
                            F("closes_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another round of this station lies in these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: datetime.date) -> bool:
        return self.opens_on <= day <= self.closes_on


class SurveyAnswer(models.Model):
    """What one person answered in a round, online or on paper; nothing of who or when.

    Its key is the number of the form that it came with: the same form sent twice is one answer.
    """

    class Safe(models.TextChoices):
        VERY = "very", _("very safe")
        RATHER = "rather", _("rather safe")
        HARDLY = "hardly", _("not very safe")
        NOT = "not", _("not safe at all")

    class Channel(models.TextChoices):
        ONLINE = "online", _("online")
        PAPER = "paper", _("on paper")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(
        SurveyRound, models.PROTECT, related_name="answers", verbose_name=_("survey round")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="+", verbose_name=_("sector"))
    # None: not answered.
    knows_officer = models.BooleanField(_("knows the officer by name or face"), null=True, blank=True)
    has_met = models.BooleanField(_("has met the officer in the last year"), null=True, blank=True)
    feels_safe = models.CharField(_("feels safe in the sector"), max_length=6, choices=Safe, blank=True)
    channel = models.CharField(_("answered"), max_length=6, choices=Channel, default=Channel.ONLINE)

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        indexes = [models.Index(fields=("round", "sector"), name="surveyanswer_of_sector")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(knows_officer=None, has_met=None, feels_safe=""),
                name="surveyanswer_says_something",
                violation_error_message=_("Answer one of the questions."),
            )
        ]

    def __str__(self) -> str:
        return self.get_channel_display()


class SheetCount(models.Model):
    """How many sheets of a sector an account has typed in for a round: a number, not which ones nor when.

    Nobody can make a sector look better by sheets of their own unseen: its heads read how many came from whom.
    """

    round = models.ForeignKey(
        SurveyRound, models.PROTECT, related_name="sheet_counts", verbose_name=_("survey round")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="+", verbose_name=_("sector"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("typed in by")
    )
    sheets = models.PositiveIntegerField(_("sheets"), default=0)

    class Meta:
        verbose_name = _("count of sheets")
        verbose_name_plural = _("counts of sheets")
        constraints = [
            models.UniqueConstraint(fields=("round", "sector", "user"), name="sheetcount_once"),
        ]

    def __str__(self) -> str:
        return str(self.sheets)
