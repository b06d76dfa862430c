"""What was printed: cards, leaflets and posters that lie about for years and still lead to the right officer."""

from __future__ import annotations

import datetime
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import Officer, in_reach_of
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

# Told apart by eye and by ear: no 0, O, 1, I, L, U.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))


class PrintRunQuerySet(models.QuerySet["PrintRun"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> PrintRunQuerySet:
        """Return those of one's present sectors, of the districts and of the stations that one heads."""
        return self.filter(in_reach_of(user, at=at))


class PrintRun(models.Model):
    """One file for the printer, and what it said. Its short code stands on each print and in its QR code."""

    class Kind(models.TextChoices):
        CARDS = "cards", _("Business cards")
        LEAFLET = "leaflet", _("Leaflet")
        POSTER = "poster", _("Poster")

    code = models.CharField(
        _("version"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="print_runs", verbose_name=_("sector"))
    officer = models.ForeignKey(
        Officer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="print_runs",
        verbose_name=_("officer"),
        help_text=_("Empty: printed while nobody was appointed."),
    )
    # What a reader would dial or write to, to tell whether it still holds.
    name = models.CharField(_("name"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=5, blank=True, help_text=_("Empty: in all languages.")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )

    objects = PrintRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("print")
        verbose_name_plural = _("prints")
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"
