"""What the overview's pages have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from officers.models import User
from overview.permissions import can_see_attention, can_see_figures, can_see_overview

register = template.Library()


@register.simple_tag(takes_context=True)
def overview_parts(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parts that the account may see: name, address, and whether this page belongs to it.

    The place that is chosen on this page is kept.
    """
    request = context["request"]
    scope = context.get("scope")
    query = scope.query if scope else ""
    parts = [(name, reverse(f"overview:{route}")) for name, route in _parts(request.user)]
    # Who answers on a day is chosen on the page of gaps.
    path = request.path.replace(reverse("overview:day"), reverse("overview:gaps"))
    here = max((url for _name, url in parts if path.startswith(url)), key=len, default="")
    return [{"name": name, "url": url + query, "is_current": url == here} for name, url in parts]


def _parts(user: User) -> Iterator[tuple[str, str]]:
    heads = can_see_overview(user)
    if heads:
        yield _("This week"), "home"
        yield _("Gaps"), "gaps"
    if can_see_attention(user):
        yield _("What waits"), "attention"
    if can_see_figures(user):
        yield _("Figures"), "figures"
        yield _("Map"), "map"
    if heads:
        yield _("What if"), "what_if"
        yield _("Back then"), "back_then"
