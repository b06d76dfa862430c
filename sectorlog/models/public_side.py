"""What ties the log to the public side: a citizen's message that became an entry, an entry that became a notice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Message, Notice
from sectorlog.models.challenges import Challenge
from sectorlog.models.entries import LogEntry


class MessageFollowUp(models.Model):
    """An entry or a challenge that an officer made from a citizen's message. It holds no words of the message."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="follow_ups", verbose_name=_("message"))
    entry = models.OneToOneField(
        LogEntry,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="from_message",
        verbose_name=_("log entry"),
    )
    challenge = models.OneToOneField(
        Challenge,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="from_message",
        verbose_name=_("challenge"),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("made from a message")
        verbose_name_plural = _("made from messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(entry=None) ^ Q(challenge=None),
                name="messagefollowup_entry_or_challenge",
                violation_error_message=_("Either a log entry or a challenge is made from a message."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry or self.challenge)


class ToldPublic(models.Model):
    """A notice "you said, we did" that tells, in separate words, what came of an entry."""

    entry = models.ForeignKey(
        LogEntry, models.CASCADE, related_name="told_public", verbose_name=_("log entry")
    )
    notice = models.OneToOneField(
        Notice, models.CASCADE, related_name="about_entry", verbose_name=_("notice")
    )

    class Meta:
        verbose_name = _("told to the public")
        verbose_name_plural = _("told to the public")

    def __str__(self) -> str:
        return str(self.notice)
