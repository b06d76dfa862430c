"""What the header of the staff's pages needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from officers.models import User
from officers.permissions import can_enter_admin
from officers.standing import Standing

register = template.Library()


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands in the header at once, and what stands below "More"."""

    first: list[Entry]
    more: list[Entry]

    @property
    def is_in_more(self) -> bool:
        return any(entry.is_current for entry in self.more)


# So many fit beside each other on a phone.
MOST_AT_ONCE = 3


@register.simple_tag(takes_context=True)
def staff_menu(context: dict[str, Any]) -> Menu | None:
    """Return the parts of the site in which the account has something to do; None without a login."""
    request: HttpRequest = context["request"]
    if not isinstance(request.user, User):
        return None
    places = [(name, reverse(route)) for name, route in _places(request.user)]
    # Of two that the page's address begins with it is in the nearer one.
    here = max((url for _name, url in places if request.path.startswith(url)), key=len, default="")
    work = [Entry(name, url, url == here) for name, url in places]
    account = reverse("account_home")
    own = [Entry(_("My account"), account, request.path.startswith(account))]
    own.append(Entry(_("Log out"), reverse("account_logout"), is_current=False))
    if len(work) + len(own) <= MOST_AT_ONCE:
        return Menu([*work, *own], [])
    return Menu(work[:MOST_AT_ONCE], [*work[MOST_AT_ONCE:], *own])


def _places(user: User) -> Iterator[tuple[str, str]]:
    """Yield name and route of each part, in the order of the menu. Apps above this one are named, not imported."""
    standing = user.standing
    works, heads = bool(standing.sectors), bool(standing.stations or standing.districts)
    analyses, oversees = bool(standing.stations_as("analyst")), heads or _oversees(standing)
    places = (
        (works, _("My sectors"), "sectorlog:log_home"),
        (heads, _("Overview"), "overview:home"),
        (works or heads, _("Messages"), "contacts:message_list"),
        (heads and not works, _("Sector log"), "sectorlog:log_home"),
        (analyses and not heads, _("Figures"), "overview:figures"),
        (oversees, _("The station"), "officers:sector_list"),
        (_reads_handbook(standing), _("Handbook"), "handbook:handbook_home"),
        (oversees, _("The log's forms"), "sectorlog:form_list"),
        (analyses, _("Facts of the log"), "sectorlog:fact_sectors"),
        (bool(standing.liaison), _("Shared with your unit"), "sectorlog:flagged_list"),
        (can_enter_admin(user), _("Administration"), "admin:index"),
    )
    yield from ((name, route) for holds, name, route in places if holds)


def _oversees(standing: Standing) -> bool:
    """Analysts and reviewers: who looks at sectors without working in them or heading them."""
    return standing.has_role("analyst") or standing.is_reviewer


def _reads_handbook(standing: Standing) -> bool:
    """As `handbook.models.readable_stations` has it."""
    return bool(standing.home or standing.liaison or standing.is_reviewer)
