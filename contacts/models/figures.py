"""Figures that are kept because they are shown or counted often: answer times, attempts from one address."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from sectors.models import District


class AnswerTime(models.Model):
    """How long people of a district waited for an answer, in hours of the 72-hour clock; counted each night.

    Fewer messages than `FEWEST` are published without figures.
    """

    FEWEST = 5

    district = models.OneToOneField(
        District, models.CASCADE, related_name="answer_time", verbose_name=_("local police district")
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    answered = models.PositiveIntegerField(_("messages answered"))
    median_hours = models.FloatField(_("median, hours"))
    p90_hours = models.FloatField(_("90th percentile, hours"))

    class Meta:
        verbose_name = _("answer time")
        verbose_name_plural = _("answer times")

    def __str__(self) -> str:
        return str(self.district)


class RequestCount(models.Model):
    """How often somebody did something within a window of time. `who` is a digest that holds for a day."""

    what = models.CharField(max_length=20)
    who = models.CharField(max_length=32)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("what", "who", "window"), name="requestcount_once_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.count}"

    @staticmethod
    def window_of(instant: datetime.datetime, length: datetime.timedelta) -> datetime.datetime:
        """Return when the window of `length` began in which `instant` lies."""
        seconds = int(instant.timestamp()) // int(length.total_seconds()) * int(length.total_seconds())
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
