"""What waits: one list, the most urgent first, for heads and for whoever works in a sector."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import ReadEntry
from audit.spreadsheets import csv_response
from officers.models import User
from overview.attention import Item, ItemKind
from overview.attention.asking import Asked
from overview.attention.choosing import Choice, Order, choice_of, kinds_for
from overview.attention.gathering import Gathered, gather
from overview.attention.noting import note
from overview.permissions import can_see_attention
from overview.scope import in_attention, scope_of

ROWS_PER_PAGE = 25
# A file of so many is no list to work from any more.
MOST_IN_FILE = 5000


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits in the sectors that one heads or works in; what is past its time before what comes near."""
    choice, asked = _asked(request)
    kinds = choice.kinds or kinds_for(asked.user)
    page, gathered = _page(choice, asked)
    note(request, gathered.items)
    past = sum(gathered.urgent_counts[kind] for kind in kinds)
    context = {
        "scope": asked.scope,
        "choice": choice,
        # What nothing waits of is no choice.
        "kinds": [
            (kind, gathered.counts[kind], kind in choice.kinds)
            for kind in kinds_for(asked.user)
            if gathered.counts[kind] or kind in choice.kinds
        ],
        "orders": Order,
        "page": page,
        "past_items": [item for item in gathered.items if item.is_past],
        "near_items": [item for item in gathered.items if not item.is_past],
        "past": past,
        "near": sum(gathered.counts[kind] for kind in kinds) - past,
        "works_in_sectors": bool(asked.user.standing.sectors),
    }
    return render(request, "overview/attention.html", context)


@require_safe
def waiting_csv(request: HttpRequest) -> HttpResponse:
    """Return the same list as a file, without its pages."""
    choice, asked = _asked(request)
    gathered = _gathered(choice, asked, limit=MOST_IN_FILE)
    note(request, gathered.items, verb=ReadEntry.Verb.EXPORTED)
    number = sum(gathered.counts[kind] for kind in choice.kinds or kinds_for(asked.user))
    head = [_("Kind"), _("Where"), _("What"), _("How long"), _("What to know"), _("Its time is over with")]
    return csv_response("attention", head, _lines(gathered.items, is_cut=number > MOST_IN_FILE))


def _asked(request: HttpRequest) -> tuple[Choice, Asked]:
    """Return what is asked for, of which sectors. Raises Http404 for who sees nothing of it."""
    user = cast("User", request.user)
    if not can_see_attention(user):
        raise Http404
    choice = choice_of(request, user)
    return choice, Asked(user, scope_of(user, choice.where, in_attention(user)), choice.is_mine)


def _page(choice: Choice, asked: Asked) -> tuple[Page[int], Gathered]:
    """Return the page and what stands on it: the last one for a number beyond it."""
    gathered = _gathered(choice, asked, limit=ROWS_PER_PAGE, offset=(choice.page - 1) * ROWS_PER_PAGE)
    number = sum(gathered.counts[kind] for kind in choice.kinds or ItemKind)
    page = Paginator(range(number), ROWS_PER_PAGE).get_page(choice.page)
    if page.number != choice.page:
        gathered = _gathered(choice, asked, limit=ROWS_PER_PAGE, offset=page.start_index() - 1)
    return page, gathered


def _gathered(choice: Choice, asked: Asked, *, limit: int, offset: int = 0) -> Gathered:
    kinds = choice.kinds or tuple(ItemKind)
    return gather(asked, limit=limit, offset=max(0, offset), kinds=kinds, order=choice.order.statement)


def _lines(items: list[Item], *, is_cut: bool) -> Iterator[list[object]]:
    for item in items:
        yield [item.kind.singular, item.sector or "", _name(item), item.late, item.story, item.since]
    if is_cut:
        yield [_("Only the first %(number)d stand in this file.") % {"number": MOST_IN_FILE}]


def _name(item: Item) -> str:
    """Return what a file may say of it: an entry's words leave the log for a reason alone (`entry_export`)."""
    return "" if item.kind == ItemKind.PROMISE else item.title
