"""Passages: what links, contributions and requests to read point at, whatever is renumbered around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handbook.models.bilingual import Told, told
from handbook.models.chapters import TITLE_LIMIT, Chapter, readable_by
from sectors.models import Station

if TYPE_CHECKING:
    from officers.models import User


class PassageQuerySet(models.QuerySet["Passage"]):
    def visible_to(self, user: User) -> PassageQuerySet:
        return self.filter(readable_by(user))

    def current(self) -> PassageQuerySet:
        """Return what stands in the handbook now, in its order."""
        return self.filter(left_at=None, chapter__left_out_at=None).order_by("chapter__position", "position")


class Passage(models.Model):
    """A chapter's beginning, a heading or a numbered point, with an anchor that stays the same.

    Written from the chapter's text whenever a revision comes into force (`handbook.chapters.publishing`): number,
    place and texts are those of the text in force. A passage that the text no longer has stays as what it last was,
    for what points at it.
    """

    class Kind(models.TextChoices):
        CHAPTER = "chapter", _("Chapter")
        HEADING = "heading", _("Heading")
        POINT = "point", _("Point")

    station = models.ForeignKey(Station, models.PROTECT, related_name="passages", verbose_name=_("station"))
    chapter = models.ForeignKey(Chapter, models.PROTECT, related_name="passages", verbose_name=_("chapter"))
    anchor = models.SlugField(_("anchor"), max_length=60)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the chapter"))
    # A heading's words, the chapter's title, or how a point begins.
    title_en = models.CharField(_("title in English"), max_length=TITLE_LIMIT, blank=True)
    title_da = models.CharField(_("title in Danish"), max_length=TITLE_LIMIT, blank=True)
    # Without marks, for the search.
    text_en = models.TextField(_("text in English"), blank=True)
    text_da = models.TextField(_("text in Danish"), blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    left_at = models.DateTimeField(_("no longer in the text since"), null=True, blank=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ("chapter", "position")
        constraints = [
            models.UniqueConstraint(fields=["station", "anchor"], name="passage_anchor_once"),
            models.CheckConstraint(
                condition=Q(kind="point", number__isnull=False)
                | Q(kind__in=["chapter", "heading"], number=None),
                name="passage_points_are_numbered",
            ),
        ]
        indexes = [
            GinIndex(SearchVector("title_en", "text_en", config="english"), name="passage_words_en"),
            GinIndex(SearchVector("title_da", "text_da", config="danish"), name="passage_words_da"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}" if self.number else str(self.title)

    @property
    def title(self) -> Told:
        return told(self, "title")

    @property
    def is_current(self) -> bool:
        return self.left_at is None and self.chapter.left_out_at is None
