"""Handing a sector over: the pack is made, accepted thing by thing, and signed by both (handbook, 10).

After that it stays as it was: the database keeps the pack and the signatures, and nothing here changes an item that
the taker has signed for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.sending import notify
from officers.models import Assignment, Officer, User
from sectorlog.handover.pack import Pack, pack_of
from sectorlog.handover.people import giver_of
from sectorlog.models import Handover, HandoverItem, in_language
from sectorlog.permissions import can_head_sector
from sectorlog.taking_turns import take_turn
from sectors.models import Sector

Kind = HandoverItem.Kind
# Of each kind so many are accepted one by one; the rest is read.
MOST_OF_A_KIND = 20
LONGEST_TITLE = 200


class Side(StrEnum):
    """For whom somebody signs."""

    GIVER = "giver"
    TAKER = "taker"


class HandoverRefused(Exception):
    """An act that cannot be done, with the sentence that says why and what to do."""


def takers_for(sector: Sector, at: datetime.datetime) -> QuerySet[Officer]:
    """Return the officers who are appointed to the sector at `at` or will be."""
    appointed = Assignment.objects.from_instant(at).filter(sector=sector)
    return Officer.objects.filter(pk__in=appointed.values("officer")).order_by("name")


@transaction.atomic
def make(sector: Sector, taker: Officer, on: datetime.date, *, by: User) -> Handover:
    """Make the pack for the day `on`, with its items, and tell taker and giver.

    Raises HandoverRefused if the same hand-over is under way, or the taker is the one who would hand over.
    """
    take_turn([sector.pk])
    if Handover.objects.filter(sector=sector, taker=taker, on=on, taker_signed_at=None).exists():
        raise HandoverRefused(
            _("There is a hand-over to %(name)s for this day already. Open that one.") % {"name": taker.name}
        )
    noon = timezone.make_aware(datetime.datetime.combine(on, datetime.time(12)))
    pack = pack_of(sector, on)
    items = list(_items(pack))
    handover: Handover = Handover.objects.create(
        sector=sector, giver=giver_of(sector, taker, noon), taker=taker, on=on, pack=pack, made_by=by
    )
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, kind=kind, title=title, position=position)
        for position, (kind, title) in enumerate(items, start=1)
    )
    for officer in _others(handover, by):
        notify("sectorlog.handover_made", **_addressee(officer), context=_context(handover))
    return handover


def _items(pack: Pack) -> Iterator[tuple[Kind, str]]:
    """Yield what the taker accepts one by one, and write into each row of the pack which item stands for it."""
    parties = [*pack["parties"]["first"], *(row for row in pack["parties"]["others"] if row["contacts"])]
    chosen = (
        (Kind.PARTY, parties, "name"),
        (Kind.CHALLENGE, pack["challenges"], "title"),
        (Kind.PROMISE, pack["promises"], "what"),
        (Kind.FOLLOW_UP, pack["follow_ups"], "text"),
        (Kind.EFFORT, pack["efforts"], "title"),
        (Kind.GROUP, pack["groups"]["agreed"], "name"),
    )
    position = 0
    for kind, rows, title in chosen:
        for row in rows[:MOST_OF_A_KIND]:
            position += 1
            row["item"] = position
            # An entry may say all it has to say in the fields of its form.
            yield kind, (str(row[title]) or in_language(row["form"]))[:LONGEST_TITLE]


def _others(handover: Handover, by: User) -> list[Officer]:
    """Return taker and giver, without the one who does it."""
    both = (handover.taker, handover.giver)
    return [officer for officer in both if officer is not None and officer.user_id != by.pk]


def _addressee(officer: Officer) -> dict[str, Any]:
    return {"to_user": officer.user} if officer.user else {"to_address": officer.email}


def _context(handover: Handover) -> dict[str, Any]:
    # The mail finds the page in its own language from the default's.
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("sectorlog:handover_detail", args=[handover.uuid])
    return {"sector": str(handover.sector), "taker": handover.taker.name, "day": handover.on, "path": path}


def is_taker(user: User, handover: Handover) -> bool:
    return handover.taker.user_id is not None and handover.taker.user_id == user.pk


def settle(handover: Handover, uuid: Any, note: str, *, accepted: bool) -> HandoverItem:
    """Note that the taker accepted an item, or did not: then `note` says why.

    Raises HandoverRefused once the taker has signed, or for an item that is none of this hand-over's.
    """
    locked = Handover.objects.select_for_update().get(pk=handover.pk)
    if locked.taker_signed_at:
        raise HandoverRefused(_("This hand-over is signed. It stays as it is."))
    item = locked.items.filter(uuid=uuid).first()
    if item is None:
        raise HandoverRefused(_("This is no part of the hand-over. Load the page again."))
    item.accepted_at = timezone.now() if accepted else None
    item.note = note
    item.save(update_fields=["accepted_at", "note"])
    return item


def left_open(items: Any) -> int:
    """Return how many items are neither accepted nor explained."""
    return sum(item.accepted_at is None and not item.note for item in items)


def signs_for(user: User, handover: Handover) -> Side | None:
    """Return for whom `user` may sign now: the taker and the giver for themselves, a head for a giver who is gone."""
    if is_taker(user, handover):
        return None if handover.taker_signed_at else Side.TAKER
    if handover.giver_signed_at:
        return None
    giver = None if giver_is_gone(handover) else handover.giver
    if giver is not None:
        return Side.GIVER if giver.user_id == user.pk else None
    return Side.GIVER if can_head_sector(user, handover.sector) else None


def signs_once(user: User, handover: Handover) -> bool:
    """Whether `user` is taker or giver: who signs for themselves, now or before."""
    officers = (handover.taker, handover.giver)
    return any(officer is not None and officer.user_id == user.pk for officer in officers)


def giver_is_gone(handover: Handover) -> bool:
    """Whether nobody can sign as giver: the post was vacant, or they left it, or they have no account."""
    here = Assignment.objects.active_at(timezone.now()).filter(
        sector=handover.sector_id, officer=handover.giver_id, officer__user__is_active=True
    )
    return handover.giver_id is None or not here.exists()


@transaction.atomic
def sign(handover: Handover, *, by: User) -> None:
    """Sign for whom `by` may sign. Tells the other side.

    Raises HandoverRefused where there is nothing to sign for them, and to a taker who has not settled every item.
    """
    locked = Handover.objects.select_for_update().get(pk=handover.pk)
    side = signs_for(by, locked)
    if side is None:
        raise HandoverRefused(_("This is signed already, or not yours to sign."))
    left = left_open(locked.items.all()) if side is Side.TAKER else 0
    if left:
        raise HandoverRefused(
            ngettext(
                "One thing is left. Accept it, or say why not; then sign.",
                "%(count)d things are left. Accept each, or say why not; then sign.",
                left,
            )
            % {"count": left}
        )
    signature: dict[str, Any] = {f"{side}_signed_at": timezone.now()}
    if side is Side.GIVER:
        signature["giver_signed_by"] = by
    for field, value in signature.items():
        setattr(locked, field, value)
    locked.save(update_fields=list(signature))
    for officer in _others(locked, by):
        notify("sectorlog.handover_signed", **_addressee(officer), context=_context(locked))
