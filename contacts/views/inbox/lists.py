"""The inbox: what citizens wrote to one's sectors, most urgent first; and how much waits where, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.reads import shown, shows_nothing_personal
from contacts.messages import inbox
from contacts.models import AnswerTime, Message
from officers.responsibility import answerable
from officers.rota import Answer
from sectors.models import Sector

if TYPE_CHECKING:
    from contacts.models.messages import MessageQuerySet
    from officers.models import User

ROWS_PER_PAGE = 30
# An aggregate says nothing about fewer (design, section 6).
SMALLEST_CELL = 5


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """List messages: the open ones of one's sectors at first, one's own or the closed ones if asked for.

    The head of a district finds what is overdue there, the head of a station everything, both without its words.
    """
    user, now = cast("User", request.user), timezone.now()
    standing = user.standing
    if not (standing.sectors or standing.districts or standing.stations):
        raise Http404
    show = request.GET.get("show", "")
    show = show if show in ("mine", "closed") else "open"
    visible, of_mine = _asked(Message.objects.visible_to(user), request), inbox.mine(user)
    page = Paginator(_filtered(user, visible, show, of_mine), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    shown(request, rows, verb="listed", subject="" if rows else "contacts.message", sectors=standing.sectors)
    context = {
        "page": page,
        "rows": rows,
        "show": show,
        "counts": inbox.counts(visible, of_mine, now),
        "now": now,
        "stand_ins": _stand_ins(user),
        "has_sectors": bool(standing.sectors),
        "has_figures": bool(standing.districts or standing.stations),
        "heads_stations": bool(standing.stations),
    }
    return render(request, "contacts/inbox_list.html", context)


def _asked(messages: MessageQuerySet, request: HttpRequest) -> MessageQuerySet:
    """Return those of one sector, if it is asked for and is no nonsense."""
    slug = request.GET.get("sector", "")
    return messages.filter(sector__slug=slug) if slug and "\0" not in slug else messages


def _filtered(user: User, visible: MessageQuerySet, show: str, of_mine: Q) -> MessageQuerySet:
    rows = inbox.rows_for(user, visible)
    if show == "closed":
        over = Q(closed_at__isnull=False) | Q(withdrawn_at__isnull=False)
        return inbox.in_order(rows.filter(over), is_closed=True)
    found = rows.open().filter(of_mine) if show == "mine" else rows.open()
    return inbox.in_order(found, is_closed=False)


@dataclass(frozen=True, slots=True)
class StandIn:
    """That another answers for a sector than who is responsible, told from where `user` stands."""

    sector: Sector
    answer: Answer
    # Whether the reader answers, and whether the reader is who is away.
    is_me: bool
    is_for_me: bool


def _stand_ins(user: User) -> list[StandIn]:
    """Return of which of one's sectors the responsible officer is away: both of them know who answers."""
    found = {key: answer for key in user.standing.sectors if (answer := answerable(key)).absent}
    if not found:
        return []
    officer = getattr(user, "officer", None)
    return [
        stand_in_of(sector, found[sector.pk], user, officer)
        for sector in Sector.objects.filter(pk__in=found).order_by("number")
    ]


def stand_in_of(sector: Sector, answer: Answer, user: User, officer: Any) -> StandIn:
    is_me = officer is not None and answer.officer_id == officer.pk
    return StandIn(sector, answer, is_me, not is_me and sector.pk in user.standing.responsible)


@require_safe
@shows_nothing_personal
def message_figures(request: HttpRequest) -> HttpResponse:
    """Show heads and analysts how many messages wait in each sector, and how long people waited for an answer.

    Aggregates: a number below `SMALLEST_CELL` is told only to who may read the messages themselves. Those are all
    messages for the head of a station, the overdue ones for the head of a district.
    """
    user, now = cast("User", request.user), timezone.now()
    standing = user.standing
    analysed = standing.stations_as("analyst")
    if not (standing.districts or standing.stations or analysed):
        raise Http404
    within = Q(station__in=standing.stations | analysed) | Q(district__in=standing.districts)
    sectors = inbox.figures_of(Sector.objects.filter(within), now)
    rows = [
        {
            "sector": sector,
            "waiting": _told(sector.waiting, sector.station_id in standing.stations),  # type: ignore[attr-defined]  # annotated
            "late": _told(
                sector.late,  # type: ignore[attr-defined]  # annotated
                sector.station_id in standing.stations or sector.district_id in standing.districts,
            ),
            "is_listed": sector.station_id in standing.stations or sector.district_id in standing.districts,
        }
        for sector in sectors
    ]
    districts = list(dict.fromkeys(sector.district for sector in sectors))
    context = {"rows": rows, "districts": districts, "fewest": AnswerTime.FEWEST}
    return render(request, "contacts/inbox_figures.html", context)


def _told(count: int, is_exact: bool) -> int | None:
    """Return the number, None where it is too small to be told."""
    return count if is_exact or count >= SMALLEST_CELL else None
