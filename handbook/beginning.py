"""A station's handbook begins with the working method's own chapters, in the words of this product.

Its editors change them as any other text. The fixed ones wait for the station head, who agrees to them.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from handbook.chapters.publishing import publish
from handbook.models import LANGUAGES, Chapter, Revision
from officers.models import User
from sectors.models import Station

TEXTS = Path(__file__).parent / "first_text"
FIXED = ("introduction", "strategy")
DYNAMIC = (
    "the-method",
    "sector-responsible-officers",
    "the-target-group",
    "the-sectors",
    "the-task",
    "how-to-perform-the-task",
    "practical-circumstances",
)


@transaction.atomic
def begin(station: Station, *, by: User, now: datetime.datetime | None = None) -> list[Chapter]:
    """Make the first chapters as the editor `by`, in their order; nothing where there are any already.

    The dynamic ones are in force at once, the fixed ones are proposed to the station's head.
    """
    instant = now or timezone.now()
    Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    if station.chapters.exists():
        return []
    return [_chapter(station, slug, place, by, instant) for place, slug in enumerate((*FIXED, *DYNAMIC), 1)]


def _chapter(station: Station, slug: str, place: int, by: User, now: datetime.datetime) -> Chapter:
    kind = Chapter.Kind.FIXED if slug in FIXED else Chapter.Kind.DYNAMIC
    chapter = Chapter.objects.create(station=station, slug=slug, kind=kind, position=place)
    revision = Revision(
        chapter=chapter,
        number=1,
        reason=_("The handbook begins."),
        written_by=by,
        written_at=now,
        **_texts(slug),
    )
    if chapter.is_fixed:
        revision.state = Revision.State.PROPOSED
        revision.save()
    else:
        publish(revision, now=now)
    return chapter


def _texts(slug: str) -> dict[str, str]:
    """Return titles and bodies: the first line of a file is the chapter's title."""
    texts: dict[str, str] = {}
    for language in LANGUAGES:
        title, _nothing, body = (TEXTS / f"{slug}.{language}.md").read_text("utf-8").partition("\n")
        texts |= {f"title_{language}": title.removeprefix("# ").strip(), f"body_{language}": body.strip()}
    return texts
