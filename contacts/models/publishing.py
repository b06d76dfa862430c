"""What is told to the public: written in both languages, approved where the station wants that, dated, taken back."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sectors.models import Station


class PublishingRule(models.Model):
    """How a station publishes. A station without one lets a head approve whatever its officers write."""

    station = models.OneToOneField(
        Station, models.CASCADE, related_name="publishing_rule", verbose_name=_("station")
    )
    needs_approval = models.BooleanField(
        _("a head approves"),
        default=True,
        help_text=_("Whether a head must approve the notices and events that officers write."),
    )

    class Meta:
        verbose_name = _("rule of publishing")
        verbose_name_plural = _("rules of publishing")

    def __str__(self) -> str:
        return str(self.station)


class PublishedQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """Return what has been approved and not been taken back, also what is shown later or was shown before."""
        return self.filter(state=Published.State.PUBLISHED)

    def waiting(self) -> Self:
        return self.filter(state=Published.State.WAITING)


class Published(models.Model):
    """Draft, waiting for a head's approval, published, taken back. What has been published stays as it was read.

    The database holds the last (trigger `…_published_stays`): whoever wants it otherwise takes it back and writes
    another.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for approval")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Taken back")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    sent_back_because = models.CharField(_("sent back because"), max_length=300, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("written anew instead of"),
        help_text=_("What is taken back when this is published."),
    )

    class Meta:
        abstract = True

    def in_language(self, field: str, language: str | None = None) -> str:
        """Return the text of `field` ("title") in the language asked for, the active one by default."""
        chosen = "da" if (language or get_language() or "en").startswith("da") else "en"
        return str(getattr(self, f"{field}_{chosen}"))

    @property
    def title(self) -> str:
        return self.in_language("title")

    @property
    def text(self) -> str:
        return self.in_language("text")

    def publish(self, by: models.Model, now: datetime.datetime) -> None:
        """Show it to the public, as `by` approves. Its constraints are checked by the caller's form."""
        self.state, self.approved_by_id, self.published_at = self.State.PUBLISHED, by.pk, now
        self.sent_back_because = ""
        self.save(update_fields=["state", "approved_by", "published_at", "sent_back_because"])

    def send_back(self, reason: str) -> None:
        """Make it a draft again, with the head's reason."""
        self.state, self.sent_back_because = self.State.DRAFT, reason
        self.save(update_fields=["state", "sent_back_because"])

    def withdraw(self, now: datetime.datetime) -> None:
        """Take it from the public pages at once."""
        self.state, self.withdrawn_at = self.State.WITHDRAWN, now
        self.save(update_fields=["state", "withdrawn_at"])


def published_constraints(name: str) -> list[models.BaseConstraint]:
    """Return what holds for every published kind: both languages, and who let it out when."""
    return [
        models.CheckConstraint(
            condition=Q(state__in=["draft", "waiting", "withdrawn"])
            | ~(Q(title_en="") | Q(title_da="") | Q(text_en="") | Q(text_da="")),
            name=f"{name}_published_in_both_languages",
            violation_error_message=_("Write title and text in English and in Danish before you publish."),
        ),
        models.CheckConstraint(
            condition=~Q(state="published") | Q(published_at__isnull=False, approved_by__isnull=False),
            name=f"{name}_published_says_when_and_by_whom",
            violation_error_message=_("What is published says when and by whom."),
        ),
        models.CheckConstraint(
            condition=Q(state__in=["draft", "waiting", "published", "withdrawn"]),
            name=f"{name}_known_state",
            violation_error_message=_("It is a draft, waiting, published or taken back."),
        ),
    ]
