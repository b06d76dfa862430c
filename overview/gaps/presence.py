"""An event without the officers who must be there (handbook, How to perform the task: presence at major events).

Who said no does not count, nor does who is away then. An event counts on each day on which it takes place, at night
too.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from contacts.models import Event, EventPresence
from contacts.publishing.presence import upcoming_in
from officers.models import Absence
from overview.gaps import Gap, GapKind
from overview.gaps.acts import assign_to
from overview.gaps.window import Window, day_of
from overview.gaps.wording import when
from sectors.models import Sector

MICROSECOND = datetime.timedelta(microseconds=1)


def gaps(sectors: Collection[Sector], window: Window) -> Iterator[Gap]:
    """Yield the events of the sectors and of all of their stations' that lack officers. At most three queries."""
    if not sectors:
        return
    upcoming = upcoming_in(sectors, window.first, window.last).filter(required_presence__gt=0)
    with_sectors = Prefetch("sectors", Sector.objects.select_related("station", "district"))
    events = list(
        upcoming.ending_after(window.begins).select_related("station").prefetch_related(with_sectors)
    )
    free = _free(events)
    for event in events:
        days = window.within(
            max(day_of(event.begins_at), day_of(window.begins)), day_of(event.ends_at - MICROSECOND)
        )
        if days is not None and free.get(event.pk, 0) < event.required_presence:
            act = assign_to(event)
            yield Gap(
                GapKind.EVENT,
                event.station,
                _only(list(event.sectors.all())),
                days.first,
                days.last,
                _sentence(event, free.get(event.pk, 0), when(days, window.today)),
                act.name,
                act.url,
                days.goes_on,
            )


def _free(events: Collection[Event]) -> dict[int, int]:
    """Return how many of the officers who are assigned to each event can be there."""
    return dict(_coming(events).values_list("event").annotate(officers=Count("officer")))


def _coming(events: Collection[Event]) -> QuerySet[EventPresence]:
    away = Absence.objects.valid().filter(
        Q(period__endswith__gt=OuterRef("event__begins_at")) | Q(period__upper_inf=True),
        officer=OuterRef("officer"),
        period__startswith__lt=OuterRef("event__ends_at"),
    )
    rows = EventPresence.objects.filter(event__in=events).exclude(answer=EventPresence.Answer.NO)
    return rows.exclude(Exists(away)).order_by()


def _only(sectors: list[Sector]) -> Sector | None:
    return sectors[0] if len(sectors) == 1 else None


def _sentence(event: Event, there: int, words: str) -> str:
    return _("“%(event)s” %(when)s: %(there)d of %(required)d officers.") % {
        "event": event,
        "when": words,
        "there": there,
        "required": event.required_presence,
    }
