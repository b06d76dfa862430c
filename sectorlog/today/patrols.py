"""Begin a patrol, or stop the one that runs: the officer's own, on top of the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from officers.models import PatrolForm, User
from sectorlog.models import Patrol
from sectorlog.patrols import patrolling
from sectorlog.today import Part
from sectors.models import Sector

# The one that runs, or the sector of the last one, and what was forgotten: all among the latest few.
LATEST = 5


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return the account's own patrol, or the three buttons; None for who neither is out nor works here."""
    user = cast("User", request.user)
    latest = list(Patrol.objects.filter(user=user).select_related("sector").order_by("-period")[:LATEST])
    running = next((patrol for patrol in latest if patrol.period.upper is None), None)
    forgotten = [
        patrol for patrol in latest if patrolling.was_forgotten(patrol) and patrolling.may_mend(user, patrol)
    ]
    own = [sector for sector in sectors if sector.pk in user.standing.sectors]
    if not (own or running or forgotten):
        return None
    content: dict[str, Any] = {
        "running": running,
        "forgotten": forgotten,
        "sectors": own,
        "forms": PatrolForm,
    }
    if running:
        content["is_overdue"] = timezone.now() - running.period.lower >= patrolling.LONGEST
    elif own:
        content |= {"usual": patrolling.usual_form(user), "chosen": _sector(user, own, latest)}
    return Part("sectorlog/today/patrols.html", content)


def _sector(user: User, own: Sequence[Sector], latest: Sequence[Patrol]) -> str:
    """Return the sector that is chosen beforehand: that of the last patrol, else the one they are responsible for."""
    last = latest[0].sector_id if latest else None
    responsible = user.standing.responsible
    return max(own, key=lambda sector: (sector.pk == last, sector.pk in responsible)).slug
