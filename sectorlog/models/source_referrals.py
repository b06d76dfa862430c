"""Source handling: what does not belong into the log goes here, encrypted (handbook, How to perform the task, 15).

The site holds public keys only: it can write a referral and not read it.
"""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sectors.models import District, Station

if TYPE_CHECKING:
    from officers.models import User


class SourceKey(models.Model):
    """The public half of a district head's key pair; the private half was made in their browser and stays there."""

    district = models.ForeignKey(
        District, models.PROTECT, related_name="source_keys", verbose_name=_("local police district")
    )
    public_key = models.JSONField(_("public key"), help_text="JWK (RFC 7517), RSA-OAEP-256")
    thumbprint = models.CharField(_("fingerprint"), max_length=64, unique=True, help_text="RFC 7638, SHA-256")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("made by")
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("key for source handling")
        verbose_name_plural = _("keys for source handling")
        constraints = [
            models.UniqueConstraint(
                fields=("district",),
                condition=Q(retired_at=None),
                name="sourcekey_one_of_district",
                violation_error_message=_("The district has a key. Retire it first."),
            ),
        ]

    def __str__(self) -> str:
        return self.thumbprint


class SourceReferralQuerySet(models.QuerySet["SourceReferral"]):
    def readable_by(self, user: User, *, at: datetime.datetime | None = None) -> SourceReferralQuerySet:
        """Return those of the districts that `user` heads; a station's head gets counts and ages elsewhere."""
        return self.filter(district__in=user.standing_at(at).districts)

    def waiting(self) -> SourceReferralQuerySet:
        return self.filter(erased_at=None)


class SourceReferral(models.Model):
    """What an officer heard that is a matter of source handling, as JWE (RFC 7516) for the district head's key.

    Who wrote it stands inside. Handed over, the text is erased and the receipt stays.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    district = models.ForeignKey(
        District, models.PROTECT, related_name="source_referrals", verbose_name=_("local police district")
    )
    key = models.ForeignKey(SourceKey, models.PROTECT, related_name="+", editable=False)
    sealed = models.TextField(editable=False, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    handed_over_to = models.CharField(_("handed over to"), max_length=150, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = SourceReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("source referral")
        verbose_name_plural = _("source referrals")
        ordering = ("received_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) & ~Q(sealed="")
                | Q(erased_at__isnull=False, sealed="") & ~Q(handed_over_to=""),
                name="sourcereferral_erased_when_handed_over",
                violation_error_message=_("Say to whom it was handed over; then its text is erased."),
            ),
        ]


class SourceWord(models.Model):
    """A word that makes an entry look like a matter of source handling: the question is asked before it is saved."""

    station = models.ForeignKey(
        Station, models.PROTECT, related_name="source_words", verbose_name=_("station")
    )
    word = models.CharField(_("word or beginning of a word"), max_length=60)

    class Meta:
        verbose_name = _("word for source handling")
        verbose_name_plural = _("words for source handling")
        ordering = ("word",)
        constraints = [
            models.UniqueConstraint(
                fields=("station", "word"),
                name="sourceword_once",
                violation_error_message=_("This word is in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.word
