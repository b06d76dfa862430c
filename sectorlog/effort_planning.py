"""Plan a joint effort, give its tasks to people, do them, evaluate it (handbook, The task: targeted efforts)."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from notifications.sending import notify
from officers.models import Assignment, Cover, Leadership, Liaison, User
from sectorlog.models import Effort, EffortTask
from sectorlog.permissions import can_head_sector
from sectors.models import Sector, Station
from sectors.spelling import search_key


def answers_for(user: User, sector: Sector) -> bool:
    """Whether `user` is responsible for the sector or heads it: may bring it into an effort."""
    return sector.pk in user.standing.responsible or can_head_sector(user, sector)


def station_of(effort: Effort) -> Station | None:
    """Return a station of the effort's sectors: whose words of source handling hold for what is written."""
    return Station.objects.filter(sectors__efforts=effort).order_by("pk").first()


def sectors_offered(user: User, effort: Effort | None) -> QuerySet[Sector]:
    """Return the sectors in force of the stations where `user` works, and those that the effort has already."""
    now = timezone.now()
    near = Q(pk__in=Sector.objects.in_force_at(now).filter(station__in=user.standing.home).values("pk"))
    own = Q(pk__in=user.standing.sectors)
    known = Q(efforts=effort) if effort and effort.pk else Q(pk__in=[])
    found: QuerySet[Sector] = Sector.objects.filter(near | own | known).select_related("district")
    return found.order_by("station", "district__name", "number").distinct()


def sectors_named(names: Iterable[str]) -> dict[str, Sector | None]:
    """Return for each name the one sector in force, of whichever station, called so; None for none or for several.

    All sectors are read once, however many names there are.
    """
    called: dict[str, set[Sector]] = {}
    for sector in Sector.objects.in_force_at(timezone.now()):
        for key in (search_key(sector.name), search_key(str(sector))):
            called.setdefault(key, set()).add(sector)
    found = {name: called.get(key, set()) if (key := search_key(name)) else set() for name in names}
    return {name: next(iter(ones)) if len(ones) == 1 else None for name, ones in found.items()}


def tell_heads(effort: Effort, added: Iterable[Sector], *, by: User) -> None:
    """Tell the heads of sectors that somebody else brought into the effort by mail: that it is so, and where."""
    others = [sector for sector in added if not answers_for(by, sector)]
    heading = Leadership.objects.active_at(timezone.now()).filter(
        Q(district__in=[sector.district_id for sector in others])
        | Q(station__in=[sector.station_id for sector in others], district=None)
    )
    # The mail finds the page in its own language from the default's.
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("sectorlog:effort_detail", args=[effort.uuid])
    told = User.objects.filter(pk__in=heading.values("user"), is_active=True).exclude(pk=by.pk)
    for head in told.order_by("pk"):
        notify("sectorlog.effort_joined", to_user=head, context={"path": path})


def people_for(effort: Effort) -> QuerySet[User]:
    """Return whom a task of the effort can be given to, now.

    Who works in one of its sectors, covers or heads it, or is the contact there of a unit that takes part.
    """
    now, sectors = timezone.now(), effort.sectors.all()
    appointed = Assignment.objects.active_at(now).filter(sector__in=sectors)
    covering = Cover.objects.active_at(now).filter(sector__in=sectors)
    heading = Leadership.objects.active_at(now).filter(
        Q(district__in=sectors.values("district")) | Q(station__in=sectors.values("station"), district=None)
    )
    contacts = Liaison.objects.active_at(now).filter(sector__in=sectors, unit__in=effort.units.all())
    return User.objects.filter(
        Q(pk__in=appointed.values("officer__user"))
        | Q(pk__in=covering.values("officer__user"))
        | Q(pk__in=heading.values("user"))
        | Q(pk__in=contacts.values("user")),
        is_active=True,
    ).order_by("name", "email")


def give(task: EffortTask, *, by: User, instead_of: int | None = None) -> None:
    """Tell who has the task now by mail: that there is one, and where. Not those who gave it to themselves."""
    if task.who is None or task.who == by or task.who.pk == instead_of:
        return
    # The mail finds the page in its own language from the default's.
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("sectorlog:effort_detail", args=[task.effort.uuid])
    notify("sectorlog.task_given", to_user=task.who, context={"day": task.due_on, "path": path})


def finish(task: EffortTask, *, by: User) -> None:
    """Mark the task as done; whoever comes second changes nothing."""
    EffortTask.objects.filter(pk=task.pk, done_at=None).update(done_at=timezone.now(), done_by=by)


def reopen(task: EffortTask) -> None:
    """Take back that the task is done."""
    EffortTask.objects.filter(pk=task.pk).update(done_at=None, done_by=None)


def close(effort: Effort, evaluation: str, *, by: User) -> None:
    """Close the effort with its evaluation, unless it is closed. The caller has locked it and looked."""
    running = Effort.objects.running().filter(pk=effort.pk)
    running.update(evaluation=evaluation, closed_at=timezone.now(), closed_by=by)
