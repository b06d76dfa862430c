"""Chapters, and the revisions of their text (handbook, The substance and development of the method).

The basic part, introduction and strategy, is fixed; the rest grows by what officers contribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handbook.models.bilingual import Told, told
from sectors.models import Sector, Station

if TYPE_CHECKING:
    from officers.models import User

TITLE_LIMIT = 120
BODY_LIMIT = 40_000
REASON_LIMIT = 300


class ChapterQuerySet(models.QuerySet["Chapter"]):
    def visible_to(self, user: User) -> ChapterQuerySet:
        """Return those of the handbooks that the account reads; see `readable_by`."""
        return self.filter(readable_by(user))

    def current(self) -> ChapterQuerySet:
        """Return what has not been taken out of the handbook, in the handbook's order."""
        return self.filter(left_out_at=None).order_by("position")

    def with_text(self) -> ChapterQuerySet:
        """Fetch the text that is in force along: `chapter.text`, None before the first has been published."""
        in_force = Revision.objects.in_force()
        return self.prefetch_related(Prefetch("revisions", queryset=in_force, to_attr="texts_in_force"))


class Chapter(models.Model):
    """A chapter of a station's handbook: fixed ground, or practice that grows.

    Editors begin it; its text is its revisions. The number that readers see is its place in the order. It is never
    deleted: what is no longer wanted is left out, and its history stays. A fixed one is neither moved nor left out.
    """

    class Kind(models.TextChoices):
        FIXED = "fixed", _("Fixed")
        DYNAMIC = "dynamic", _("Dynamic")

    station = models.ForeignKey(Station, models.PROTECT, related_name="chapters", verbose_name=_("station"))
    slug = models.SlugField(_("address"), max_length=60)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.DYNAMIC)
    position = models.PositiveSmallIntegerField(_("place in the order"))
    left_out_at = models.DateTimeField(_("left out"), null=True, blank=True, editable=False)

    objects = ChapterQuerySet.as_manager()

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ("station", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "slug"],
                name="chapter_address_once",
                violation_error_message=_("Another chapter of this handbook has this address."),
            ),
            models.UniqueConstraint(
                fields=["station", "position"],
                condition=Q(left_out_at=None),
                name="chapter_place_once",
                violation_error_message=_("Another chapter has this place in the order."),
            ),
            models.CheckConstraint(
                condition=Q(kind="dynamic") | Q(left_out_at=None),
                name="chapter_fixed_stays",
                violation_error_message=_("A fixed chapter stays in the handbook."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def text(self) -> Revision | None:
        """The text in force, where the chapter was fetched `with_text()` or by a query of its own."""
        if not hasattr(self, "texts_in_force"):
            self.texts_in_force = list(self.revisions.in_force())
        return self.texts_in_force[0] if self.texts_in_force else None

    @property
    def is_fixed(self) -> bool:
        return self.kind == self.Kind.FIXED


class RevisionQuerySet(models.QuerySet["Revision"]):
    def in_force(self) -> RevisionQuerySet:
        return self.filter(state=Revision.State.IN_FORCE)

    def published(self) -> RevisionQuerySet:
        """Return what readers have had before them, the newest first."""
        return self.exclude(published_at=None).order_by("-number")

    def unpublished(self) -> RevisionQuerySet:
        """Return what is being written, or waits for a head to agree: one at most a chapter."""
        return self.filter(published_at=None)


class Revision(models.Model):
    """The text of a chapter as it was, is or may become.

    An editor drafts it; a dynamic chapter's the editor publishes. A fixed one's the editor proposes, and it comes
    into force when a station head agrees: never by one of them alone (trigger `revision_fixed_needs_both`). What has
    been published is not rewritten; the next revision replaces it. Texts are Markdown: see `handbook.markup`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waits for the station head")
        IN_FORCE = "in_force", _("In force")
        REPLACED = "replaced", _("Replaced")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    chapter = models.ForeignKey(Chapter, models.PROTECT, related_name="revisions", verbose_name=_("chapter"))
    number = models.PositiveIntegerField(_("number"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    title_en = models.CharField(_("title in English"), max_length=TITLE_LIMIT, blank=True)
    title_da = models.CharField(_("title in Danish"), max_length=TITLE_LIMIT, blank=True)
    body_en = models.TextField(_("text in English"), max_length=BODY_LIMIT, blank=True)
    body_da = models.TextField(_("text in Danish"), max_length=BODY_LIMIT, blank=True)
    reason = models.CharField(_("why"), max_length=REASON_LIMIT, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreed to by"),
    )
    sent_back_because = models.CharField(_("sent back because"), max_length=REASON_LIMIT, blank=True)
    published_at = models.DateTimeField(_("in force since"), null=True, blank=True, editable=False)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("chapter", "-number")
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["chapter"],
                condition=Q(published_at=None),
                name="revision_one_being_written",
                violation_error_message=_("Somebody is already writing the next text of this chapter."),
            ),
            models.UniqueConstraint(
                fields=["chapter"], condition=Q(state="in_force"), name="revision_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"], published_at=None, replaced_at=None)
                | Q(state="in_force", published_at__isnull=False, replaced_at=None)
                | Q(state="replaced", published_at__isnull=False, replaced_at__gte=F("published_at")),
                name="revision_state_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | ~Q(reason="") & (~Q(title_en="") & ~Q(body_en="") | ~Q(title_da="") & ~Q(body_da="")),
                name="revision_says_what_and_why",
                violation_error_message=_(
                    "Write title and text in one language at least, and why the chapter changes."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def title(self) -> Told:
        return told(self, "title")

    @property
    def body(self) -> Told:
        return told(self, "body")


def readable_stations(user: User) -> models.QuerySet[Station]:
    """Return the stations whose handbook the account reads (design, section 6).

    Those in which one works in any role, those of the sectors in which one is a unit's contact; all of them for a
    reviewer; none for who only administers the system.
    """
    standing = user.standing
    if standing.is_reviewer:
        return Station.objects.all()
    contact = Sector.objects.filter(pk__in=standing.liaison)
    return Station.objects.filter(Q(pk__in=standing.home) | Q(pk__in=contact.values("station")))


def readable_by(user: User, path: str = "") -> Q:
    """Return the condition that the station at `path` ("passage__") is one whose handbook the account reads."""
    return Q(**{f"{path}station__in": readable_stations(user)})
