"""Personal records are kept as long as somebody answers for the need: review dates, decisions, holds, proof.

A nightly task lists what comes due, heads extend or let go, the rest is erased and a record of that remains.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sectors.models import Sector


def first_review() -> datetime.date:
    """Return the day on which a record that is made today is looked at again."""
    return timezone.localdate() + datetime.timedelta(days=settings.LOG_REVIEW_DAYS)


class ReviewedQuerySet(models.QuerySet[Any]):
    def due_on(self, day: datetime.date) -> Self:
        """Return what is to be reviewed on `day` or was before."""
        return self.filter(review_on__lte=day)


class Reviewed(models.Model):
    """A record about people: it has a review date, and it is erased after it unless a head extends it.

    The database deletes none before its day, nor one that is on hold (trigger `…_is_kept`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review_on = models.DateField(_("to be reviewed on"), default=first_review, db_index=True, editable=False)

    class Meta:
        abstract = True


class RecordKind(models.TextChoices):
    """Which table a decision, a hold or a proof is about; with the record's UUID it names the record."""

    ENTRY = "entry", _("log entry")
    PARTY = "party", _("party of interest")
    CONTACT = "contact", _("contact person")
    CHALLENGE = "challenge", _("challenge")
    HANDOVER = "handover", _("hand-over")


class AboutRecord(models.Model):
    """What outlives the record that it is about: it names it by kind and UUID, without a foreign key."""

    kind = models.CharField(_("kind"), max_length=9, choices=RecordKind)
    record = models.UUIDField(_("record"))
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="+", verbose_name=_("sector"))

    class Meta:
        abstract = True


class ReviewDecision(AboutRecord):
    """A head kept a record for longer, until a day and for a reason, or let it go. Added to, never changed."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    at = models.DateTimeField(_("decided"), auto_now_add=True)
    until = models.DateField(
        _("keep until"), null=True, blank=True, help_text=_("Empty: no longer needed, erase it.")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("review decision")
        verbose_name_plural = _("review decisions")
        ordering = ("-at",)
        indexes = [models.Index(fields=("kind", "record"), name="reviewdecision_of_record")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | ~Q(reason=""),
                name="reviewdecision_says_why",
                violation_error_message=_("Say why the record is still needed."),
            ),
        ]


class HoldQuerySet(models.QuerySet["Hold"]):
    def in_force(self) -> HoldQuerySet:
        return self.filter(lifted_at=None)


class Hold(AboutRecord):
    """A record that is not erased while this stands: a complaint, a court, a request for access."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    at = models.DateTimeField(_("placed"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=500)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    lifted_reason = models.CharField(_("lifted because"), max_length=500, blank=True, editable=False)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "record"),
                condition=Q(lifted_at=None),
                name="hold_once_at_a_time",
                violation_error_message=_("This record is on hold already."),
            ),
        ]


class Erasure(AboutRecord):
    """The proof that a record was erased: what kind, which one, when, by which rule. Nothing of what it said."""

    class Rule(models.TextChoices):
        REVIEW_PASSED = "review", _("review date passed, nobody extended it")
        NOT_NEEDED = "decision", _("a head found it no longer needed")

    review_on = models.DateField(_("review date"))
    rule = models.CharField(_("rule"), max_length=8, choices=Rule)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    at = models.DateTimeField(_("erased"), auto_now_add=True)
    parts = models.PositiveIntegerField(
        _("rows"), default=1, help_text=_("How many rows went: the record and what hung on it.")
    )

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(fields=("kind", "record"), name="erasure_once_for_each_record"),
        ]
