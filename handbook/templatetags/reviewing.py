"""What an editor can do with a contribution, on the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import RequestContext

from handbook.contributions.asking import can_be_asked
from handbook.contributions.holding import seen
from handbook.contributions.telling import has_left
from handbook.forms.reviewing import NoteForm
from handbook.models import Contribution
from handbook.permissions import can_review_contribution

register = template.Library()


@dataclass(frozen=True, slots=True)
class Review:
    """The forms of the editor's acts; None for an act that is not open."""

    seen: str
    is_own: bool
    has_left: bool
    ask: NoteForm | None
    decline: NoteForm | None
    take_out: NoteForm | None


@register.simple_tag(takes_context=True)
def review_of(context: RequestContext, contribution: Contribution) -> Review | None:
    """Return what the reader can do as the handbook's editor, None for everybody else."""
    user = context["request"].user
    if not can_review_contribution(user, contribution):
        return None

    def form(act: str, *, is_offered: bool) -> NoteForm | None:
        return NoteForm(act=act, contribution=contribution, user=user) if is_offered else None

    return Review(
        seen=seen(contribution),
        is_own=contribution.author_id == user.pk,
        has_left=has_left(contribution),
        ask=form("ask", is_offered=can_be_asked(contribution, user)),
        decline=form("decline", is_offered=contribution.is_open),
        take_out=form("take_out", is_offered=contribution.state == Contribution.State.INSERTED),
    )
