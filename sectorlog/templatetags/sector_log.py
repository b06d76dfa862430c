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

# The tabs of a sector's log, by the name of their address: what it is about, and the act.
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
# Pages about these stand under the tab of that.
PART_OF = {
    "addendum": "entry",
    "attachment": "entry",
    "promise": "entry",
    "contact": "party",
}


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def log_tabs(context: dict[str, Any], sector: Sector) -> list[Tab]:
    """Return the tabs of the sector's log. The current one is about the same kind of thing as the page."""
    request: HttpRequest = context["request"]
    here = _subject(request.resolver_match.url_name or "") if request.resolver_match else ""
    return [
        Tab(str(name), reverse(route, args=[sector.slug]), _subject(route.partition(":")[2]) == here)
        for route, name in TABS.items()
    ]


def _subject(route: str) -> str:
    subject = route.partition("_")[0]
    return PART_OF.get(subject, subject)
