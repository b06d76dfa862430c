"""Log entries: what happened in a sector, with whom, and what is to come of it."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.gis.db import models
from django.core.files.storage import FileSystemStorage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import Unit, in_reach_of
from sectorlog.models.challenges import Challenge
from sectorlog.models.efforts import Effort
from sectorlog.models.form_templates import FormVersion
from sectorlog.models.groups import TargetGroup
from sectorlog.models.parties import Party, flagged_to
from sectorlog.models.retention import Reviewed, ReviewedQuerySet
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

CORRECTABLE_FOR = datetime.timedelta(hours=24)
# A telephone's clock may be so far ahead.
CLOCK_TOLERANCE = datetime.timedelta(minutes=5)
LONGEST_TEXT = 20_000


class Outcome(models.TextChoices):
    """What a contact came to, from dialogue to arrest (handbook, Strategy); the order is that of the mirror."""

    DIALOGUE = "dialogue", _("dialogue")
    ADVICE = "advice", _("advice or guidance")
    CONFLICT_SOLVED = "conflict", _("conflict settled on the spot")
    REFERRED = "referred", _("passed on to others who can help")
    WARNING = "warning", _("warning")
    FINE = "fine", _("fine")
    CHARGE = "charge", _("report or charge")
    ARREST = "arrest", _("arrest")


class LogEntryQuerySet(ReviewedQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> LogEntryQuerySet:
        """Return those of one's present sectors, and of the districts and stations that one heads."""
        return self.filter(in_reach_of(user, at=at))

    def flagged_to(self, user: User, at: datetime.datetime) -> LogEntryQuerySet:
        """Return what is flagged for a unit whose contact `user` is in the entry's sector."""
        return self.filter(flagged_to(user, at))

    def with_follow_up(self) -> LogEntryQuerySet:
        """Return what somebody still has to come back to."""
        return self.filter(follow_up_on__isnull=False, follow_up_done_at=None)


class LogEntry(Reviewed):
    """Something that happened in a sector, written by one of its officers.

    `uuid` is made where it is written: the same one sent twice is one entry. It belongs to the sector it was
    written in, whatever is redrawn later. Its author may correct it for 24 hours, and the database keeps each
    earlier wording (`EntryRevision`); later there are addenda only.
    """

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="entries", verbose_name=_("sector"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="entries", verbose_name=_("written by")
    )
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, related_name="entries", verbose_name=_("form")
    )
    happened_at = models.DateTimeField(_("when"))
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    text = models.TextField(_("what happened"), max_length=LONGEST_TEXT, blank=True)
    values = models.JSONField(_("answers"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    place = models.PointField(_("place"), srid=4326, null=True, blank=True)
    place_precision = models.PositiveSmallIntegerField(
        _("precision of the place"), null=True, blank=True, help_text=_("In metres.")
    )
    place_text = models.CharField(_("where"), max_length=200, blank=True)
    groups = models.ManyToManyField(
        TargetGroup, through="EntryGroup", blank=True, related_name="entries", verbose_name=_("target groups")
    )
    parties = models.ManyToManyField(
        Party, through="EntryParty", blank=True, related_name="entries", verbose_name=_("parties of interest")
    )
    challenges = models.ManyToManyField(
        Challenge, through="EntryChallenge", blank=True, related_name="entries", verbose_name=_("challenges")
    )
    effort = models.ForeignKey(
        Effort, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("joint effort")
    )
    flagged_for = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shared with the unit"),
        help_text=_("The unit's contact person in the sector can read this."),
    )
    follow_up_on = models.DateField(_("come back to it on"), null=True, blank=True)
    follow_up_done_at = models.DateTimeField(_("followed up"), null=True, blank=True, editable=False)
    follow_up_done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ("-happened_at", "-pk")
        indexes = [
            models.Index(fields=("sector", "-happened_at", "-id"), name="entry_of_sector"),
            models.Index(fields=("author", "-happened_at", "-id"), name="entry_of_author"),
            # The mirror counts from the index alone.
            models.Index(fields=("sector", "outcome", "happened_at"), name="entry_of_outcome"),
            models.Index(
                fields=("follow_up_on",),
                condition=Q(follow_up_on__isnull=False, follow_up_done_at=None),
                name="entry_to_follow_up",
            ),
            models.Index(
                fields=("flagged_for", "-happened_at"),
                condition=Q(flagged_for__isnull=False),
                name="entry_flagged",
            ),
            models.Index(
                fields=("effort", "-happened_at"), condition=Q(effort__isnull=False), name="entry_of_effort"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("written_at") + CLOCK_TOLERANCE),
                name="entry_lies_in_the_past",
                violation_error_message=_("This lies in the future. Look at the date and the time."),
            ),
            models.CheckConstraint(
                condition=Q(place=None) | Q(place_precision__gt=0),
                name="entry_place_has_precision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector}: {timezone.localtime(self.happened_at):%Y-%m-%d %H:%M}"

    @property
    def correctable_until(self) -> datetime.datetime:
        return self.written_at + CORRECTABLE_FOR


class EntryLink(models.Model):
    """What an entry is about. `sector` and `happened_at` are the entry's: the database copies them (a trigger),
    so that the entries of one group, party or challenge come in order without a look at all the others.
    """

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="+", editable=False, null=True)
    happened_at = models.DateTimeField(editable=False, null=True)

    class Meta:
        abstract = True


class EntryGroup(EntryLink):
    entry = models.ForeignKey(LogEntry, models.CASCADE, related_name="group_links")
    group = models.ForeignKey(TargetGroup, models.PROTECT, related_name="entry_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("entry", "group"), name="entrygroup_once")]
        indexes = [models.Index(fields=("sector", "group", "-happened_at"), name="entrygroup_in_order")]


class EntryParty(EntryLink):
    entry = models.ForeignKey(LogEntry, models.CASCADE, related_name="party_links")
    party = models.ForeignKey(Party, models.CASCADE, related_name="entry_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("entry", "party"), name="entryparty_once")]
        indexes = [models.Index(fields=("party", "-happened_at"), name="entryparty_in_order")]


class EntryChallenge(EntryLink):
    entry = models.ForeignKey(LogEntry, models.CASCADE, related_name="challenge_links")
    challenge = models.ForeignKey(Challenge, models.CASCADE, related_name="entry_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("entry", "challenge"), name="entrychallenge_once")]
        indexes = [models.Index(fields=("challenge", "-happened_at"), name="entrychallenge_in_order")]


class EntryRevision(models.Model):
    """What an entry said before it was corrected; written by the database alone."""

    entry = models.ForeignKey(LogEntry, models.CASCADE, related_name="revisions")
    replaced_at = models.DateTimeField(_("replaced"))
    was = models.JSONField(_("earlier wording"))

    class Meta:
        verbose_name = _("earlier wording of an entry")
        verbose_name_plural = _("earlier wordings of entries")
        ordering = ("-replaced_at",)


class Addendum(models.Model):
    """What was added to an entry later. Added to, never changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(LogEntry, models.CASCADE, related_name="addenda")
    text = models.TextField(_("addendum"), max_length=LONGEST_TEXT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ("at",)


def attachment_storage() -> FileSystemStorage:
    """Return the folder of attachments: outside everything that the web server hands out by itself."""
    return FileSystemStorage(location=settings.ATTACHMENTS_ROOT, base_url=None)


def _place(attachment: Any, filename: str) -> str:
    """Return where an attachment is kept: a name that says nothing."""
    return f"{attachment.uuid.hex[:2]}/{attachment.uuid.hex}"


class Attachment(models.Model):
    """A picture or document of an entry. Its file comes and goes with the row."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(LogEntry, models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), storage=attachment_storage, upload_to=_place, max_length=100)
    filename = models.CharField(max_length=150, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(help_text="bytes", editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("uploaded_at",)

    def __str__(self) -> str:
        return self.filename


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> PromiseQuerySet:
        return self.filter(in_reach_of(user, at=at))

    def open(self) -> PromiseQuerySet:
        """Return what has not been told back."""
        return self.filter(told_back_at=None)


class Promise(models.Model):
    """What an officer promised a citizen, by when, and that the citizen was told what came of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(LogEntry, models.CASCADE, related_name="promises")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="promises", editable=False)
    what = models.CharField(_("what was promised"), max_length=300)
    to_whom = models.CharField(_("to whom"), max_length=150, blank=True)
    due_on = models.DateField(_("by"))
    told_back_at = models.DateTimeField(_("told back"), null=True, blank=True, editable=False)
    told_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    told_back = models.CharField(_("what they were told"), max_length=300, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ("due_on", "pk")
        indexes = [
            models.Index(fields=("sector", "due_on"), condition=Q(told_back_at=None), name="promise_open"),
        ]

    def __str__(self) -> str:
        return self.what
