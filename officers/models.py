"""Who works here: accounts, officers, and the dated rows that say who is responsible for what, and when."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sectors.models import District, Sector, Station


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A login. Its e-mail address is its name; what it may do follows from dated rows, not from groups."""

    # AbstractUser's field is taken away, in Django's documented way.
    username = None  # type: ignore[assignment]
    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("This e-mail address has an account already.")}
    )

    objects = UserManager()  # type: ignore[misc,assignment]  # a manager without user names

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("email",)

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def headed_stations(self, *, at: datetime.datetime | None = None) -> models.QuerySet[Station]:
        """Return the stations that this account heads at the instant `at`, now by default."""
        leadership = Leadership.objects.active_at(at or timezone.now()).filter(user=self, district=None)
        return Station.objects.filter(pk__in=leadership.values("station"))


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows that hold for a period `[begins, ends)`, never deleted."""

    def active_at(self, instant: datetime.datetime) -> PeriodQuerySet:
        return self.filter(period__contains=instant)


class Leadership(models.Model):
    """Who heads a station or one of its districts, and when (handbook, How to perform the task, 2)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="leaderships", verbose_name=_("account"))
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="leaderships", verbose_name=_("station")
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leaderships",
        verbose_name=_("local police district"),
        help_text=_("Empty: head of the whole station."),
    )
    period = DateTimeRangeField(_("period"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("leadership")
        verbose_name_plural = _("leadership")
        ordering = ("station", "district", "period")
        constraints = [
            ExclusionConstraint(
                name="leadership_one_station_head",
                expressions=[("station", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(district=None),
                violation_error_message=_("This station has another head in this period. End that first."),
            ),
            ExclusionConstraint(
                name="leadership_one_district_head",
                expressions=[("district", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("This district has another head in this period. End that first."),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inc=True, period__upper_inc=False),
                name="leadership_has_beginning",
                violation_error_message=_("Say when the leadership begins, and let it end later than that."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.district or self.station}"


class OfficerQuerySet(models.QuerySet["Officer"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> OfficerQuerySet:
        return self.filter(station__in=Station.objects.visible_to(user, at=at))


class Officer(models.Model):
    """A police officer as the public knows them: name, title, and how to reach them.

    Every field but `station` and `user` is shown on the public pages while the officer is appointed to a sector.
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

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class AssignmentQuerySet(PeriodQuerySet):
    def valid(self) -> AssignmentQuerySet:
        """Leave out the appointments that were withdrawn before they began."""
        return self.filter(withdrawn_at=None)

    def active_at(self, instant: datetime.datetime) -> AssignmentQuerySet:
        return self.valid().filter(period__contains=instant)

    def from_instant(self, instant: datetime.datetime) -> AssignmentQuerySet:
        """Return the appointments that hold at `instant` or begin later."""
        return self.valid().filter(Q(period__endswith__gt=instant) | Q(period__upper_inf=True))

    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> AssignmentQuerySet:
        return self.filter(sector__in=Sector.objects.visible_to(user, at=at))


class Assignment(models.Model):
    """An officer's appointment to a sector for a period.

    Made by the station head in the admin. It ends, it is never deleted, and once it has begun its beginning
    stays: who was answerable at a past instant has one answer for ever. The database refuses anything else.
    An appointment that has not begun can be withdrawn.
    """

    class Role(models.TextChoices):
        RESPONSIBLE = "responsible", _("Responsible officer")
        ATTACHED = "attached", _("Attached officer")

    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="assignments", verbose_name=_("officer")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="assignments", verbose_name=_("sector"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    period = DateTimeRangeField(_("period"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("sector", "role", "period")
        constraints = [
            ExclusionConstraint(
                name="assignment_one_responsible_per_sector",
                expressions=[("sector", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(role="responsible", withdrawn_at=None),
                violation_error_message=_(
                    "This sector has a responsible officer in this period. "
                    "End that appointment first, or let this one begin when it ends."
                ),
            ),
            ExclusionConstraint(
                name="assignment_once_per_officer_and_sector",
                expressions=[
                    ("sector", RangeOperators.EQUAL),
                    ("officer", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This officer is appointed to this sector in this period already."),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inc=True, period__upper_inc=False),
                name="assignment_has_beginning",
                violation_error_message=_("Say when the appointment begins, and let it end later than that."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__lte=F("period__startswith")),
                name="assignment_withdrawn_before_it_began",
                violation_error_message=_("An appointment that has begun is not withdrawn, it ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} – {self.sector}"
