"""Who is told of a contribution: the handbook's editors of what comes in, its author of what becomes of it.

Mails hold no word of it, and no name: a link. Each is told once of each thing, and of nothing that is over before the
mail has left. The acts call this within their transaction.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from handbook.models import Contribution, readable_stations
from notifications.sending import notify, withdraw
from officers.models import StaffRole, User
from sectors.models import Station

TO_EDITORS = ("submitted", "answered")
TO_AUTHOR = ("asked", "inserted", "reworded", "declined", "taken_out")
# What is not news any more once this has happened.
SETTLES = {
    "answered": ("asked",),
    "asked": ("answered",),
    "inserted": ("submitted", "answered", "asked"),
    "declined": ("submitted", "answered", "asked"),
    "taken_out": ("inserted", "reworded"),
}


def editors_of(station: Station) -> list[User]:
    """Return who edits the station's handbook now and can log in."""
    roles = StaffRole.objects.active_at(timezone.now())
    return [
        role.user
        for role in roles.filter(
            role=StaffRole.Role.EDITOR, station=station, user__is_active=True
        ).select_related("user")
    ]


def has_left(contribution: Contribution) -> bool:
    """Whether its author does not read this handbook any more: the account is switched off or all rights ended."""
    author, station = contribution.author, contribution.passage.station_id
    return not author.is_active or not readable_stations(author).filter(pk=station).exists()


def tell_editors(contribution: Contribution, event: str) -> None:
    """Tell the editors of what came in: `event` is "submitted" or "answered". Who wrote it is not told."""
    if event not in TO_EDITORS:
        raise ValueError(f"{event}: editors are told of {', '.join(TO_EDITORS)}")
    _settle(contribution, event)
    for editor in editors_of(contribution.passage.station):
        if editor.pk != contribution.author_id:
            notify(f"handbook.contribution_{event}", to_user=editor, context=_context(contribution))


def tell_author(contribution: Contribution, event: str, *, by: User | None = None) -> None:
    """Tell the author what became of it, unless they did it themselves (`by`) or have left."""
    if event not in TO_AUTHOR:
        raise ValueError(f"{event}: authors are told of {', '.join(TO_AUTHOR)}")
    _settle(contribution, event)
    if contribution.author != by and not has_left(contribution):
        notify(f"handbook.contribution_{event}", to_user=contribution.author, context=_context(contribution))


def take_back(contribution: Contribution) -> None:
    """Take back every mail about it that has not left: its author has withdrawn it."""
    for event in (*TO_EDITORS, *TO_AUTHOR):
        _withdraw(contribution, event)


def _settle(contribution: Contribution, event: str) -> None:
    for over in (event, *SETTLES.get(event, ())):
        _withdraw(contribution, over)


def _withdraw(contribution: Contribution, event: str) -> None:
    withdraw(f"handbook.contribution_{event}", contribution=str(contribution.uuid))


def _context(contribution: Contribution) -> dict[str, str]:
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("handbook:contribution_detail", args=[contribution.uuid])
    return {"path": path, "contribution": str(contribution.uuid)}
