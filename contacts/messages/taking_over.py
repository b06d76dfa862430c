"""Somebody else answers for a sector now: a cover began or ended, or the officer was replaced. Who answers is told.

Which messages are open is seen by whoever works in the sector, at any instant; what is looked after here is that
nobody goes on waiting for a colleague who has left, and that who comes knows of what waits. Compared every hour: the
dated rows say who answers now and since when, the notifications who was told.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.messages.assigning import release
from contacts.messages.officer_mails import path_to
from contacts.messages.routing import recipients
from contacts.models import Message
from notifications.models import Notification
from notifications.sending import notify
from officers.models import User
from officers.rota import Rotas
from sectors.models import Sector

EVENT = "contacts.messages_taken_over"
# A change that is longer ago was told of, or nobody ran this for a day: then the 72-hour clock tells.
LOOK_BACK = datetime.timedelta(days=1)


def tell_who_answers(now: datetime.datetime | None = None) -> int:
    """Compare each sector that has open messages; return how many officers were told."""
    now = now or timezone.now()
    told = 0
    for key in list(Message.objects.open().order_by().values_list("sector", flat=True).distinct()):
        with transaction.atomic():
            # One worker a sector: the second one finds what the first has told.
            sector = Sector.objects.select_for_update(no_key=True).get(pk=key)
            told += _look_after(sector, now)
    return told


def _look_after(sector: Sector, now: datetime.datetime) -> int:
    released = _release_from_who_left(sector, now)
    since = now if released else _answered_otherwise_since(sector, now)
    if since is None:
        return 0
    waiting = Message.objects.open().filter(sector=sector, received_at__lt=since).count()
    if not waiting:
        return 0
    officers, is_vacant = _who_answers(sector, now)
    context = {"sector": sector.name, "slug": sector.slug, "waiting": waiting, "is_vacant": is_vacant}
    return sum(_tell_once(officer, context, since) for officer in officers)


def _release_from_who_left(sector: Sector, now: datetime.datetime) -> int:
    """Take messages out of the hands of those who work in the sector no more; return how many."""
    held = Message.objects.open().filter(sector=sector, assigned_to__isnull=False)
    held = held.select_related("assigned_to").select_for_update(of=("self",), skip_locked=True)
    by_officer: dict[User, list[Message]] = {}
    for message in held:
        if message.assigned_to is not None:
            by_officer.setdefault(message.assigned_to, []).append(message)
    left = [user for user in by_officer if sector.pk not in user.standing_at(now).sectors]
    return sum(release(message, now=now) for user in left for message in by_officer[user])


def _answered_otherwise_since(sector: Sector, now: datetime.datetime) -> datetime.datetime | None:
    """Return since when another answers than before, within the last day; None where nothing changed."""
    begins = now - LOOK_BACK
    rota = Rotas.read(begins, [sector.pk]).of(sector.pk)
    since, before = begins, None
    for stretch_begins, _ends, decision in rota.stretches(begins, now + datetime.timedelta(microseconds=1)):
        officer = decision.answering.officer_id if decision.answering else None
        if stretch_begins == begins:
            before = officer
        elif officer != before:
            since, before = stretch_begins, officer
    return since if since > begins else None


def _who_answers(sector: Sector, now: datetime.datetime) -> tuple[list[User], bool]:
    """Return who answers now, or, where nobody does, all who are told of a new message; and which of both."""
    answering = Rotas.read(now, [sector.pk]).of(sector.pk).decide(now).answering
    if answering is None:
        return list(recipients(sector, now)), True
    return list(User.objects.filter(officer=answering.officer_id, is_active=True)), False


def _tell_once(officer: User, context: dict[str, Any], since: datetime.datetime) -> bool:
    """Write how many messages wait, unless this officer was told since then: the notification is the memory."""
    told = Notification.objects.filter(recipient=officer, event=EVENT, created_at__gte=since)
    if told.filter(context__slug=context["slug"]).exists():
        return False
    notify(EVENT, to_user=officer, context=context | {"path": path_to("contacts:message_list")})
    return True
