"""The page on which an editor words a contribution: the officer's words, the passage, what it will look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe

from handbook import markup
from handbook.chapters.rendering import linking
from handbook.contributions.surroundings import around
from handbook.contributions.telling import has_left
from handbook.models import Contribution, Passage

if TYPE_CHECKING:
    from handbook.forms.reviewing import WordingForm


@dataclass(frozen=True, slots=True)
class Look:
    """A wording as readers will see it."""

    language: str
    html: SafeString


def page_of(
    contribution: Contribution, form: WordingForm, place: Passage | None, *, has_preview: bool = False
) -> dict[str, Any]:
    """Return what the page shows. `others`: what stands at the place already, whose words are shown too."""
    others: list[Contribution] = []
    if place is not None:
        inserted = place.contributions.inserted().exclude(pk=contribution.pk)
        others = list(inserted.with_wording().select_related("sector").order_by("decided_at"))
    return {
        "contribution": contribution,
        "station": contribution.passage.station,
        "form": form,
        "place": place,
        "around": around(place) if place is not None else None,
        "others": others,
        "looks": looks(form, contribution) if has_preview else [],
        "has_left": has_left(contribution),
    }


def looks(form: WordingForm, contribution: Contribution) -> list[Look]:
    """Return the wordings as they will stand, those that were written."""
    link = linking(contribution.passage.station.slug)
    return [
        Look(language, mark_safe(markup.rendered(text, link)))  # noqa: S308 - the subset has no HTML
        for language, text in form.texts.items()
        if text
    ]
