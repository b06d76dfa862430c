"""Hand-over: what a sector's log knows, handed from officer to officer (handbook, How to perform the task, 10)."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import Assignment, Officer, in_reach_of
from sectorlog.models.retention import Reviewed, ReviewedQuerySet
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User


class HandoverQuerySet(ReviewedQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> HandoverQuerySet:
        """Return those of the logs that `user` reads, and those that they take over.

        Who takes over reads their pack before the appointment begins, until it ends or is withdrawn.
        """
        appointed = Assignment.objects.from_instant(at or timezone.now()).filter(
            officer__user=user, officer=OuterRef("taker"), sector=OuterRef("sector")
        )
        return self.filter(in_reach_of(user, at=at) | Q(Exists(appointed)))


class Handover(Reviewed):
    """A sector's hand-over on a day.

    `pack` is what was handed over, as it was: the database keeps it unchanged. Only what is erased from the log goes
    out of it as well (`sectorlog.handover.forgetting`).
    """

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="handovers", verbose_name=_("sector"))
    giver = models.ForeignKey(
        Officer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over by"),
        help_text=_("Empty where nobody was responsible."),
    )
    taker = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("taken over by"))
    on = models.DateField(_("on"))
    pack = models.JSONField(_("pack"), default=dict, editable=False, encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("made by")
    )
    giver_signed_at = models.DateTimeField(_("signed by the giver"), null=True, blank=True, editable=False)
    # The giver, or a head where the post was vacant or the giver is gone.
    giver_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed for the giver by"),
    )
    taker_signed_at = models.DateTimeField(_("signed by the taker"), null=True, blank=True, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ("-on", "-made_at")
        indexes = [models.Index(fields=("sector", "-on"), name="handover_of_sector")]

    def __str__(self) -> str:
        return f"{self.sector}: {self.giver or '–'} → {self.taker}"


class HandoverItem(models.Model):
    """One thing that the successor accepts: introduced to a party, a challenge explained, a promise taken on."""

    class Kind(models.TextChoices):
        GROUP = "group", _("target group")
        PARTY = "party", _("party of interest")
        CHALLENGE = "challenge", _("challenge")
        PROMISE = "promise", _("promise")
        EFFORT = "effort", _("joint effort")
        FOLLOW_UP = "follow_up", _("follow-up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("item of a hand-over")
        verbose_name_plural = _("items of hand-overs")
        ordering = ("position", "pk")
