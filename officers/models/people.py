"""Officers as the public knows them: name, how to reach them, portrait, hours of duty."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models.accounts import User
from sectors.models import Station


class PatrolForm(models.TextChoices):
    """How an officer patrols; on foot or bicycle first (handbook, How to perform the task, 6)."""

    FOOT = "foot", _("on foot")
    BICYCLE = "bicycle", _("by bicycle")
    VEHICLE = "vehicle", _("in a vehicle")


class OfficerQuerySet(models.QuerySet["Officer"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> OfficerQuerySet:
        """Return a station head's officers, those appointed in a district head's district, and oneself."""
        from officers.models.assignments import Assignment

        standing = user.standing_at(at)
        in_districts = Assignment.objects.from_instant(at or timezone.now()).filter(
            sector__district__in=standing.districts
        )
        return self.filter(
            Q(station__in=standing.stations) | Q(pk__in=in_districts.values("officer")) | Q(user=user)
        )

    def headed_by(self, user: User) -> OfficerQuerySet:
        """Return what `user` may act on as a station's head."""
        return self.filter(station__in=user.standing.stations)


class Officer(models.Model):
    """A police officer as the public knows them: name, title, and how to reach them.

    `name`, `title`, `phone`, `email` and the portrait are shown on the public pages while the officer answers for
    a sector or is attached to one.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="officers", verbose_name=_("station"))
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="officer", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=100)
    title = models.CharField(
        _("title"), max_length=100, blank=True, help_text=_("For example: Police constable")
    )
    phone = models.CharField(_("telephone"), max_length=30)
    email = models.EmailField(_("e-mail"))
    patrol_form = models.CharField(
        _("usual form of patrol"), max_length=7, choices=PatrolForm, default=PatrolForm.FOOT
    )

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class DutyHours(models.Model):
    """The hours in which an officer is usually on duty on a weekday, within 07 and 23.

    Rule: handbook, How to perform the task, 5. An officer without any row is on duty from 07 to 23.
    """

    BEGINS, ENDS = datetime.time(7), datetime.time(23)

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="duty_hours", verbose_name=_("officer"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    begins = models.TimeField(_("from"), default=BEGINS)
    ends = models.TimeField(_("to"), default=ENDS)

    class Meta:
        verbose_name = _("hours of duty")
        verbose_name_plural = _("hours of duty")
        ordering = ("officer", "weekday")
        constraints = [
            models.UniqueConstraint(
                fields=("officer", "weekday"),
                name="dutyhours_once_per_weekday",
                violation_error_message=_("This weekday has its hours already."),
            ),
            models.CheckConstraint(
                condition=Q(begins__gte=datetime.time(7), ends__lte=datetime.time(23), begins__lt=F("ends")),
                name="dutyhours_between_7_and_23",
                violation_error_message=_(
                    "Duty lies between 07:00 and 23:00, and ends later than it begins."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H:%M}–{self.ends:%H:%M}"


class Portrait(models.Model):
    """An officer's portrait: JPEG squares that were written anew, so that nothing of the uploaded file is left.

    Kept in the database: a few kilobytes that commit with their cause and need no shared folder.
    """

    officer = models.OneToOneField(
        Officer, models.CASCADE, related_name="portrait", verbose_name=_("officer")
    )
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of the large picture; part of the public address"
    )
    small = models.BinaryField()
    medium = models.BinaryField()
    large = models.BinaryField()
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("portrait")
        verbose_name_plural = _("portraits")

    def __str__(self) -> str:
        return str(self.officer)


class ProfileDraft(models.Model):
    """What an officer wants to be shown of them: written by themselves, published by the station's head."""

    officer = models.OneToOneField(
        Officer, models.CASCADE, related_name="profile_draft", verbose_name=_("officer")
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=30)
    email = models.EmailField(_("e-mail"))
    patrol_form = models.CharField(_("usual form of patrol"), max_length=7, choices=PatrolForm)
    # The large picture of a portrait, written anew when it was uploaded; empty: no change.
    picture = models.BinaryField(default=b"", blank=True)
    submitted_at = models.DateTimeField(_("submitted"), auto_now=True)

    class Meta:
        verbose_name = _("profile draft")
        verbose_name_plural = _("profile drafts")

    def __str__(self) -> str:
        return str(self.officer)
