"""Where the handbook and a chapter's text point at each other: anchors, links, contributions, requests to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handbook import markup
from handbook.chapters.anchoring import anchors_of
from handbook.models import LANGUAGES, Chapter, Contribution, Passage, ReadingRequest, Revision, Wording

_SHOWN_AT_MOST = 5
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about the text. `refuses`: it cannot be published like that."""

    says: str
    refuses: bool = True


def around(draft: Revision) -> Iterator[Finding]:
    """Yield what is wrong between the draft and the rest of the handbook."""
    yield from _elsewhere(draft)
    yield from _links(draft)
    yield from _left_behind(draft)


def quoted(words: str) -> str:
    """Return the words in quotation marks, the beginning of long ones."""
    short = words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE].rstrip()}…"
    return f"“{short}”"


def _elsewhere(draft: Revision) -> Iterator[Finding]:
    """Anchors that belong to another chapter which is in the handbook."""
    station, own = draft.chapter.station_id, draft.chapter_id
    passages = Passage.objects.current().filter(station=station, anchor__in=anchors_of(draft))
    taken = {row.anchor: row.chapter for row in passages.exclude(chapter=own).select_related("chapter")}
    chapters = Chapter.objects.filter(station=station, slug__in=anchors_of(draft)).exclude(pk=own)
    taken |= {chapter.slug: chapter for chapter in chapters}
    for anchor, chapter in sorted(taken.items()):
        yield Finding(
            _(
                "The anchor {#%(anchor)s} belongs to another chapter: %(chapter)s. "
                "Take it out here, and the point gets one of its own; "
                "or move the point: publish that chapter without it first."
            )
            % {"anchor": anchor, "chapter": quoted(title_of(chapter))}
        )


def title_of(chapter: Chapter) -> str:
    """Return the title in force, else that of the first draft, else the address."""
    newest = chapter.text or chapter.revisions.order_by("-number").first()
    return str(newest.title if newest else "") or chapter.slug


def _links(draft: Revision) -> Iterator[Finding]:
    """Links that are not allowed, and those to anchors that are nowhere."""
    leading = dict.fromkeys(
        place for language in LANGUAGES for place in markup.destinations(getattr(draft, f"body_{language}"))
    )
    forbidden = [place for place in leading if not markup.is_allowed(place)]
    for place in forbidden[:_SHOWN_AT_MOST]:
        yield Finding(
            _(
                "This link is not allowed: %(link)s. A link begins with https://, mailto:, tel: or # and an anchor."
            )
            % {"link": quoted(place)}
        )
    anchors = {place[1:] for place in leading if place.startswith("#") and markup.is_allowed(place)}
    for anchor in sorted(anchors - _known(draft))[:_SHOWN_AT_MOST]:
        yield Finding(
            _("A link leads to #%(anchor)s, which is nowhere in the handbook.")
            % {"anchor": anchor[:_LONGEST_QUOTE]}
        )


def _known(draft: Revision) -> set[str]:
    """Return the anchors that the handbook has once the draft is published."""
    elsewhere = (
        Passage.objects.current().filter(station=draft.chapter.station_id).exclude(chapter=draft.chapter_id)
    )
    return {*elsewhere.values_list("anchor", flat=True), *anchors_of(draft), draft.chapter.slug}


def _left_behind(draft: Revision) -> Iterator[Finding]:
    """What points at passages that the draft no longer has."""
    current = Passage.objects.filter(chapter=draft.chapter_id, left_at=None, position__gt=0)
    gone = list(current.exclude(anchor__in=anchors_of(draft)).order_by("position"))
    if not gone:
        return
    linking = chapters_linking_to(draft.chapter, {passage.anchor for passage in gone})
    if linking:
        yield Finding(
            _(
                "Links in other places lead to what this text leaves out. They would lead to nothing: %(chapters)s."
            )
            % {"chapters": ", ".join(quoted(one) for one in linking)},
            refuses=False,
        )
    yield from _pointing(gone)


def _pointing(gone: list[Passage]) -> Iterator[Finding]:
    contributions = Contribution.objects.filter(passage__in=gone)
    counts = (
        (contributions.open().count(), _open_contributions),
        (contributions.inserted().count(), _inserted_contributions),
        (ReadingRequest.objects.open().filter(passage__in=gone).count(), _requests),
    )
    points = ", ".join(quoted(str(passage)) for passage in gone[:_SHOWN_AT_MOST])
    for count, sentence in counts:
        if count:
            yield Finding(sentence(count) % {"count": count, "points": points}, refuses=False)


def _open_contributions(count: int) -> str:
    return ngettext(
        "%(count)d open contribution points at what this text leaves out (%(points)s). "
        "It stays with the chapter.",
        "%(count)d open contributions point at what this text leaves out (%(points)s). "
        "They stay with the chapter.",
        count,
    )


def _inserted_contributions(count: int) -> str:
    return ngettext(
        "%(count)d contribution in the handbook stands at what this text leaves out (%(points)s). "
        "It stays with the chapter.",
        "%(count)d contributions in the handbook stand at what this text leaves out (%(points)s). "
        "They stay with the chapter.",
        count,
    )


def _requests(count: int) -> str:
    return ngettext(
        "%(count)d request to confirm is about what this text leaves out (%(points)s). "
        "It stays with the chapter.",
        "%(count)d requests to confirm are about what this text leaves out (%(points)s). "
        "They stay with the chapter.",
        count,
    )


def chapters_linking_to(chapter: Chapter, anchors: set[str]) -> list[str]:
    """Return the titles of other chapters whose text in force, or whose contributions, link to one of the anchors."""
    if not anchors:
        return []
    english, danish, worded = Q(), Q(), Q()
    for anchor in anchors:
        english |= Q(body_en__contains=f"(#{anchor})")
        danish |= Q(body_da__contains=f"(#{anchor})")
        worded |= Q(text_en__contains=f"(#{anchor})") | Q(text_da__contains=f"(#{anchor})")
    others = Chapter.objects.filter(station=chapter.station_id).current().exclude(pk=chapter.pk)
    texts = Revision.objects.in_force().filter(english | danish, chapter__in=others)
    inserted = Wording.objects.filter(worded, contribution__state=Contribution.State.INSERTED)
    contributed = inserted.filter(contribution__passage__chapter__station=chapter.station_id)
    found = {
        *texts.values_list("chapter", flat=True),
        *contributed.values_list("contribution__passage__chapter", flat=True),
    }
    return [title_of(one) for one in Chapter.objects.filter(pk__in=found).current().with_text()]
