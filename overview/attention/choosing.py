"""What of the list somebody asked for in the address: kinds, one's own matters alone, the order, the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from officers.models import User
from overview.attention import ItemKind
from overview.attention.statement import LONGEST, MOST_URGENT
from overview.permissions import can_see_overview

# Nobody leafs further; a larger number is no page.
LAST_PAGE = 100_000


class Order(models.TextChoices):
    URGENT = "urgent", _("Most urgent first")
    LONGEST = "longest", _("Longest past its time first")

    @property
    def statement(self) -> str:
        return LONGEST if self == Order.LONGEST else MOST_URGENT


@dataclass(frozen=True, slots=True)
class Choice:
    """`kinds`: those that were ticked, none for all; `is_odd`: something was asked for that does not exist."""

    where: str
    kinds: tuple[ItemKind, ...]
    is_mine: bool
    order: Order
    page: int
    is_odd: bool

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays in the address when another place is chosen."""
        return [
            *(("kind", str(kind)) for kind in self.kinds),
            ("mine", "1" if self.is_mine else ""),
            ("order", "" if self.order == Order.URGENT else str(self.order)),
        ]


def kinds_for(user: User) -> list[ItemKind]:
    """Return the kinds that the account can meet: of referrals, heads alone are told."""
    return [kind for kind in ItemKind if kind != ItemKind.REFERRAL or can_see_overview(user)]


def choice_of(request: HttpRequest, user: User) -> Choice:
    """Return what the address asks for. What does not exist is left out."""
    asked, offered = request.GET.getlist("kind"), kinds_for(user)
    order = request.GET.get("order", "")
    return Choice(
        where=request.GET.get("where", ""),
        kinds=tuple(kind for kind in offered if kind in asked),
        is_mine=bool(request.GET.get("mine")) and bool(user.standing.sectors),
        order=Order.LONGEST if order == Order.LONGEST else Order.URGENT,
        page=_page(request.GET.get("page", "")),
        is_odd=any(kind not in offered for kind in asked if kind),
    )


def _page(text: str) -> int:
    """Return the number of the page, the first for what is no number."""
    if not (text.isascii() and text.isdecimal()):
        return 1
    return max(1, min(int(text), LAST_PAGE)) if len(text) < len(str(LAST_PAGE)) else LAST_PAGE
