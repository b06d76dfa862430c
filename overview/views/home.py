"""Where a head's week begins: what is lacking and what waits, on one screen, and the same on paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.reads import shown
from officers.models import User
from overview.attention import Item
from overview.attention.asking import Asked
from overview.attention.gathering import gather
from overview.attention.noting import note
from overview.gaps.finding import Found, find
from overview.meeting.making import meeting_of
from overview.permissions import can_see_overview
from overview.scope import Scope, headed, scope_of
from overview.week import DAYS, numbers
from sectors.printing import pdf, pdf_response

MOST_SHOWN = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show a head today and the seven days after it: the first gaps, what is most urgent, four numbers."""
    user, scope = _head_and_scope(request)
    found = find(scope, user, timezone.localdate(), DAYS)
    asked = Asked(user, scope)
    gathered = gather(asked, limit=MOST_SHOWN)
    late = {kind: number for kind, number in gathered.urgent_counts.items() if number}
    waiting = [item for item in gathered.items if item.is_past]
    _note(request, scope, found[:MOST_SHOWN], waiting, ReadEntry.Verb.LISTED)
    context = {
        "scope": scope,
        "gaps": [one.gap for one in found[:MOST_SHOWN]],
        "gap_count": len(found),
        "waiting": waiting,
        "late": list(late.items()),
        "numbers": numbers(asked, gathered),
    }
    return render(request, "overview/home.html", context)


@require_safe
def meeting(request: HttpRequest) -> HttpResponse:
    """Hand the overview out on paper, for the heads' meeting."""
    user, scope = _head_and_scope(request)
    printed = meeting_of(user, scope, timezone.localdate())
    _note(request, scope, printed.gaps.shown, printed.waiting.items, ReadEntry.Verb.DOWNLOADED)
    return pdf_response(pdf("overview/print/meeting.html", {"meeting": printed}), printed.file_name)


def _head_and_scope(request: HttpRequest) -> tuple[User, Scope]:
    """Return who asks and about which part of what they head. Raises Http404 for who heads nothing, or not that."""
    user = cast("User", request.user)
    if not can_see_overview(user):
        raise Http404
    return user, scope_of(user, request.GET.get("where", ""), headed(user))


def _note(
    request: HttpRequest, scope: Scope, gaps: Iterable[Found], items: Iterable[Item], verb: ReadEntry.Verb
) -> None:
    """Note the officers whom the gaps name, and what waits, kind by kind."""
    officers = dict.fromkeys(officer for one in gaps for officer in one.officers)
    sectors = [sector.pk for sector in scope.sectors]
    shown(request, officers, verb=verb, subject="officers.officer", sectors=sectors)
    note(request, items, verb=verb)
