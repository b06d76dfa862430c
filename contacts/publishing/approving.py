"""From a draft to what the public reads, and back: handed in, approved or sent back, taken back, written anew.

Each act locks its row and looks again, so that of two people the second is told (ActedMeanwhile). Mails hold no word
of the text: a link.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone, translation

from contacts.models import Event, Notice, PublishingRule
from contacts.models.publishing import Published
from contacts.permissions import can_approve_event, can_approve_notice
from contacts.publishing import presence
from notifications.sending import notify, withdraw
from officers.models import Leadership
from sectors.models import District, Station

if TYPE_CHECKING:
    from officers.models import User

Item = Notice | Event
# What a published row does not share with the draft that is written anew from it.
OWN = {"id", "uuid", "state", "written_by", "written_at", "approved_by", "published_at"} | {
    "sent_back_because",
    "withdrawn_at",
    "cancelled_at",
    "replaces",
}


class ActedMeanwhile(Exception):
    """Somebody else changed, published or took it back since the page was made."""


def can_approve(user: User, item: Item) -> bool:
    return can_approve_notice(user, item) if isinstance(item, Notice) else can_approve_event(user, item)


def needs_approval(station: Station) -> bool:
    """Whether a head approves what the station's officers write; without a rule one does."""
    rule = PublishingRule.objects.filter(station=station).first()
    return rule is None or rule.needs_approval


def publishes_at_once(user: User, item: Item) -> bool:
    """Whether handing it in publishes it: a head's own, and everybody's where the station wants it so."""
    return can_approve(user, item) or not needs_approval(item.station)


def missing_texts(item: Item) -> list[str]:
    """Return the names of the fields that must be filled in before it is published."""
    names = ["title_en", "title_da", "text_en", "text_da"]
    if isinstance(item, Notice) and item.kind == Notice.Kind.YOU_SAID:
        names += ["said_en", "said_da"]
    return [name for name in names if not getattr(item, name).strip()]


def texts(item: Item) -> Iterator[str]:
    """Yield all that the public would read of it."""
    names = ("title_en", "title_da", "said_en", "said_da", "text_en", "text_da", "place")
    yield from (str(getattr(item, name)) for name in names if hasattr(item, name))


def seen(item: Item) -> str:
    """Return a digest of what the page shows: an act on it is refused once it says something else."""
    kept = ("replaces", "withdrawn_at", "cancelled_at", "sent_back_because")
    held = [str(field.value_from_object(item)) for field in item._meta.fields if field.name not in kept]
    if isinstance(item, Event):
        held += sorted(str(sector.pk) for sector in item.sectors.all())
    return hashlib.sha256("\x1f".join(held).encode()).hexdigest()[:32]


@contextmanager
def _holding(item: Item, states: tuple[str, ...], as_seen: str | None = None) -> Iterator[Any]:
    """Lock the row and hand it out as it is now. Raises ActedMeanwhile where it is not as it was seen."""
    with transaction.atomic():
        rows = type(item)._default_manager.select_for_update(of=("self",)).select_related("station")
        held: Any = rows.get(pk=item.pk)
        if held.state not in states or (as_seen is not None and as_seen != seen(held)):
            raise ActedMeanwhile
        yield held


def hand_in(item: Item, *, by: User, as_seen: str, now: datetime.datetime | None = None) -> Item:
    """Publish the draft, or let it wait for a head, who is told. Raises ActedMeanwhile."""
    with _holding(item, (Published.State.DRAFT,), as_seen) as held:
        if publishes_at_once(by, held):
            _publish(held, by, now or timezone.now())
        else:
            held.state, held.sent_back_because = Published.State.WAITING, ""
            held.save(update_fields=["state", "sent_back_because"])
            for head in heads_of(held):
                _tell("waiting", head, held)
    found: Item = held
    return found


def approve(item: Item, *, by: User, as_seen: str, now: datetime.datetime | None = None) -> None:
    """Publish what waits; its writer is told. Raises ActedMeanwhile."""
    with _holding(item, (Published.State.WAITING,), as_seen) as held:
        _publish(held, by, now or timezone.now())
        _no_longer_waiting(held)
        if held.written_by != by:
            _tell("published", held.written_by, held)


def send_back(item: Item, reason: str, *, by: User, as_seen: str) -> None:
    """Make what waits a draft again; its writer is told that there is a reason. Raises ActedMeanwhile."""
    with _holding(item, (Published.State.WAITING,), as_seen) as held:
        held.send_back(reason)
        _no_longer_waiting(held)
        if held.written_by != by:
            _tell("sent_back", held.written_by, held)


def rewrite(item: Item) -> None:
    """Note that a text which waits was changed by whom may not approve it: it is a draft again."""
    if item.state == Published.State.WAITING:
        item.state = Published.State.DRAFT
        item.save(update_fields=["state"])
        _no_longer_waiting(item)


def take_back(item: Item, *, now: datetime.datetime | None = None) -> None:
    """Take what is published from the public pages at once. Raises ActedMeanwhile."""
    with _holding(item, (Published.State.PUBLISHED,)) as held:
        held.withdraw(now or timezone.now())


def discard(item: Item) -> None:
    """Delete a draft, or what waits. Raises ActedMeanwhile for what has been published."""
    with _holding(item, (Published.State.DRAFT, Published.State.WAITING)) as held:
        _no_longer_waiting(held)
        held.delete()


def cancel(event: Event, *, by: User, now: datetime.datetime | None = None) -> None:
    """Call a published event off: the public sees that it is cancelled. Raises ActedMeanwhile."""
    with _holding(event, (Published.State.PUBLISHED,)) as held:
        if held.cancelled_at is not None:
            raise ActedMeanwhile
        held.cancelled_at = now or timezone.now()
        held.save(update_fields=["cancelled_at"])
        presence.tell_cancelled(held, by=by)


@transaction.atomic
def write_anew(item: Item, *, by: User) -> Item:
    """Return a draft with the same words; once it is published, it takes the old one back.

    Where such a draft is begun already, that one.
    """
    kind: Any = type(item)
    kind.objects.select_for_update().get(pk=item.pk)
    begun = kind.objects.filter(replaces=item, state__in=[Published.State.DRAFT, Published.State.WAITING])
    if (known := begun.first()) is not None:
        found: Item = known
        return found
    values = {field.name: getattr(item, field.name) for field in item._meta.fields if field.name not in OWN}
    draft: Item = kind.objects.create(**values, written_by=by, replaces=item)
    if isinstance(item, Event) and isinstance(draft, Event):
        draft.sectors.set(item.sectors.all())
    return draft


def _publish(item: Any, by: User, now: datetime.datetime) -> None:
    old = item.replaces
    item.publish(by, now)
    if old is None:
        return
    if isinstance(item, Event):
        presence.move(old, item, by=by)
    if old.state == Published.State.PUBLISHED:
        old.withdraw(now)


def heads_of(item: Item) -> list[User]:
    """Return who can approve it: the head of its district, else that of the station."""
    now = timezone.now()
    leading = Leadership.objects.active_at(now).filter(station=item.station, user__is_active=True)
    district = _district(item)
    of_district = leading.filter(district=district) if district else leading.none()
    chosen = of_district if of_district.exists() else leading.filter(district=None)
    return [row.user for row in chosen.select_related("user").order_by("pk")]


def _district(item: Item) -> District | None:
    """Return the one district that it concerns, None for several or all of the station."""
    if isinstance(item, Notice):
        return item.sector.district if item.sector else None
    districts = {sector.district for sector in item.sectors.select_related("district")}
    return districts.pop() if len(districts) == 1 else None


def waiting_for(user: User) -> tuple[list[Notice], list[Event]]:
    """Return what `user` can approve now, longest waiting first."""
    standing = user.standing
    stations, districts = Q(station__in=standing.stations), standing.districts
    mine = stations | Q(sector__district__in=districts)
    notices = Notice.objects.waiting().filter(mine).select_related("sector", "station", "written_by")
    here = stations | Q(sectors__district__in=districts)
    events = Event.objects.waiting().filter(here).select_related("station", "written_by").distinct()
    found = events.prefetch_related("sectors").order_by("written_at")
    return list(notices.order_by("written_at")), [one for one in found if can_approve_event(user, one)]


def kind_of(item: Model) -> str:
    return "notice" if isinstance(item, Notice) else "event"


def _tell(what: str, user: User, item: Item) -> None:
    if user.is_active:
        with translation.override(settings.LANGUAGE_CODE):
            path = reverse(f"contacts:{kind_of(item)}_detail", args=[item.uuid])
        context = {"path": path, "item": str(item.uuid)}
        notify(f"contacts.{kind_of(item)}_{what}", to_user=user, context=context)


def _no_longer_waiting(item: Item) -> None:
    """Take back mails to heads that have not left."""
    withdraw(f"contacts.{kind_of(item)}_waiting", item=str(item.uuid))
