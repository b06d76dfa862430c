"""When and where an officer can be met in person (handbook, Sector responsible officers: personal contact)."""

from __future__ import annotations

import calendar
import datetime
import uuid
from typing import TYPE_CHECKING

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officers.models import DutyHours, in_reach_of
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User


class ContactHoursQuerySet(models.QuerySet["ContactHours"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> ContactHoursQuerySet:
        """Return those of one's present sectors, of the districts and of the stations that one heads."""
        return self.filter(in_reach_of(user, at=at))

    def from_day(self, day: datetime.date) -> ContactHoursQuerySet:
        """Return those that are held on `day` or may be later."""
        return self.filter(Q(until=None) | Q(until__gte=day)).exclude(on_date__lt=day)


class ContactHours(models.Model):
    """Hours in which the officer of a sector can be met at a place: each week, each month, or on one day.

    Written by the sector's officers and heads, shown to the public at once. What is over stays, with its end.
    """

    class Week(models.IntegerChoices):
        FIRST = 1, _("the first of the month")
        SECOND = 2, _("the second of the month")
        THIRD = 3, _("the third of the month")
        FOURTH = 4, _("the fourth of the month")
        LAST = 5, _("the last of the month")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="contact_hours", verbose_name=_("sector"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=DutyHours.Weekday, null=True, blank=True)
    week = models.PositiveSmallIntegerField(
        _("which of the month"), choices=Week, null=True, blank=True, help_text=_("Empty: every week.")
    )
    on_date = models.DateField(_("on one day only"), null=True, blank=True)
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    since = models.DateField(_("first day"), null=True, blank=True)
    until = models.DateField(_("last day"), null=True, blank=True)
    cancelled_on = ArrayField(
        models.DateField(), verbose_name=_("does not take place on"), default=list, blank=True
    )
    place = models.CharField(
        _("place"), max_length=100, help_text=_("For example: Nørrebro Library, ground floor")
    )
    address = models.CharField(_("street address"), max_length=150, blank=True)
    point = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    note_en = models.CharField(_("note in English"), max_length=200, blank=True)
    note_da = models.CharField(_("note in Danish"), max_length=200, blank=True)

    objects = ContactHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours to meet in person")
        verbose_name_plural = _("hours to meet in person")
        ordering = ("weekday", "begins")
        constraints = [
            models.CheckConstraint(
                condition=Q(on_date=None) ^ Q(weekday=None),
                name="contacthours_weekly_or_once",
                violation_error_message=_("Choose either a weekday or one day."),
            ),
            models.CheckConstraint(
                condition=Q(on_date=None) | Q(week=None, since=None, until=None),
                name="contacthours_once_has_no_period",
                violation_error_message=_("Hours on one day only have no first and last day."),
            ),
            models.CheckConstraint(
                condition=Q(begins__lt=F("ends")),
                name="contacthours_end_after_beginning",
                violation_error_message=_("They end later than they begin."),
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lte=F("until")),
                name="contacthours_last_day_after_first",
                violation_error_message=_("The last day is not before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.begins:%H:%M}–{self.ends:%H:%M}"

    def is_held_on(self, day: datetime.date) -> bool:
        """Tell whether somebody can be met on `day`."""
        return day not in self.cancelled_on and self._falls_on(day)

    def days(self, first: datetime.date, count: int) -> list[datetime.date]:
        """Return on which of the `count` days from `first` on somebody can be met."""
        candidates = (first + datetime.timedelta(days=number) for number in range(count))
        return [day for day in candidates if self.is_held_on(day)]

    def _falls_on(self, day: datetime.date) -> bool:
        if self.on_date is not None:
            return day == self.on_date
        if (self.since and day < self.since) or (self.until and day > self.until):
            return False
        return day.isoweekday() == self.weekday and self._is_right_week(day)

    def _is_right_week(self, day: datetime.date) -> bool:
        if self.week is None:
            return True
        if self.week == self.Week.LAST:
            return day.day + 7 > calendar.monthrange(day.year, day.month)[1]
        return (day.day - 1) // 7 + 1 == self.week
