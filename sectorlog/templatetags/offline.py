"""What the scripts of the log need to know of the account: whose drafts are whose."""

from __future__ import annotations

from typing import Any

from django import template

from sectorlog.entries.writing import draft_owner

register = template.Library()


@register.simple_tag(takes_context=True)
def owner_of_drafts(context: dict[str, Any]) -> str:
    """Return the token under which this account's drafts lie on a telephone; "" for who is not logged in."""
    user = context["request"].user
    return draft_owner(user) if user.is_authenticated else ""
