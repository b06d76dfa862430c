"""One's own tasks in joint efforts, to be ticked off in one tap, and efforts that wait for their evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from audit.reads import shown
from officers.models import User
from sectorlog.models import Effort, EffortTask
from sectorlog.today import Part
from sectors.models import Sector

MOST = 10


def part(request: HttpRequest, sectors: Sequence[Sector]) -> Part | None:
    """Return one's open tasks, the most urgent first, and one's efforts whose days are over; None without either.

    Tasks in efforts of other sectors than one's own stand everywhere: no other page would tell of them.
    """
    user, today = cast("User", request.user), timezone.localdate()
    elsewhere = ~Q(effort__in=Effort.objects.filter(sectors__in=user.standing.sectors))
    tasks = list(
        EffortTask.objects.open()
        .filter(who=user, effort__in=Effort.objects.visible_to(user))
        .filter(Q(effort__in=Effort.objects.filter(sectors__in=sectors)) | elsewhere)
        .select_related("effort")
        .order_by("due_on", "pk")[:MOST]
    )
    answering = [sector for sector in sectors if sector.pk in user.standing.responsible]
    over = list(Effort.objects.running().filter(sectors__in=answering, ends_on__lt=today).distinct()[:MOST])
    if not (tasks or over):
        return None
    shown(request, [*tasks, *{task.effort for task in tasks}, *over])
    return Part("sectorlog/today/efforts.html", {"tasks": tasks, "over": over, "today": today})
