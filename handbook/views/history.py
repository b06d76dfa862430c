"""A chapter's revisions, and what changed between two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from audit.reads import shows_nothing_personal
from handbook.chapters import difference as differences
from handbook.chapters.rendering import blocks, linking
from handbook.models import LANGUAGES, Chapter, Revision, reading_language

if TYPE_CHECKING:
    from officers.models import User

ROWS_PER_PAGE = 30
# The largest number that is asked for: what is larger is no revision's.
HIGHEST = 2**31 - 1


def _chapter(request: HttpRequest, station: str, chapter: str) -> Chapter:
    """Return the chapter of a handbook that the account reads, one that was left out too. Raises Http404."""
    chapters = Chapter.objects.visible_to(cast("User", request.user)).select_related("station")
    return get_object_or_404(chapters.with_text(), station__slug=station, slug=chapter)


def _revision(chapter: Chapter, number: int) -> Revision:
    revisions = chapter.revisions.published().select_related("written_by", "agreed_by")
    return get_object_or_404(revisions, number=min(number, HIGHEST))


@require_safe
@shows_nothing_personal
def history(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """List what readers have had: when, by whom, why."""
    found = _chapter(request, station, chapter)
    revisions = found.revisions.published().select_related("written_by", "agreed_by")
    page = Paginator(revisions, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    first = found.revisions.published().values_list("number", flat=True).last()
    context = {**_of(found), "page": page, "revisions": page.object_list, "first": first}
    return render(request, "handbook/chapter_history.html", context)


def _of(chapter: Chapter) -> dict[str, Any]:
    text = chapter.text or chapter.revisions.published().first()
    return {"station": chapter.station, "chapter": chapter, "title": text.title if text else chapter.slug}


@require_safe
@shows_nothing_personal
def revision(request: HttpRequest, station: str, chapter: str, number: int) -> HttpResponse:
    """Show the chapter as it was."""
    found = _chapter(request, station, chapter)
    shown = _revision(found, number)
    context = {
        **_of(found),
        "revision": shown,
        "blocks": blocks(shown.body.text, linking(found.station.slug)),
        "before": _before(found, shown),
    }
    return render(request, "handbook/revision_detail.html", context)


def _before(chapter: Chapter, shown: Revision) -> Revision | None:
    return chapter.revisions.published().filter(number__lt=shown.number).first()


@require_safe
@shows_nothing_personal
def difference(request: HttpRequest, station: str, chapter: str, number: int) -> HttpResponse:
    """Show what changed between the revision and the one before it, or the one that `?to=` names."""
    found = _chapter(request, station, chapter)
    one = _revision(found, number)
    asked = request.GET.get("to", "")
    other = _revision(found, int(asked)) if _is_number(asked) else _before(found, one)
    if other is not None and other.number > one.number:
        one, other = other, one
    language = _language(request.GET.get("language", ""), one, other)
    context = {
        **_of(found),
        "revision": one,
        "before": other,
        "language": language,
        "difference": _difference(one, other, language),
        "languages": _languages(one, other, language),
        "all": found.revisions.published().only("number", "published_at", "chapter"),
    }
    return render(request, "handbook/revision_difference.html", context)


def _is_number(asked: str) -> bool:
    return asked.isascii() and asked.isdecimal() and len(asked) < 10


def _language(asked: str, one: Revision, other: Revision | None) -> str:
    """Return the language asked for, else the reader's, where one of the texts is in it; else the other one."""
    wanted = asked if asked in LANGUAGES else reading_language()
    rows = [row for row in (one, other) if row is not None]
    if any(getattr(row, f"body_{wanted}") for row in rows):
        return wanted
    return "en" if wanted == "da" else "da"


def _difference(one: Revision, other: Revision | None, language: str) -> differences.Difference:
    title, body = f"title_{language}", f"body_{language}"
    before = (getattr(other, body), getattr(other, title)) if other else ("", "")
    return differences.difference(before[0], getattr(one, body), titles=(before[1], getattr(one, title)))


def _languages(one: Revision, other: Revision | None, shown: str) -> list[dict[str, Any]]:
    """Return the languages that there is a text in, each with whether it is the one shown."""
    rows = [row for row in (one, other) if row is not None]
    has = [code for code in LANGUAGES if any(getattr(row, f"body_{code}") for row in rows)]
    return [
        {"code": code, "name": get_language_info(code)["name_translated"], "is_shown": code == shown}
        for code in has
    ]
