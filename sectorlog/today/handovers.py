"""Hand-overs on the first page: what the taker has still to accept, what is to be signed, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.db.models import Count, Q
from django.http import HttpRequest

from audit.models import ReadEntry
from audit.reads import shown
from officers.models import User
from sectorlog.handover.due import Proposal, due
from sectorlog.models import Handover
from sectorlog.models.handovers import HandoverQuerySet
from sectorlog.permissions import can_hand_over
from sectorlog.today import Part
from sectors.models import Sector

MOST = 20


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Show the account's own open hand-overs, and which are due in sectors that it hands over.

    A taker whose appointment has not begun finds theirs on the start page, whatever the sectors.
    """
    user = cast("User", request.user)
    keys = [sector.pk for sector in sectors]
    is_home = getattr(request.resolver_match, "url_name", "") == "log_home"
    here = Q() if is_home else Q(sector__in=keys)
    taking = list(_open(user).filter(here, taker__user=user, taker_signed_at=None))
    giving = list(_open(user).filter(here, giver__user=user, giver_signed_at=None))
    return _part(request, taking, giving, _due([one for one in sectors if can_hand_over(user, one)]))


def overview(request: HttpRequest, headed: Sequence[Sector]) -> Part | None:
    """Show a head which hand-overs are due in the sectors headed."""
    return _part(request, [], [], _due(headed))


def _part(
    request: HttpRequest, taking: list[Handover], giving: list[Handover], coming: list[Proposal]
) -> Part | None:
    if not (taking or giving or coming):
        return None
    shown(request, [*taking, *giving, *(one.sector for one in coming)], verb=ReadEntry.Verb.LISTED)
    return Part("sectorlog/today/handovers.html", {"taking": taking, "giving": giving, "coming": coming})


def _open(user: User) -> HandoverQuerySet:
    """Return the hand-overs that the account reads, with how many things they hold and how many are settled."""
    settled = Count("items", filter=Q(items__accepted_at__isnull=False) | Q(items__note__gt=""))
    found = Handover.objects.visible_to(user).select_related("sector", "taker", "giver").defer("pack")
    return found.annotate(total=Count("items"), settled=settled)


def _due(sectors: Sequence[Sector]) -> list[Proposal]:
    return due(Q(sector__in=[sector.pk for sector in sectors]))[:MOST] if sectors else []
