"""Events, and who must be there (handbook, How to perform the task: presence at major events)."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models.publishing import Published, PublishedQuerySet, published_constraints
from officers.models import Officer
from sectors.models import Sector, Station

if TYPE_CHECKING:
    from officers.models import User


class EventQuerySet(PublishedQuerySet):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> EventQuerySet:
        """Return the events of the stations in which one works: presence is planned across sectors."""
        return self.filter(station__in=user.standing_at(at).home)

    def public(self) -> EventQuerySet:
        """Return those that the public is told of: published and not internal."""
        return self.published().filter(is_internal=False)

    def ending_after(self, instant: datetime.datetime) -> EventQuerySet:
        return self.filter(ends_at__gt=instant)


class Event(Published):
    """Something that takes place in one or several sectors: an open meeting, a street festival, a match.

    The public is told of it unless it is internal; how many must be present, and who is, is told to staff alone.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="events", verbose_name=_("station"))
    sectors = models.ManyToManyField(
        Sector,
        blank=True,
        related_name="events",
        verbose_name=_("sectors"),
        help_text=_("None: all of the station's sectors."),
    )
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    title_da = models.CharField(_("title in Danish"), max_length=120, blank=True)
    text_en = models.TextField(_("text in English"), max_length=3000, blank=True)
    text_da = models.TextField(_("text in Danish"), max_length=3000, blank=True)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=150)
    point = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    is_internal = models.BooleanField(
        _("internal"), default=False, help_text=_("The public is not told of it.")
    )
    is_major = models.BooleanField(
        _("major event"), default=False, help_text=_("The police must be present.")
    )
    required_presence = models.PositiveSmallIntegerField(
        _("officers required"), default=0, help_text=_("How many officers must be present.")
    )
    briefing = models.TextField(
        _("for staff"),
        max_length=4000,
        blank=True,
        help_text=_("Meeting point, tasks, agreements. Never public."),
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("begins_at",)
        constraints = [
            *published_constraints("event"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="event_ends_after_it_begins",
                violation_error_message=_("An event ends later than it begins."),
            ),
            models.CheckConstraint(
                condition=Q(is_major=False) | Q(required_presence__gte=1),
                name="event_major_requires_presence",
                violation_error_message=_("Say how many officers must be present at a major event."),
            ),
        ]
        indexes = [models.Index(fields=("station", "ends_at"), name="event_to_come")]

    def __str__(self) -> str:
        return self.title or str(_("Event without a title"))


class EventPresence(models.Model):
    """An officer who is assigned to be present at an event, for all of it or a part."""

    class Answer(models.TextChoices):
        YES = "yes", _("will be there")
        NO = "no", _("cannot be there")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="presences", verbose_name=_("event"))
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="presences", verbose_name=_("officer"))
    task = models.CharField(_("task"), max_length=200, blank=True)
    begins_at = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("Empty: from its beginning.")
    )
    ends_at = models.DateTimeField(_("to"), null=True, blank=True, help_text=_("Empty: to its end."))
    answer = models.CharField(_("the officer says"), max_length=3, choices=Answer, blank=True, editable=False)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned"), auto_now_add=True)

    class Meta:
        verbose_name = _("presence at an event")
        verbose_name_plural = _("presences at events")
        ordering = ("event", "officer")
        constraints = [
            models.UniqueConstraint(
                fields=("event", "officer"),
                name="eventpresence_once",
                violation_error_message=_("This officer is assigned to the event already."),
            ),
            models.CheckConstraint(
                condition=Q(begins_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("begins_at")),
                name="eventpresence_ends_after_it_begins",
                violation_error_message=_("Presence ends later than it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.event}"
