"""The handbook's chapters as its editors work on them; a fixed one with the station's head.

Each act is a POST; any other request leads to the page it is done from. Who comes second sees what it is now (409).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import shows_nothing_personal
from handbook import beginning
from handbook.chapters import drafting, order, pointing
from handbook.chapters.drafting import ActedMeanwhile
from handbook.forms.chapters import ChapterForm, DraftForm
from handbook.models import Chapter, Contribution, Revision, readable_stations
from handbook.permissions import can_agree_to_chapter, can_edit_handbook
from sectors.models import Station

if TYPE_CHECKING:
    from officers.models import User

METHODS = ["GET", "HEAD", "POST"]


def station_of_editors(request: HttpRequest, slug: str, *, or_head: bool = False) -> Station:
    """Return the station whose handbook the account edits, or heads. Raises Http404 for any other."""
    user = cast("User", request.user)
    station = get_object_or_404(readable_stations(user), slug=slug)
    if can_edit_handbook(user, station) or (or_head and can_agree_to_chapter(user, station)):
        return station
    raise Http404


def chapter_of_editors(request: HttpRequest, station: str, chapter: str, *, or_head: bool = False) -> Chapter:
    """Return the chapter, for whom may work on it. Raises Http404."""
    found = station_of_editors(request, station, or_head=or_head)
    return get_object_or_404(found.chapters.select_related("station"), slug=chapter)


# --- The chapters -------------------------------------------------------------------------------


@require_safe
@shows_nothing_personal
def editing(request: HttpRequest, station: str) -> HttpResponse:
    """List the chapters in their order, what is being written, and what waits for the station's head."""
    return editing_page(request, station_of_editors(request, station, or_head=True))


def editing_page(
    request: HttpRequest, station: Station, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    user = cast("User", request.user)
    chapters = list(station.chapters.with_text().order_by("position"))
    unpublished = Revision.objects.unpublished().filter(chapter__station=station)
    drafts = {draft.chapter_id: draft for draft in unpublished.select_related("written_by")}
    current = [chapter for chapter in chapters if chapter.left_out_at is None]
    context: dict[str, Any] = {
        "station": station,
        "rows": [_row(chapter, place, current, drafts) for place, chapter in enumerate(current, 1)],
        "left_out": [_row(chapter, 0, [], drafts) for chapter in chapters if chapter.left_out_at],
        "seen": order.seen(current),
        "can_edit": can_edit_handbook(user, station),
        "can_agree": can_agree_to_chapter(user, station),
        "refusal": refusal,
    }
    context["waiting"] = [
        row for row in context["rows"] if row["draft"] and row["draft"].state == Revision.State.PROPOSED
    ]
    return render(request, "handbook/editing.html", context, status=status)


def _row(chapter: Chapter, place: int, current: list[Chapter], drafts: dict[int, Revision]) -> dict[str, Any]:
    """Return what the list says of a chapter; it moves where its neighbour is no fixed one."""
    draft = drafts.get(chapter.pk)
    newest = chapter.text or draft
    above = current[place - 2] if place > 1 else None
    below = current[place] if 0 < place < len(current) else None
    return {
        "chapter": chapter,
        "place": place,
        "title": newest.title if newest and newest.title else None,
        "text": chapter.text,
        "draft": draft,
        "moves_up": not chapter.is_fixed and above is not None and not above.is_fixed,
        "moves_down": not chapter.is_fixed and below is not None and not below.is_fixed,
    }


@require_http_methods(METHODS)
@shows_nothing_personal
def begin(request: HttpRequest, station: str) -> HttpResponse:
    """Begin the handbook with the working method's own chapters."""
    found = station_of_editors(request, station)
    if request.method == "POST" and beginning.begin(found, by=cast("User", request.user)):
        messages.success(
            request,
            _("The handbook has begun. Introduction and strategy are fixed: they wait for the station head."),
        )
    return redirect("handbook:handbook_editing", found.slug)


@require_http_methods(METHODS)
@shows_nothing_personal
def create(request: HttpRequest, station: str) -> HttpResponse:
    """Begin a chapter, always a dynamic one, at the end."""
    found, user = station_of_editors(request, station), cast("User", request.user)
    if request.method == "POST":
        order.hold(found)  # so that of two who begin the same chapter the second is told
    form = ChapterForm(request.POST if request.method == "POST" else None, station=found)
    if form.is_bound and form.is_valid():
        chapter = order.begin_chapter(found, by=user, **form.cleaned_data)
        messages.success(
            request, _("The chapter stands at the end. Readers see it once its text is published.")
        )
        return redirect("handbook:revision_update", found.slug, chapter.slug)
    if form.is_bound and (begun := order.begun_already(found, by=user, **_titles(form))):
        return redirect("handbook:revision_update", found.slug, begun.slug)
    context = {"station": found, "form": form}
    return render(request, "handbook/chapter_create.html", context, status=422 if form.errors else 200)


def _titles(form: ChapterForm) -> dict[str, str]:
    return {name: form.cleaned_data.get(name, "") for name in ("title_en", "title_da")}


@require_http_methods(METHODS)
@shows_nothing_personal
def move(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Let a dynamic chapter change places with the one above or below."""
    found = chapter_of_editors(request, station, chapter)
    if request.method == "POST":
        direction = order.UP if request.POST.get("direction") == order.UP else order.DOWN
        try:
            order.move(found, direction, as_seen=request.POST.get("seen", ""))
        except ActedMeanwhile:
            return late_page(request, found.station)
        except order.NotPossible as refusal:
            return editing_page(request, found.station, status=422, refusal=str(refusal))
        messages.success(request, _("Moved: %(chapter)s.") % {"chapter": pointing.title_of(found)})
    return redirect("handbook:handbook_editing", found.station.slug)


def late_page(request: HttpRequest, station: Station) -> HttpResponse:
    """Answer who comes second with the chapters as they are now."""
    refusal = _("Nothing was done: somebody else was quicker. Below is how it is now.")
    return editing_page(request, station, status=409, refusal=refusal)


@require_http_methods(METHODS)
@shows_nothing_personal
def leave_out(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Take a dynamic chapter out of the handbook; say what that leaves behind."""
    found = chapter_of_editors(request, station, chapter)
    if request.method == "POST":
        try:
            order.leave_out(found)
        except order.NotPossible as refusal:
            return editing_page(request, found.station, status=422, refusal=str(refusal))
        messages.success(request, _left_out(found))
    return redirect("handbook:handbook_editing", found.station.slug)


def _left_out(chapter: Chapter) -> str:
    """Return what is said when it is done: what stays with it, and which links lead to nothing now."""
    sentences = [
        _("Left out: %(chapter)s. You can take it in again.") % {"chapter": pointing.title_of(chapter)}
    ]
    if count := Contribution.objects.open().filter(passage__chapter=chapter).count():
        stays = ngettext(
            "%(count)d open contribution stays with it.", "%(count)d open contributions stay with it.", count
        )
        sentences.append(stays % {"count": count})
    anchors = set(chapter.passages.filter(left_at=None).values_list("anchor", flat=True))
    if linking := pointing.chapters_linking_to(chapter, anchors):
        sentences.append(
            _("Links to it lead to nothing now; they stand in: %(chapters)s.")
            % {"chapters": ", ".join(linking)}
        )
    return " ".join(sentences)


@require_http_methods(METHODS)
@shows_nothing_personal
def take_in(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Put a chapter that was left out at the end of the handbook again."""
    found = chapter_of_editors(request, station, chapter)
    if request.method == "POST":
        try:
            order.take_in(found)
        except order.NotPossible as refusal:
            return editing_page(request, found.station, status=422, refusal=str(refusal))
        messages.success(
            request,
            _("In the handbook again, at the end: %(chapter)s.") % {"chapter": pointing.title_of(found)},
        )
    return redirect("handbook:handbook_editing", found.station.slug)


# --- The next text ------------------------------------------------------------------------------


@require_http_methods(METHODS)
@shows_nothing_personal
def draft(request: HttpRequest, station: str, chapter: str) -> HttpResponse:
    """Write the chapter's next text; 409 where somebody else saved another one meanwhile. A GET writes nothing."""
    found = chapter_of_editors(request, station, chapter)
    if request.method == "POST":
        found = drafting.hold(found)
    before = drafting.next_text(found)
    is_begun, state, title = before.pk is not None, before.state, str(before.title)
    form = DraftForm(request.POST if request.method == "POST" else None, instance=before)
    if form.is_bound and form.is_valid():
        drafting.save(form.save(commit=False), by=cast("User", request.user))
        messages.success(request, _("Saved as a draft. Below is what readers would see."))
        return redirect("handbook:revision_preview", found.station.slug, found.slug)
    context = {
        "station": found.station,
        "chapter": found,
        "title": title or found.slug,
        "draft": before if is_begun else None,
        "is_proposed": state == Revision.State.PROPOSED,
        "form": form,
    }
    return render(request, "handbook/revision_update.html", context, status=form.refusal_status)
