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
    standing = user.standing
    oversees = standing.stations or standing.districts or standing.has_role("analyst") or standing.is_reviewer
    if standing.sectors:
        yield _("My sectors"), "sectorlog:log_home"
    elif standing.stations or standing.districts:
        yield _("Sector log"), "sectorlog:log_home"
    if standing.sectors or standing.stations or standing.districts:
        yield _("Messages"), "contacts:message_list"
    if oversees:
        yield _("The station"), "officers:sector_list"
    # Whose handbook one reads: see `handbook.models.readable_stations`.
    if standing.home or standing.liaison or standing.is_reviewer:
        yield _("Handbook"), "handbook:handbook_home"
    if oversees:
        yield _("The log's forms"), "sectorlog:form_list"
    if standing.stations_as("analyst"):
        yield _("Facts of the log"), "sectorlog:fact_sectors"
    if standing.liaison:
        yield _("Shared with your unit"), "sectorlog:flagged_list"
    if can_enter_admin(user):
        yield _("Administration"), "admin:index"
