"""How much of what there was in a sector in a month. Numbers alone, of nobody."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sectors.models import Sector


class Measure(models.TextChoices):
    """What is counted, and what `MonthCount.key` tells apart."""

    # Entries of the log; one key, empty.
    ENTRIES = "entries", _("entries of the log")
    # Entries about a target group: the group's primary key.
    CONTACTS = "contacts", _("contacts by target group")
    # Entries by what they came to: `sectorlog.models.Outcome`.
    OUTCOMES = "outcomes", _("outcomes")
    # Minutes of patrol: `officers.models.PatrolForm`.
    PATROLS = "patrols", _("minutes of patrol")
    # Visits to parties; one key, empty.
    VISITS = "visits", _("visits")
    # First answers to messages by how long they took: "24", "48", "72" hours of the 72-hour clock, or "later".
    ANSWERS = "answers", _("answers to messages")
    # Evaluations of closed messages: "help:yes", "help:partly", "help:no", "reach:yes", "reach:partly", "reach:no".
    EVALUATIONS = "evaluations", _("evaluations")


class MonthCount(models.Model):
    """One number of one sector in one month of the calendar of TIME_ZONE; a number of 0 has no row.

    Counted each night (`overview.figures.counting`): the running month and the one before anew, and each earlier
    month into which something was entered since. What is erased from the log when its time is over stays counted.
    """

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="+", verbose_name=_("sector"))
    month = models.DateField(_("month"), help_text=_("Its first day."))
    measure = models.CharField(_("measure"), max_length=11, choices=Measure)
    key = models.CharField(max_length=20, blank=True)
    value = models.PositiveBigIntegerField(_("number"))

    class Meta:
        verbose_name = _("count of a month")
        verbose_name_plural = _("counts of months")
        constraints = [
            models.UniqueConstraint(
                fields=("measure", "sector", "month", "key"), include=("value",), name="monthcount_once"
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="monthcount_of_a_month"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="monthcount_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.sector_id} {self.month:%Y-%m} {self.measure} {self.key}: {self.value}"


class CountedMonth(models.Model):
    """That a month was counted, and when last."""

    month = models.DateField(_("month"), primary_key=True)
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)

    class Meta:
        verbose_name = _("counted month")
        verbose_name_plural = _("counted months")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
