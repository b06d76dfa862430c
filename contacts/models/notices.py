"""Notices: what the police of a sector or a station tell the people who live there."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.publishing import Published, PublishedQuerySet, published_constraints
from officers.models import in_reach_of
from sectors.models import Sector, Station

if TYPE_CHECKING:
    from officers.models import User


class NoticeQuerySet(PublishedQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> NoticeQuerySet:
        """Return those of one's present sectors, districts and stations; a station's own for all who work there."""
        home = Q(sector=None, station__in=user.standing_at(at).home)
        return self.filter(in_reach_of(user, at=at) | home)

    def shown_at(self, instant: datetime.datetime) -> NoticeQuerySet:
        """Return what the public reads at `instant`."""
        return self.published().filter(
            Q(shown_until=None) | Q(shown_until__gt=instant), shown_from__lte=instant
        )


class Notice(Published):
    """A notice for a sector, or for all of a station's: shown to the public from an instant until another.

    "You said, we did" tells in separate words what came of what people said; the log entry it is about stays in
    the log.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", _("Notice")
        YOU_SAID = "you_said", _("You said, we did")

    station = models.ForeignKey(Station, models.PROTECT, related_name="notices", verbose_name=_("station"))
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("sector"),
        help_text=_("Empty: all of the station's sectors."),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.NOTICE)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    title_da = models.CharField(_("title in Danish"), max_length=120, blank=True)
    said_en = models.TextField(_("what people said, in English"), max_length=1000, blank=True)
    said_da = models.TextField(_("what people said, in Danish"), max_length=1000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=3000, blank=True)
    text_da = models.TextField(_("text in Danish"), max_length=3000, blank=True)
    shown_from = models.DateTimeField(_("shown from"), default=timezone.now)
    shown_until = models.DateTimeField(_("shown until"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-shown_from",)
        constraints = [
            *published_constraints("notice"),
            models.CheckConstraint(
                condition=Q(shown_until=None) | Q(shown_until__gt=F("shown_from")),
                name="notice_ends_after_it_begins",
                violation_error_message=_("A notice is shown until later than it is shown from."),
            ),
            models.CheckConstraint(
                condition=Q(kind="notice", said_en="", said_da="")
                | Q(kind="you_said") & (~Q(state="published") | ~(Q(said_en="") | Q(said_da=""))),
                name="notice_says_what_people_said",
                violation_error_message=_(
                    "Write in both languages what people said, for 'You said, we did' only."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Notice without a title"))

    @property
    def said(self) -> str:
        return self.in_language("said")
