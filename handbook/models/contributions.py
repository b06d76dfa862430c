"""What officers contribute, and what becomes of it (handbook, The substance and development of the method)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handbook.models.bilingual import Told, told
from handbook.models.chapters import readable_by
from handbook.models.passages import Passage
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

TEXT_LIMIT = 4000
NOTE_LIMIT = 1000


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def visible_to(self, user: User) -> ContributionQuerySet:
        """Return one's own; what stands in a handbook that one reads; as its editor what was not withdrawn.

        A reviewer sees what an editor sees, of every station.
        """
        standing = user.standing
        edited = Q() if standing.is_reviewer else Q(passage__station__in=standing.stations_as("editor"))
        return self.filter(
            Q(author=user) & readable_by(user, "passage__")
            | Q(state=Contribution.State.INSERTED) & readable_by(user, "passage__")
            | edited & ~Q(state=Contribution.State.WITHDRAWN)
        )

    def open(self) -> ContributionQuerySet:
        """Return what an editor has not decided on."""
        return self.filter(state__in=Contribution.OPEN)

    def inserted(self) -> ContributionQuerySet:
        return self.filter(state=Contribution.State.INSERTED)

    def with_wording(self) -> ContributionQuerySet:
        """Fetch the wording in force along, and since when it stands: `wording`, `reworded_at`."""
        newest = Wording.objects.filter(contribution=OuterRef("pk")).order_by("-number")
        return self.annotate(reworded_at=Subquery(newest.values("written_at")[:1])).prefetch_related(
            Prefetch(
                "wordings", queryset=Wording.objects.order_by("-number"), to_attr="wordings_newest_first"
            )
        )


class Contribution(models.Model):
    """What an officer contributes to a passage of the handbook.

    Submitted, under review by an editor (who may ask back), inserted below its passage in the editor's wording and
    with the contributor's name, or declined with a reason; withdrawn by its author before that is decided. What was
    inserted can be taken out again. The officer's own words do not change, but are erased when it is withdrawn; the
    steps are `ContributionStep`s, the words in the handbook `Wording`s.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Handed in")
        UNDER_REVIEW = "under_review", _("Under review")
        INSERTED = "inserted", _("In the handbook")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        TAKEN_OUT = "taken_out", _("Taken out of the handbook")

    class Language(models.TextChoices):
        EN = "en", _("English")
        DA = "da", _("Danish")

    OPEN = (State.SUBMITTED, State.UNDER_REVIEW)

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_token = models.UUIDField(default=uuid4, unique=True, editable=False)
    passage = models.ForeignKey(
        Passage, models.PROTECT, related_name="contributions", verbose_name=_("place in the handbook")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="contributions", verbose_name=_("contributor")
    )
    # As they are credited: the name of the day, whatever the officer is called or does later.
    author_name = models.CharField(_("name"), max_length=120)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("sector"),
        help_text=_("Where you have seen this work. Empty: several, or none in particular."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.TextField(_("contribution"), max_length=TEXT_LIMIT)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.SUBMITTED, editable=False
    )
    # Whether the editor has asked, and the contributor not yet answered.
    is_asked = models.BooleanField(_("a question is open"), default=False, editable=False)
    submitted_at = models.DateTimeField(_("handed in"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ("submitted_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "under_review"], decided_at=None)
                | Q(state__in=["inserted", "declined", "withdrawn", "taken_out"], decided_at__isnull=False),
                name="contribution_decided_says_when",
            ),
            models.CheckConstraint(
                condition=Q(is_asked=False) | Q(state="under_review"), name="contribution_asked_under_review"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", text="") | ~Q(state="withdrawn") & ~Q(text=""),
                name="contribution_says_something",
                violation_error_message=_("Write what you contribute."),
            ),
        ]
        indexes = [models.Index(fields=["passage", "state"], name="contribution_of_passage")]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.passage}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def wording(self) -> Wording | None:
        """The words in the handbook, where it was fetched `with_wording()` or by a query of its own."""
        fetched: list[Wording] | None = getattr(self, "wordings_newest_first", None)
        if fetched is None:
            return self.wordings.order_by("-number").first()
        return fetched[0] if fetched else None


class ContributionStep(models.Model):
    """One thing that happened to a contribution. Rows are added only.

    When it is withdrawn the words of its steps are erased. The database refuses a question or answer without any.
    """

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Handed in")
        TAKEN_UP = "taken_up", _("Taken under review")
        ASKED = "asked", _("Question")
        ANSWERED = "answered", _("Answer")
        MOVED = "moved", _("Moved to another place")
        INSERTED = "inserted", _("Inserted in the handbook")
        REWORDED = "reworded", _("Worded anew")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        TAKEN_OUT = "taken_out", _("Taken out of the handbook")

    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="steps", verbose_name=_("contribution")
    )
    kind = models.CharField(_("what"), max_length=9, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    # The question, the answer, the reason.
    text = models.CharField(_("words"), max_length=NOTE_LIMIT, blank=True)

    class Meta:
        verbose_name = _("step of a contribution")
        verbose_name_plural = _("steps of contributions")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="", kind__in=["declined", "taken_out"]),
                name="contributionstep_says_why",
                violation_error_message=_("Write why, so that the contributor understands it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.contribution}"


class Wording(models.Model):
    """A contribution as the editor words it in the handbook. The newest is read; the earlier ones stay."""

    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="wordings", verbose_name=_("contribution")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text_en = models.TextField(_("wording in English"), max_length=TEXT_LIMIT, blank=True)
    text_da = models.TextField(_("wording in Danish"), max_length=TEXT_LIMIT, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("worded by")
    )
    written_at = models.DateTimeField(_("worded"), default=timezone.now)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ("contribution", "-number")
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="wording_number_once"),
            models.CheckConstraint(
                condition=~Q(text_en="", text_da=""),
                name="wording_says_something",
                violation_error_message=_(
                    "Write the words that stand in the handbook, in one language at least."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def text(self) -> Told:
        return told(self, "text")


class Agreement(models.Model):
    """ "We do this too": one tap of a colleague below a contribution; taken back by another."""

    contribution = models.ForeignKey(
        Contribution, models.CASCADE, related_name="agreements", verbose_name=_("contribution")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("account")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("at", "pk")
        constraints = [models.UniqueConstraint(fields=["contribution", "user"], name="agreement_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.contribution}"
