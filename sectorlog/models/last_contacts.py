"""When each target group of a sector, and each party, was met last. Kept by the database from the entries' links.

A page about hundreds of sectors reads these rows; the links of ten million entries would take it ten times as long.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sectorlog.models.groups import TargetGroup
from sectorlog.models.parties import Party
from sectors.models import Sector


class GroupContact(models.Model):
    """The newest entry of a sector about a target group; without one there is no row."""

    sector = models.ForeignKey(Sector, models.CASCADE, related_name="+", verbose_name=_("sector"))
    group = models.ForeignKey(TargetGroup, models.CASCADE, related_name="+", verbose_name=_("target group"))
    happened_at = models.DateTimeField(_("last contact"))

    class Meta:
        verbose_name = _("last contact with a target group")
        verbose_name_plural = _("last contacts with target groups")
        constraints = [models.UniqueConstraint(fields=("sector", "group"), name="groupcontact_once")]

    def __str__(self) -> str:
        return f"{self.sector_id} {self.group_id}"


class PartyContact(models.Model):
    """The newest entry that names a party, and about when its next visit is due; each party has its row."""

    party = models.OneToOneField(
        Party, models.CASCADE, primary_key=True, related_name="kept_contact", verbose_name=_("party")
    )
    # None: nobody has met it yet.
    happened_at = models.DateTimeField(_("last contact"), null=True)
    # So many times 24 hours after the last contact; the day by the calendar can be the one before or after. Who was
    # never met: the instant when they were entered. None without an interval, and for who has gone or was merged.
    visit_due_at = models.DateTimeField(_("next visit"), null=True)

    class Meta:
        verbose_name = _("last contact with a party")
        verbose_name_plural = _("last contacts with parties")
        indexes = [
            models.Index(
                fields=["visit_due_at"], condition=models.Q(visit_due_at__isnull=False), name="visit_due"
            )
        ]

    def __str__(self) -> str:
        return str(self.party_id)
