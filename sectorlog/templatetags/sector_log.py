"""What the pages of a sector's log have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sectors.models import Sector

register = template.Library()

# The tabs of a sector's log, by the name of their address.
TABS = {
    "sectorlog:sector_overview": _("Today"),
    "sectorlog:entry_list": _("Log"),
    "sectorlog:party_list": _("Parties"),
    "sectorlog:visit_round": _("Visits"),
    "sectorlog:challenge_list": _("Challenges"),
    "sectorlog:group_list": _("Target groups"),
    "sectorlog:patrol_share": _("Patrols"),
    "sectorlog:handover_list": _("Hand-over"),
    "sectorlog:mirror": _("Mirror"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def log_tabs(context: dict[str, Any], sector: Sector) -> list[Tab]:
    """Return the tabs of the sector's log. The current one is that whose address the page's begins with."""
    request: HttpRequest = context["request"]
    urls = {reverse(route, args=[sector.slug]): name for route, name in TABS.items()}
    current = max((url for url in urls if request.path.startswith(url)), key=len, default=None)
    return [Tab(str(name), url, url == current) for url, name in urls.items()]
