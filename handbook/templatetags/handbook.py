"""Links from the pages of daily work to the point of the handbook that tells how it is done."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Exists, OuterRef
from django.template import RequestContext

from handbook.models import Passage, ReadingRequest, Told, told
from handbook.reading.chapter_titles import chapter_titles
from officers.models import User
from sectors.models import Sector

register = template.Library()

# What the pages of the log point at: asked for together, so that a page costs one query however many links it has.
POINTS = (
    "patrol-form",
    "visits",
    "telephone-and-messages",
    "sector-log",
    "joint-work",
    "gang-contacts",
    "analysis",
    "major-events",
    "source-handling",
    "proactive-efforts",
    "dialogue",
    "networks",
    "targeted-efforts",
    "target-groups",
    "pragmatic-and-offensive",
)


@register.inclusion_tag("handbook/includes/point_link.html", takes_context=True)
def handbook_point(context: RequestContext, anchor: str) -> dict[str, Any]:
    """Link to a point of the reader's own handbook; nothing where it has none, or nobody is logged in.

    Raises ValueError for an anchor that is none of POINTS.
    """
    if anchor not in POINTS:
        raise ValueError(f"{anchor} is none of the points that pages link to")
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or not isinstance(user, User):
        return {"passage": None}
    held: dict[str, Passage] | None = request.__dict__.get("_handbook_points")
    if held is None:
        held = request.__dict__["_handbook_points"] = _points_of(user)
    return {"passage": held.get(anchor), "anchor": anchor}


def _points_of(user: User) -> dict[str, Passage]:
    """Return the POINTS of the reader's handbook by anchor: that of one's own sectors, as their addresses lead to.

    Each with the title of its chapter as it is read. One query.
    """
    own = Sector.objects.filter(pk__in=user.standing.sectors, station=OuterRef("station"))
    rows = (
        Passage.objects.visible_to(user)
        .current()
        .filter(anchor__in=POINTS)
        .annotate(
            is_own=Exists(own),
            **chapter_titles(),
        )
        .defer("text_en", "text_da")
        .order_by("is_own", "-station__name")
    )
    # The last one of an anchor is the one that stays.
    return {row.anchor: row for row in rows}


@register.filter
def chapter_title(row: Passage | ReadingRequest) -> Told:
    """Return the title of the row's chapter; fetched along by `chapter_titles`."""
    return told(row, "chapter_title")
