"""Who must be at an event, who is, and who is lacking (handbook, How to perform the task: major events)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.models import Event, EventPresence
from contacts.models.events import EventQuerySet
from notifications.sending import notify, withdraw
from officers.models import Absence, Officer
from sectors.instants import instant_text
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

ASSIGNED, RELEASED = "contacts.presence_assigned", "contacts.presence_withdrawn"
DECLINED, CANCELLED = "contacts.presence_declined", "contacts.event_cancelled"


def upcoming_for(user: User, now: datetime.datetime) -> EventQuerySet:
    """Return the events, soonest first, at which `user` is to be present and that are not over at `now`.

    Drafts too: who is assigned is expected there, whether or not the public knows of it yet. One query.
    """
    mine = EventPresence.objects.filter(officer__user=user).exclude(answer=EventPresence.Answer.NO)
    coming: EventQuerySet = Event.objects.ending_after(now).filter(
        pk__in=mine.values("event"), cancelled_at=None
    )
    return coming.exclude(state=Event.State.WITHDRAWN).order_by("begins_at")


def upcoming_in(sectors: Iterable[Sector], first: datetime.date, last: datetime.date) -> EventQuerySet:
    """Return the published events, internal ones too, in any of the sectors from `first` to `last`, soonest first.

    Those of all of their stations' sectors are among them; cancelled ones are not.
    """
    sectors = list(sectors)
    zone = timezone.get_default_timezone()
    begins = datetime.datetime.combine(first, datetime.time(), tzinfo=zone)
    ends = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time(), tzinfo=zone)
    stations = {sector.station_id for sector in sectors}
    # Asked apart: a join with the sectors would name an event once for each of them.
    here = Q(pk__in=Event.objects.filter(sectors__in=sectors).values("pk"))
    everywhere = Q(pk__in=Event.objects.filter(station__in=stations, sectors=None).values("pk"))
    found: EventQuerySet = Event.objects.published().filter(here | everywhere, cancelled_at=None)
    return found.filter(begins_at__lt=ends, ends_at__gt=begins).order_by("begins_at")


def lacking(events: EventQuerySet) -> EventQuerySet:
    """Return those at which fewer officers are assigned than required, with their number as `missing`.

    Who has said that they cannot be there does not count.
    """
    counted = events.annotate(
        assigned=Count("presences", filter=~Q(presences__answer=EventPresence.Answer.NO), distinct=True)
    )
    found: EventQuerySet = counted.filter(required_presence__gt=F("assigned")).annotate(
        missing=F("required_presence") - F("assigned")
    )
    return found


def assignable(event: Event) -> list[Officer]:
    """Return the station's officers, without those whose account is switched off, by name."""
    of_station = Officer.objects.filter(station=event.station)
    return list(of_station.filter(Q(user=None) | Q(user__is_active=True)).order_by("name", "pk"))


def occupied(event: Event, officers: Iterable[Officer]) -> dict[int, list[str]]:
    """Return, by officer, in sentences why they may not be free during the event. Two queries for all of them."""
    keys = [officer.pk for officer in officers]
    found: dict[int, list[str]] = {}
    period = (event.begins_at, event.ends_at)
    for absence in Absence.objects.overlapping(period).filter(officer__in=keys).order_by("period"):
        found.setdefault(absence.officer_id, []).append(_("away then"))
    elsewhere = EventPresence.objects.filter(
        officer__in=keys,
        event__begins_at__lt=event.ends_at,
        event__ends_at__gt=event.begins_at,
        event__cancelled_at=None,
    ).exclude(event__state=Event.State.WITHDRAWN)
    others = elsewhere.exclude(Q(event=event) | Q(answer=EventPresence.Answer.NO)).select_related("event")
    for presence in others.order_by("event__begins_at"):
        words = {
            "event": presence.event,
            "from": instant_text(presence.begins_at or presence.event.begins_at),
        }
        found.setdefault(presence.officer_id, []).append(_("at “%(event)s” from %(from)s") % words)
    return found


@transaction.atomic
def assign(
    event: Event,
    officers: Iterable[Officer],
    *,
    by: User,
    task: str = "",
    begins_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
) -> None:
    """Assign the officers, for all of the event or a part; of those assigned already, change task and times.

    Each is told by mail that it is so, and where to read it; who is told anew answers anew.
    """
    given = {"task": task, "begins_at": begins_at, "ends_at": ends_at}
    for officer in officers:
        presence, is_new = EventPresence.objects.get_or_create(
            event=event, officer=officer, defaults={**given, "assigned_by": by}
        )
        if not is_new and any(getattr(presence, name) != value for name, value in given.items()):
            EventPresence.objects.filter(pk=presence.pk).update(**given, assigned_by=by, answer="")
            is_new = True
        if is_new:
            _tell(ASSIGNED, presence, by)


@transaction.atomic
def release(presence: EventPresence, *, by: User) -> None:
    """Take an officer off the event; one who was told before is told."""
    presence.delete()
    if not withdraw(ASSIGNED, at=str(presence.event.uuid), officer=presence.officer_id):
        _tell(RELEASED, presence, by)


@transaction.atomic
def answer(presence: EventPresence, said: str, *, by: User) -> None:
    """Note what the officer says; who assigned them is told of a no."""
    if presence.answer == said:
        return
    presence.answer = said
    presence.save(update_fields=["answer"])
    if said == EventPresence.Answer.NO and presence.assigned_by != by and presence.assigned_by.is_active:
        notify(DECLINED, to_user=presence.assigned_by, context={"path": event_path(presence.event)})


@transaction.atomic
def move(old: Event, new: Event, *, by: User) -> None:
    """Take along who is assigned from an event to the one that takes its place. They are told, and answer anew."""
    there = new.presences.values("officer")
    for presence in old.presences.exclude(officer__in=there).select_related("officer__user"):
        is_whole = _lies_within(presence, new)
        times = (presence.begins_at, presence.ends_at) if is_whole else (None, None)
        assign(new, [presence.officer], by=by, task=presence.task, begins_at=times[0], ends_at=times[1])


def _lies_within(presence: EventPresence, event: Event) -> bool:
    begins, ends = presence.begins_at or event.begins_at, presence.ends_at or event.ends_at
    return event.begins_at <= begins < ends <= event.ends_at


def tell_cancelled(event: Event, *, by: User) -> None:
    """Tell those who would have been there."""
    for presence in event.presences.exclude(answer=EventPresence.Answer.NO).select_related("officer__user"):
        _tell(CANCELLED, presence, by)


def _tell(what: str, presence: EventPresence, by: User) -> None:
    """Tell the officer by mail, unless it is their own act. It names no event: who it concerns reads the page."""
    officer, event = presence.officer, presence.event
    context = {"path": event_path(event), "at": str(event.uuid), "officer": officer.pk}
    if officer.user is None:
        notify(what, to_address=officer.email, context=context)
    elif officer.user != by and officer.user.is_active:
        notify(what, to_user=officer.user, context=context)


def event_path(event: Event) -> str:
    """Return the address of the event's page for staff, from which a mail finds it in any language."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("contacts:event_detail", args=[event.uuid])
