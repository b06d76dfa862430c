"""What officers contributed, as the handbook's pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from handbook.chapters.rendering import linking
from handbook.contributions.agreeing import with_agreements
from handbook.markup import rendered
from handbook.models import Contribution, Passage
from handbook.permissions import can_contribute
from sectors.models import Station

register = template.Library()


@dataclass(frozen=True, slots=True)
class Practice:
    """What stands below an inserted contribution. `can_agree`: whether the reader has the button."""

    count: int
    is_agreed: bool
    can_agree: bool


@register.filter
def wording_html(contribution: Contribution) -> SafeString:
    """Return the words in the handbook; their links to anchors lead to the handbook of the same station."""
    if contribution.wording is None:
        return SafeString("")
    link = linking(contribution.passage.station.slug)
    # The subset has no HTML: whatever was typed as such is escaped.
    return mark_safe(rendered(str(contribution.wording.text), link))  # noqa: S308 - see above


def _contributes_to(context: RequestContext, station: int) -> str:
    """Return the station's slug if the reader contributes to its handbook; asked of the database once a page."""
    held = context["request"].__dict__.setdefault("_contributes_to", {})
    if station not in held:
        row = Station.objects.get(pk=station)
        held[station] = row.slug if can_contribute(context["request"].user, row) else ""
    return str(held[station])


@register.simple_tag(takes_context=True)
def contribute_url(context: RequestContext, passage: Passage) -> str:
    """Return where one contributes to the passage; nothing for who does not contribute."""
    slug = _contributes_to(context, passage.station_id)
    return reverse("handbook:contribution_create", args=[slug, passage.anchor]) if slug else ""


@register.simple_tag(takes_context=True)
def practice_of(context: RequestContext, contribution: Contribution) -> Practice:
    """Return who does the same. Without a query where it was fetched by `agreeing.with_agreements`."""
    user, row = context["request"].user, cast("Any", contribution)
    if not hasattr(row, "agreed"):
        row = with_agreements(Contribution.objects.filter(pk=contribution.pk), user).get()
    is_own = contribution.author_id == user.pk
    may = not is_own and bool(_contributes_to(context, contribution.passage.station_id))
    return Practice(count=row.agreed, is_agreed=row.is_agreed, can_agree=may)
