"""Who has read what: how far each reader is, and what has to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handbook.models.chapters import Chapter, Revision, readable_by
from handbook.models.passages import Passage

if TYPE_CHECKING:
    from officers.models import User


class LastRead(models.Model):
    """When somebody said last that they have read a chapter. What changed after that is new to them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account")
    )
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="+", verbose_name=_("chapter"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("last read")
        verbose_name_plural = _("last read")
        constraints = [models.UniqueConstraint(fields=["user", "chapter"], name="lastread_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.chapter}"


class ReadingRequestQuerySet(models.QuerySet["ReadingRequest"]):
    def visible_to(self, user: User) -> ReadingRequestQuerySet:
        return self.filter(readable_by(user, "passage__"))

    def open(self) -> ReadingRequestQuerySet:
        return self.filter(ended_at=None)


class ReadingRequest(models.Model):
    """An editor asks the station's officers to confirm that they have read a passage, as it stands in a revision.

    One at a time a passage; when the passage changes, the editor may end it and ask anew.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    passage = models.ForeignKey(
        Passage, models.PROTECT, related_name="reading_requests", verbose_name=_("passage")
    )
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("revision"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ReadingRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to confirm")
        verbose_name_plural = _("requests to confirm")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["passage"],
                condition=Q(ended_at=None),
                name="readingrequest_one_at_a_time",
                violation_error_message=_("Officers are already asked to confirm this passage."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("asked_at")),
                name="readingrequest_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return str(self.passage)


class Confirmation(models.Model):
    """Somebody confirms to have read what a request is about. Rows are added only."""

    request = models.ForeignKey(
        ReadingRequest, models.PROTECT, related_name="confirmations", verbose_name=_("request")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("account")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ("at", "pk")
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="confirmation_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.request}"
